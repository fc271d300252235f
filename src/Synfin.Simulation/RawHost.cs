using Synfin.Runtime;
using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>A host without a TCP, for peers that a test plays itself: it sends what it is told and keeps what it gets.</summary>
public sealed class RawHost : SimulatedEndpoint
{
    private readonly List<PacketRecord> _inbox = [];

    internal RawHost(SimulatedNetwork network, string name, IEnumerable<InternetAddress> addresses)
        : base(network, name, addresses)
    {
    }

    /// <summary>What arrived, in order.</summary>
    public IReadOnlyList<PacketRecord> Inbox => _inbox;

    /// <summary>Called for each packet that arrives, for answers; null for nobody.</summary>
    public Action<SimulatedPacket>? Received { get; set; }

    /// <summary>Sends an IP packet; see <see cref="RawSegment"/>. Copied.</summary>
    /// <exception cref="ArgumentException">It is no IP packet, so nobody knows where it goes.</exception>
    public void Send(ReadOnlySpan<byte> ipPacket)
    {
        using StackGate.Visit visit = Network.Enter(nameof(Send));
        if (!PacketView.TryParse(ipPacket, out PacketView view)) throw new ArgumentException("this is no IP packet", nameof(ipPacket));
        Emit(new SimulatedPacket(Name, view.Destination, ipPacket.ToArray(), wireSegments: 1));
    }

    internal override void Receive(SimulatedPacket packet)
    {
        Network.RecordDelivered(packet, this);
        _inbox.Add(new PacketRecord(Network.Now, PacketFate.Delivered, Name, packet, ""));
        Received?.Invoke(packet);
    }
}
