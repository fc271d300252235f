using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>Shows a tap what a source hands out, as a wire would have carried it.</summary>
internal sealed class TappedSource(IPacketSource inner, PacketTap tap, bool ethernet, Func<Timestamp> now) : IPacketSource
{
    private readonly WireImage _image = new(ethernet);

    public bool TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata)
    {
        if (!inner.TryRead(out packet, out metadata)) return false;
        foreach (ReadOnlySpan<byte> frame in _image.Of(packet, metadata)) tap(now(), outbound: false, frame);
        return true;
    }
}
