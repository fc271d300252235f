using System.Collections.Generic;
using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>The packets of an interface that wait for neighbours, and those that waited and may go: bounded in number and octets.</summary>
internal sealed class WaitingPackets(int maxPackets, int maxOctets)
{
    private readonly Stack<byte[]> _freePages = new();
    private readonly Stack<WaitingPacket> _free = new();
    private readonly Queue<WaitingPacket> _ready = new();

    /// <summary>How many wait or are ready.</summary>
    public int Count { get; private set; }

    /// <summary>Their octets.</summary>
    public int Octets { get; private set; }

    /// <summary>How many may go.</summary>
    public int ReadyCount => _ready.Count;

    /// <summary>Takes a copy of the packet for a neighbour; false if a limit forbids it.</summary>
    public bool TryAdd(Neighbor neighbor, in OutboundPacket packet)
    {
        int pages = WaitingPacket.PagesFor(packet.Text.Length);
        int octets = EthernetHeader.Length + packet.Header.Length + pages * PagePool.PageSize;
        if (Count >= maxPackets || octets > maxOctets - Octets) return false;
        if (!_free.TryPop(out WaitingPacket? waiting)) waiting = new WaitingPacket();
        waiting.Fill(in packet, TakePage);
        Count++;
        Octets += waiting.Octets;
        if (neighbor.LastWaiting is { } last) last.Next = waiting;
        else neighbor.FirstWaiting = waiting;
        neighbor.LastWaiting = waiting;
        neighbor.WaitingCount++;
        return true;
    }

    /// <summary>Takes the packet that waits longest for a neighbour; it is the caller's to release.</summary>
    public static WaitingPacket? Take(Neighbor neighbor)
    {
        if (neighbor.FirstWaiting is not { } first) return null;
        neighbor.FirstWaiting = first.Next;
        if (first.Next is null) neighbor.LastWaiting = null;
        first.Next = null;
        neighbor.WaitingCount--;
        return first;
    }

    /// <summary>A packet may go.</summary>
    public void MakeReady(WaitingPacket packet) => _ready.Enqueue(packet);

    /// <summary>Sends what may go; false if the link was full.</summary>
    public bool Output(ILink link, EthernetCounters counters)
    {
        while (_ready.TryPeek(out WaitingPacket? packet))
        {
            OutboundPacket frame = packet.Frame();
            if (!link.Transmit(in frame)) return false;
            counters.FramesSent++;
            Release(_ready.Dequeue());
        }
        return true;
    }

    /// <summary>Forgets a packet.</summary>
    public void Release(WaitingPacket packet)
    {
        Count--;
        Octets -= packet.Octets;
        int pages = packet.PageCount;
        for (int i = 0; i < pages; i++)
        {
            _freePages.Push(packet.Pages[i]!);
            packet.Pages[i] = null;
        }
        _free.Push(packet);
    }

    // Pinned, like all pages: links hand their addresses to the system.
    private byte[] TakePage() =>
        _freePages.TryPop(out byte[]? page) ? page : GC.AllocateUninitializedArray<byte>(PagePool.PageSize, pinned: true);
}
