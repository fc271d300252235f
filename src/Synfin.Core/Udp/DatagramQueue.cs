using Synfin.Buffers;
using Synfin.Wire;

namespace Synfin.Udp;

/// <summary>A datagram in a <see cref="DatagramQueue"/>; its octets are in the queue's pages.</summary>
internal struct QueuedDatagram
{
    public InternetAddress LocalAddress;
    public InternetAddress RemoteAddress;
    public ushort RemotePort;
    public ushort Length;
    public byte TrafficClass;
    public byte TimeToLive;
}

/// <summary>
/// Datagrams in order: their octets one behind the other in pages of the stack's pool, so that small ones share a page, and a ring of what
/// is known about them, which grows to the limit and is kept. An empty queue holds no page.
/// </summary>
/// <param name="maxDatagrams">How many datagrams it takes.</param>
/// <param name="maxOctets">How many octets it takes.</param>
internal sealed class DatagramQueue(int maxDatagrams, int maxOctets)
{
    private const int FirstCapacity = 4;

    private QueuedDatagram[] _ring = [];
    private PagedBuffer _octets;
    private int _head;

    public int Count { get; private set; }

    public int Octets => _octets.Length;

    public int PagesHeld => _octets.PagesHeld;

    /// <summary>Whether a datagram of so many octets is within both limits.</summary>
    public bool HasRoom(int octets) => Count < maxDatagrams && octets <= maxOctets - _octets.Length;

    /// <summary>Takes a datagram that <see cref="HasRoom"/> has admitted.</summary>
    /// <returns>False, and nothing was changed, if there are not enough pages.</returns>
    public bool TryEnqueue(PagePool pages, in QueuedDatagram datagram, ReadOnlySpan<byte> data)
    {
        Debug.Assert(HasRoom(data.Length) && datagram.Length == data.Length, "the limits are checked before");
        if (!_octets.TryWriteAt(pages, _octets.Length, data)) return false;
        _octets.CommitTo(_octets.Length + data.Length);
        if (Count == _ring.Length) Grow();
        _ring[(_head + Count) & (_ring.Length - 1)] = datagram;
        Count++;
        return true;
    }

    /// <summary>The oldest datagram and its octets, valid until the next call.</summary>
    public ref readonly QueuedDatagram Peek(out TextSlices data)
    {
        Debug.Assert(Count > 0, "there is one");
        ref QueuedDatagram first = ref _ring[_head];
        data = _octets.Slice(0, first.Length);
        return ref first;
    }

    /// <summary>Removes the oldest datagram.</summary>
    public void Dequeue(PagePool pages)
    {
        Debug.Assert(Count > 0, "there is one");
        _octets.Discard(pages, _ring[_head].Length);
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
    }

    /// <summary>Forgets all datagrams, and gives the pages and the ring back.</summary>
    public void Clear(PagePool pages)
    {
        _octets.Clear(pages);
        _ring = [];
        _head = 0;
        Count = 0;
    }

    /// <exception cref="InvalidOperationException">What is known and what is there do not agree, or a limit is exceeded.</exception>
    public void CheckInvariants()
    {
        int sum = 0;
        for (int i = 0; i < Count; i++) sum += _ring[(_head + i) & (_ring.Length - 1)].Length;
        if (sum != _octets.Length) throw new InvalidOperationException($"datagrams of {sum} octets lie in {_octets.Length}");
        if (Count > maxDatagrams || sum > maxOctets) throw new InvalidOperationException("a queue of datagrams is beyond its limits");
        if (sum == 0 && PagesHeld > 0) throw new InvalidOperationException("a queue without octets holds pages");
    }

    private void Grow()
    {
        var ring = new QueuedDatagram[Math.Max(FirstCapacity, _ring.Length * 2)];
        for (int i = 0; i < Count; i++) ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = ring;
        _head = 0;
    }
}
