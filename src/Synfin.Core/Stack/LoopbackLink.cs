using System.Collections.Generic;

namespace Synfin.Stack;

/// <summary>
/// The way from the stack to itself: packets wait here for the next turn, at most so many, and nothing can go wrong with them.
/// </summary>
internal sealed class LoopbackLink(int limit) : ILink
{
    private const int MaxPacket = 65_535;

    private readonly Queue<(byte[] Packet, int Length, int WireSegments)> _waiting = new();
    private readonly Stack<byte[]> _free = new();

    public int Mtu => MaxPacket;

    public LinkOffloads Offloads => LinkOffloads.TransmitChecksum;

    public int MaxSuperSegment => 0;

    public int Count => _waiting.Count;

    public bool Transmit(in OutboundPacket packet)
    {
        if (_waiting.Count >= limit) return false;
        if (!_free.TryPop(out byte[]? buffer)) buffer = GC.AllocateUninitializedArray<byte>(MaxPacket);
        _waiting.Enqueue((buffer, packet.CopyTo(buffer), packet.WireSegments));
        return true;
    }

    public ReadOnlySpan<byte> Peek(out int wireSegments)
    {
        (byte[] packet, int length, wireSegments) = _waiting.Peek();
        return packet.AsSpan(0, length);
    }

    public void Dequeue() => _free.Push(_waiting.Dequeue().Packet);
}
