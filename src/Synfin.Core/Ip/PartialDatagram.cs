using Synfin.Buffers;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>What a fragment meant to the datagram that it is a part of.</summary>
internal enum FragmentVerdict : byte
{
    /// <summary>It was kept.</summary>
    Kept,

    /// <summary>It was there already, octet for octet.</summary>
    Duplicate,

    /// <summary>It was the last one that was missing.</summary>
    Complete,

    /// <summary>It contradicts another one, or there are too many: the datagram must not be used.</summary>
    Contradiction,

    /// <summary>There are no pages for it.</summary>
    NoMemory,
}

/// <summary>
/// A datagram of which fragments have come: their octets in pages, and their ranges in order, so that a new one is placed by bisection.
/// Ranges never overlap (RFC 5722), so their lengths tell when nothing is missing.
/// </summary>
internal sealed class PartialDatagram
{
    private const int FirstCapacity = 4;

    private (int Start, int End)[] _ranges = new (int, int)[FirstCapacity];
    private PagedBuffer _octets;
    private int _count;
    private int _received;
    private int _total = -1;

    public InternetAddress Source { get; private set; }

    public InternetAddress Destination { get; private set; }

    public uint Identification { get; private set; }

    /// <summary>The protocol: over IPv4 a part of the datagram's name, over IPv6 what the first fragment says.</summary>
    public byte Protocol { get; set; }

    /// <summary>The first fragment's.</summary>
    public byte TimeToLive { get; set; }

    /// <summary>The first fragment's.</summary>
    public byte TrafficClass { get; set; }

    /// <summary>Which of the four ECN fields came, one bit each (RFC 3168 5.3).</summary>
    public int EcnSeen { get; set; }

    public Timestamp Deadline { get; private set; }

    /// <summary>It will never be whole: kept without octets, so that what is still under way is discarded too (RFC 5722 4).</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The octets of the first fragment; 0 until it is there.</summary>
    public int FirstLength => _count > 0 && _ranges[0].Start == 0 ? _ranges[0].End : 0;

    /// <summary>The octets of the whole; only meaningful once it is complete.</summary>
    public int Total => _total;

    public int PagesHeld => _octets.PagesHeld;

    public void Begin(in IpHeader ip, uint identification, Timestamp deadline)
    {
        Source = ip.Source;
        Destination = ip.Destination;
        Protocol = ip.Protocol;
        Identification = identification;
        Deadline = deadline;
        (EcnSeen, IsRefused, _count, _received, _total) = (0, false, 0, 0, -1);
    }

    public bool Is(in IpHeader ip, uint identification) =>
        Identification == identification && Source == ip.Source && Destination == ip.Destination
            && (Protocol == ip.Protocol || ip.Version == 6);

    /// <summary>Takes the octets from <paramref name="start"/> on; a datagram has <paramref name="most"/> fragments at most.</summary>
    public FragmentVerdict Add(PagePool pages, int start, ReadOnlySpan<byte> octets, bool more, int most)
    {
        int end = start + octets.Length;
        int at = PlaceOf(start);
        bool known = at < _count && _ranges[at] == (start, end);
        bool knownAsLast = known && end == _total;
        if (known) return more != knownAsLast && _octets.HoldsAt(start, octets) ? FragmentVerdict.Duplicate : FragmentVerdict.Contradiction;
        bool overlaps = (at > 0 && _ranges[at - 1].End > start) || (at < _count && _ranges[at].Start < end);
        bool beyondTheEnd = _total >= 0 && (!more || end > _total);
        bool endsTooEarly = !more && at < _count;
        if (overlaps || beyondTheEnd || endsTooEarly || _count >= most) return FragmentVerdict.Contradiction;
        if (!_octets.TryWriteAt(pages, start, octets)) return FragmentVerdict.NoMemory;
        Insert(at, (start, end));
        _received += octets.Length;
        if (!more) _total = end;
        return _received == _total ? FragmentVerdict.Complete : FragmentVerdict.Kept;
    }

    /// <summary>Copies the start of the datagram, of which nothing may be missing.</summary>
    public void CopyTo(Span<byte> destination)
    {
        _octets.CommitTo(Math.Max(_octets.Length, destination.Length));
        _octets.CopyTo(0, destination);
    }

    public void Refuse(PagePool pages)
    {
        Clear(pages);
        IsRefused = true;
    }

    public void Clear(PagePool pages)
    {
        _octets.Clear(pages);
        _count = 0;
    }

    private int PlaceOf(int start)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_ranges[middle].Start < start) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private void Insert(int at, (int Start, int End) range)
    {
        if (_count == _ranges.Length) Array.Resize(ref _ranges, _count * 2);
        _ranges.AsSpan(at, _count - at).CopyTo(_ranges.AsSpan(at + 1));
        _ranges[at] = range;
        _count++;
    }
}
