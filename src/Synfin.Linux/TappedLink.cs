using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>Shows a tap what a link took. The tap wants packets in one piece, so this copies; without a tap nothing does.</summary>
internal sealed class TappedLink(ILink inner, PacketTap tap, bool ethernet, Func<Timestamp> now) : ILink
{
    private readonly WireImage _image = new(ethernet);

    public int Mtu => inner.Mtu;

    public LinkOffloads Offloads => inner.Offloads;

    public int MaxSuperSegment => inner.MaxSuperSegment;

    public bool Transmit(in OutboundPacket packet)
    {
        if (!inner.Transmit(packet)) return false;
        foreach (ReadOnlySpan<byte> frame in _image.Of(packet)) tap(now(), outbound: true, frame);
        return true;
    }
}
