using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// A set of sequence numbers as half-open ranges, sorted, disjoint and not adjacent: what arrived out of order, or what the peer reported
/// by SACK. All of it lies within 2^31 (RFC 9293 3.4), so that its order is well defined. Nothing is allocated before the first range.
/// </summary>
internal struct SequenceRanges
{
    private const int FirstCapacity = 4;

    private SackBlock[]? _ranges;
    private int _octets;
    private ushort _count;

    /// <summary>How many ranges.</summary>
    public readonly int Count => _count;

    /// <summary>How many octets all ranges cover.</summary>
    public readonly int Octets => _octets;

    /// <summary>The range at an index, in the order of the sequence space.</summary>
    public readonly SackBlock this[int i]
    {
        get
        {
            Debug.Assert((uint)i < _count);
            return _ranges![i];
        }
    }

    /// <summary>Adds [<paramref name="left"/>, <paramref name="right"/>), merging it with the ranges it overlaps or touches.</summary>
    /// <param name="left">The first number.</param>
    /// <param name="right">The number after the last; after <paramref name="left"/>.</param>
    /// <param name="limit">How many ranges there may be, at most 65,535.</param>
    /// <param name="merged">The range that now contains the added one.</param>
    /// <returns>False, and nothing was changed, if it would be one range more than <paramref name="limit"/>.</returns>
    public bool TryAdd(SequenceNumber left, SequenceNumber right, int limit, out SackBlock merged)
    {
        Debug.Assert(left < right && limit is >= 0 and <= ushort.MaxValue);
        int first = IndexOfFirstEndingAfter(left - 1);
        int end = IndexOfFirstStartingAfter(right);
        merged = new(left, right);
        if (first == end)
        {
            if (_count >= limit)
            {
                merged = default;
                return false;
            }

            Insert(first, merged, limit);
        }
        else
        {
            SackBlock[] ranges = _ranges!;
            merged = new(SequenceNumber.Min(left, ranges[first].Left), SequenceNumber.Max(right, ranges[end - 1].Right));
            for (int i = first; i < end; i++) _octets -= ranges[i].Length;
            ranges[first] = merged;
            RemoveAt(first + 1, end - first - 1);
        }

        _octets += merged.Length;
        AssertInvariants();
        return true;
    }

    /// <summary>Removes all numbers before <paramref name="seq"/>.</summary>
    public void RemoveBefore(SequenceNumber seq)
    {
        int keep = IndexOfFirstEndingAfter(seq);
        for (int i = 0; i < keep; i++) _octets -= _ranges![i].Length;
        RemoveAt(0, keep);
        if (_count == 0 || _ranges![0].Left >= seq) return;
        _octets -= seq - _ranges[0].Left;
        _ranges[0] = new(seq, _ranges[0].Right);
        AssertInvariants();
    }

    /// <summary>Removes the first range if it starts at or before <paramref name="reached"/>: the stream has come up to it.</summary>
    public bool TryRemoveFirst(SequenceNumber reached, out SackBlock first)
    {
        first = default;
        if (_count == 0 || _ranges![0].Left > reached) return false;
        first = _ranges[0];
        _octets -= first.Length;
        RemoveAt(0, 1);
        return true;
    }

    /// <summary>Whether all of [<paramref name="left"/>, <paramref name="right"/>) is in the set; true if that is empty.</summary>
    public readonly bool Contains(SequenceNumber left, SequenceNumber right)
    {
        if (left == right) return true;
        int i = IndexOfFirstEndingAfter(left);
        return i < _count && _ranges![i].Left <= left && _ranges[i].Right >= right;
    }

    /// <summary>Whether any of [<paramref name="left"/>, <paramref name="right"/>) is in the set; false if that is empty.</summary>
    public readonly bool Overlaps(SequenceNumber left, SequenceNumber right)
    {
        if (left == right) return false;
        int i = IndexOfFirstEndingAfter(left);
        return i < _count && _ranges![i].Left < right;
    }

    /// <summary>The index of the first range with a number at or after <paramref name="seq"/>; <see cref="Count"/> if none.</summary>
    public readonly int IndexOfFirstEndingAfter(SequenceNumber seq)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_ranges![middle].Right > seq) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    /// <summary>The first part of [<paramref name="from"/>, <paramref name="end"/>) not in the set; empty if all of it is.</summary>
    public readonly SackBlock FirstGap(SequenceNumber from, SequenceNumber end)
    {
        int i = IndexOfFirstEndingAfter(from);
        if (i < _count && _ranges![i].Left <= from) from = _ranges[i++].Right;
        if (from >= end) return new(end, end);
        return new(from, i < _count ? SequenceNumber.Min(_ranges![i].Left, end) : end);
    }

    /// <summary>How many octets of the set are at or after <paramref name="seq"/>.</summary>
    public readonly int OctetsAbove(SequenceNumber seq)
    {
        int first = IndexOfFirstEndingAfter(seq);
        if (first == _count) return 0;
        int below = Math.Max(0, seq - _ranges![first].Left);
        int above = -below;
        if (first > _count / 2)
        {
            for (int i = first; i < _count; i++) above += _ranges[i].Length;
            return above;
        }

        for (int i = 0; i < first; i++) below += _ranges[i].Length;
        return _octets - below;
    }

    /// <summary>Empties the set and lets go of its storage.</summary>
    public void Clear() => this = default;

    private readonly int IndexOfFirstStartingAfter(SequenceNumber seq)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_ranges![middle].Left > seq) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private void Insert(int index, SackBlock range, int limit)
    {
        if (_ranges is null) _ranges = new SackBlock[Math.Min(FirstCapacity, limit)];
        else if (_count == _ranges.Length) Array.Resize(ref _ranges, Math.Min(_count * 2, limit));
        Array.Copy(_ranges, index, _ranges, index + 1, _count - index);
        _ranges[index] = range;
        _count++;
    }

    private void RemoveAt(int index, int count)
    {
        if (count == 0) return;
        Array.Copy(_ranges!, index + count, _ranges!, index, _count - index - count);
        _count -= (ushort)count;
    }

    [Conditional("DEBUG")]
    private readonly void AssertInvariants()
    {
        Debug.Assert(_count > 0 && _ranges![_count - 1].Right > _ranges[0].Left, "the ranges span 2^31 or more");
        int octets = 0;
        for (int i = 0; i < _count; i++)
        {
            Debug.Assert(_ranges![i].Length > 0);
            Debug.Assert(i == 0 || _ranges[i].Left > _ranges[i - 1].Right);
            octets += _ranges[i].Length;
        }

        Debug.Assert(octets == _octets);
    }
}
