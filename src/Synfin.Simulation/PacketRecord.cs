using Synfin.Simulation.Packets;
using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>Something that happened to a packet.</summary>
/// <param name="Time">When.</param>
/// <param name="Fate">What.</param>
/// <param name="Host">The host that sent it or got it; for a loss, the sender.</param>
/// <param name="Packet">The packet.</param>
/// <param name="Reason">Why it was lost; else empty.</param>
public sealed record PacketRecord(Timestamp Time, PacketFate Fate, string Host, SimulatedPacket Packet, string Reason)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string why = Reason.Length > 0 ? ": " + Reason : "";
        return $"{Time} {Host} {Fate.ToString().ToLowerInvariant()} {PacketText.Describe(Packet.Octets.Span)}{why}";
    }
}
