using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Linux.Tests.Support;

/// <summary>Says which packet is meant.</summary>
internal delegate bool PacketPredicate(ReadOnlySpan<byte> packet);

/// <summary>Reads from devices.</summary>
internal static class Queues
{
    private static readonly Duration _patience = Duration.FromSeconds(20);

    /// <summary>The next packet that is wanted: what the kernel says of its own (router solicitations) is passed over.</summary>
    public static byte[] ReadUntil(TunDevice device, PacketPredicate wanted) => ReadUntil(device, wanted, out _, out _);

    /// <summary>The same, with what the link knows about the packet, and the place of its queue.</summary>
    public static byte[] ReadUntil(TunDevice device, PacketPredicate wanted, out ReceiveMetadata metadata, out int queue)
    {
        using var wait = new EpollWait(device.Queues);
        Timestamp limit = MonotonicClock.Now() + _patience;
        while (MonotonicClock.Now() < limit)
        {
            for (queue = 0; queue < device.Queues.Count; queue++)
            {
                while (device.Queues[queue].TryRead(out ReadOnlySpan<byte> packet, out metadata))
                    if (wanted(packet)) return packet.ToArray();
            }
            wait.Wait(MonotonicClock.Now(), limit, forRoom: false);
        }
        throw new TimeoutException("the packet never came");
    }
}
