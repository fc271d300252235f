using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>An IP packet on its way. Its octets never change: who alters a packet makes another one.</summary>
public sealed class SimulatedPacket
{
    internal SimulatedPacket(string sender, InternetAddress destination, byte[] octets, int wireSegments)
    {
        Sender = sender;
        Destination = destination;
        Octets = octets;
        WireSegments = wireSegments;
    }

    /// <summary>The name of the host that sent it.</summary>
    public string Sender { get; }

    /// <summary>Where it goes.</summary>
    public InternetAddress Destination { get; }

    /// <summary>The packet, IP header first, with finished checksums.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>How many segments on the wire it stands for; more than 1 only on links with offloads.</summary>
    public int WireSegments { get; }

    /// <summary>Its number in the ladder, or -1.</summary>
    internal int LadderId { get; set; } = -1;

    /// <summary>Whether a bit was flipped on the way.</summary>
    internal bool IsDamaged { get; init; }

    /// <summary>The same packet with other octets: addresses stay as they are.</summary>
    public SimulatedPacket With(byte[] octets, int wireSegments = 1)
    {
        ArgumentNullException.ThrowIfNull(octets);
        return new SimulatedPacket(Sender, Destination, octets, wireSegments) { LadderId = LadderId, IsDamaged = IsDamaged };
    }
}
