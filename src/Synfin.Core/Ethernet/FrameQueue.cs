using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>The short frames of an interface's own that wait for the link, in one ring of slots: it never grows.</summary>
internal sealed class FrameQueue(int capacity)
{
    /// <summary>The most octets of a frame.</summary>
    public const int SlotSize = 128;

    private readonly byte[] _slots = new byte[capacity * SlotSize];
    private readonly byte[] _lengths = new byte[capacity];
    private int _head;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no room.</summary>
    public bool IsFull => Count == capacity;

    /// <summary>Where the IP or ARP packet of the next frame is to be written.</summary>
    public Span<byte> Payload => _slots.AsSpan(SlotAt(Count) * SlotSize + EthernetHeader.Length, SlotSize - EthernetHeader.Length);

    /// <summary>The packet has been written to <see cref="Payload"/>.</summary>
    public void Add(in EthernetHeader header, int payload)
    {
        Debug.Assert(!IsFull, "the caller has asked");
        int slot = SlotAt(Count++);
        header.WriteTo(_slots.AsSpan(slot * SlotSize));
        _lengths[slot] = (byte)(EthernetHeader.Length + payload);
    }

    /// <summary>Sends what waits; false if the link was full.</summary>
    public bool Output(ILink link, EthernetCounters counters)
    {
        while (Count > 0)
        {
            Span<byte> frame = _slots.AsSpan(_head * SlotSize, _lengths[_head]);
            var packet = new OutboundPacket { Header = frame, TransportOffset = EthernetHeader.Length, WireSegments = 1 };
            if (!link.Transmit(in packet)) return false;
            counters.FramesSent++;
            _head = SlotAt(1);
            Count--;
        }
        return true;
    }

    private int SlotAt(int offset) => (_head + offset) % capacity;
}
