using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>A device's packets for a shard, through one buffer.</summary>
internal sealed class TunPacketSource(TunDevice device, PacketTap? tap, Func<Timestamp> now) : IPacketSource
{
    // Pinned, so that the garbage collector never has to walk around it during a read.
    private readonly byte[] _packet = GC.AllocateUninitializedArray<byte>(TunDevice.MaxMtu, pinned: true);

    public bool TryRead(out ReadOnlySpan<byte> packet, out ReceiveMetadata metadata)
    {
        int length = device.Read(_packet);
        packet = _packet.AsSpan(0, length);
        metadata = default;
        if (length == 0) return false;
        tap?.Invoke(now(), outbound: false, packet);
        return true;
    }
}
