using Synfin.Simulation.Packets;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>
/// What a host's stack sends through: all of its links as one. It never refuses a packet; a full queue on the way loses it, as a router's
/// does.
/// </summary>
internal sealed class HostInterface(SimulatedHost host, Action<SimulatedPacket> emit) : ILink
{
    private const int MaxIpPacket = 65_535;

    // Room for the longest headers beside it in one IP packet.
    private const int LongestHeaders = 120;

    /// <summary>Resets go nowhere now.</summary>
    public bool DropsResets { get; set; }

    /// <summary>The smallest of the links' MTUs.</summary>
    public int Mtu
    {
        get
        {
            int mtu = MaxIpPacket;
            foreach (LinkPath path in host.Paths) mtu = Math.Min(mtu, path.Options.Mtu);
            return mtu;
        }
    }

    public LinkOffloads Offloads => host.Paths.Count > 0 && host.Paths[0].Options.Offloads
        ? LinkOffloads.Segmentation | LinkOffloads.TransmitChecksum
        : LinkOffloads.None;

    public int MaxSuperSegment => MaxIpPacket - LongestHeaders;

    public bool Transmit(in OutboundPacket packet)
    {
        byte[] octets = new byte[packet.Length];
        packet.CopyTo(octets);
        if (packet.ChecksumPartial) Checksums.CompleteTcp(octets, packet.TransportOffset);
        bool isIp = PacketView.TryParse(octets, out PacketView view);
        System.Diagnostics.Debug.Assert(isIp, "a stack sends whole IP packets");
        if (DropsResets && view.IsTcp && view.Has(TcpFlags.Rst)) return true;
        emit(new SimulatedPacket(host.Name, view.Destination, octets, Math.Max(1, packet.WireSegments)));
        return true;
    }
}
