using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>Shows a tap what a queue delivers, as it may have been on a wire.</summary>
internal sealed class TunPacketSource(TunQueue queue, PacketTap tap, Func<Timestamp> now) : IPacketSource
{
    private readonly WireImage _image = new();

    public bool TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata)
    {
        if (!queue.TryRead(out packet, out metadata)) return false;
        foreach (ReadOnlySpan<byte> frame in _image.Of(packet, metadata)) tap(now(), outbound: false, frame);
        return true;
    }
}
