using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>Shows a tap what a link took. The tap wants packets in one piece, so this copies; without a tap nothing does.</summary>
internal sealed class TappedLink(ILink inner, PacketTap tap, Func<Timestamp> now) : ILink
{
    private readonly byte[] _packet = new byte[TunDevice.MaxMtu];

    public int Mtu => inner.Mtu;

    public LinkOffloads Offloads => inner.Offloads;

    public int MaxSuperSegment => inner.MaxSuperSegment;

    public bool Transmit(in OutboundPacket packet)
    {
        if (!inner.Transmit(packet)) return false;
        int length = packet.CopyTo(_packet);
        tap(now(), outbound: true, _packet.AsSpan(0, length));
        return true;
    }
}
