namespace Synfin.Buffers;

/// <summary>A run of octets as it lies in pages: enumerates spans, copies nothing. Valid only during the call that gets it.</summary>
public readonly ref struct TextSlices
{
    private readonly byte[]? _single;
    private readonly byte[]?[]? _ring;
    private readonly int _head;
    private readonly int _start;

    internal TextSlices(byte[]? single, byte[]?[]? ring, int head, int start, int length)
    {
        _single = single;
        _ring = ring;
        _head = head;
        _start = start;
        Length = length;
    }

    /// <summary>How many octets.</summary>
    public int Length { get; }

    /// <summary>A part of the run.</summary>
    public TextSlices Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, (uint)Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(Length - offset));
        return new(_single, _ring, _head, _start + offset, length);
    }

    /// <summary>Copies the run to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        foreach (ReadOnlySpan<byte> part in this)
        {
            part.CopyTo(destination);
            destination = destination[part.Length..];
        }
    }

    /// <summary>Enumerates the parts, each within one page.</summary>
    public Enumerator GetEnumerator() => new(this);

    private ReadOnlySpan<byte> PartAt(int position, int most)
    {
        int inPage = position & (PagePool.PageSize - 1);
        int length = Math.Min(most, PagePool.PageSize - inPage);
        byte[] page = _ring is null ? _single! : _ring[(_head + (position >> PagePool.PageShift)) & (_ring.Length - 1)]!;
        return page.AsSpan(inPage, length);
    }

    /// <summary>Walks the parts.</summary>
    public ref struct Enumerator
    {
        private readonly TextSlices _slices;
        private int _done;
        private int _current;

        internal Enumerator(TextSlices slices) => _slices = slices;

        /// <summary>The part that was reached.</summary>
        public readonly ReadOnlySpan<byte> Current => _slices.PartAt(_slices._start + _done - _current, _current);

        /// <summary>Goes to the next part.</summary>
        public bool MoveNext()
        {
            int left = _slices.Length - _done;
            if (left == 0) return false;
            _current = Math.Min(left, PagePool.PageSize - ((_slices._start + _done) & (PagePool.PageSize - 1)));
            _done += _current;
            return true;
        }
    }
}
