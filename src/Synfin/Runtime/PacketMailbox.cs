using System.Buffers;
using Synfin.Stack;

namespace Synfin.Runtime;

/// <summary>
/// Packets that arrived at one shard and belong to another. That is the exception (the kernel learns which queue a flow is written to), so
/// they are copied, at a lock.
/// </summary>
internal sealed class PacketMailbox
{
    /// <summary>The most packets that wait; beyond it they are lost.</summary>
    public const int MaxPackets = 1_024;

    /// <summary>The most octets that wait; beyond it packets are lost.</summary>
    public const int MaxOctets = 4 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<(byte[] Packet, int Length, int Interface, ReceiveMetadata Metadata)> _packets = new();
    private int _octets;
    private byte[]? _taken;
    private long _lost;
    private volatile int _count;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Packets that did not fit.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Leaves a copy of a packet, on any thread.</summary>
    /// <returns>False if there was no room.</returns>
    public bool TryPost(ReadOnlySpan<byte> packet, int onInterface, ReceiveMetadata metadata)
    {
        lock (_lock)
        {
            if (_count >= MaxPackets || _octets + packet.Length > MaxOctets)
            {
                _lost++;
                return false;
            }
            byte[] copy = ArrayPool<byte>.Shared.Rent(packet.Length);
            packet.CopyTo(copy);
            _packets.Enqueue((copy, packet.Length, onInterface, metadata));
            _octets += packet.Length;
            _count++;
            return true;
        }
    }

    /// <summary>Takes the oldest packet, which is borrowed until the next call.</summary>
    public bool TryTake(out ReadOnlySpan<byte> packet, out int onInterface, out ReceiveMetadata metadata)
    {
        if (_taken is not null) ArrayPool<byte>.Shared.Return(_taken);
        _taken = null;
        packet = default;
        onInterface = 0;
        metadata = default;
        if (_count == 0) return false;
        lock (_lock)
        {
            (_taken, int length, onInterface, metadata) = _packets.Dequeue();
            packet = _taken.AsSpan(0, length);
            _octets -= length;
            _count--;
            return true;
        }
    }
}
