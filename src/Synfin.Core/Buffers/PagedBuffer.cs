using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Synfin.Buffers;

/// <summary>
/// A stream's octets in pages, first in, first out; offset 0 is the oldest. Text may be written ahead of the end, where it waits until
/// the gap before it is filled. Octets that fit one page need no ring; an empty buffer holds nothing. All pages come from, and go back
/// to, the one pool that every call is given.
/// </summary>
internal struct PagedBuffer
{
    private const int PageShift = PagePool.PageShift;
    private const int PageSize = PagePool.PageSize;
    private const int PageMask = PageSize - 1;

    /// <summary>The only page while there is no ring.</summary>
    private byte[]? _single;

    /// <summary>The pages, from <see cref="_head"/> on; null where nothing was written yet.</summary>
    private byte[]?[]? _ring;

    private int _head;

    /// <summary>Where offset 0 is in the first page. A position is an offset plus this.</summary>
    private int _start;

    private int _length;

    /// <summary>The offset after the last octet written, ahead of the end or not.</summary>
    private int _extent;

    private int _pages;

    /// <summary>Octets from the head to the end of what is contiguous.</summary>
    public readonly int Length => _length;

    /// <summary>Pages held, those of text ahead of the end included.</summary>
    public readonly int PagesHeld => _pages;

    /// <summary>Adds octets at the end.</summary>
    /// <returns>How many were taken: fewer than given only if pages ran out.</returns>
    public int Append(PagePool pool, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || (_pages == 0 && pool.Available == 0)) return 0;
        int taken = Write(pool, _start + _length, data);
        _length += taken;
        _extent = Math.Max(_extent, _length);
        AssertInvariants();
        return taken;
    }

    /// <summary>Writes octets at an offset, also beyond <see cref="Length"/>. The end stays until <see cref="CommitTo"/>.</summary>
    /// <returns>False, and nothing was changed, if there are not enough pages.</returns>
    public bool TryWriteAt(PagePool pool, int offset, ReadOnlySpan<byte> data)
    {
        Debug.Assert(offset >= 0 && offset <= int.MaxValue - PageSize - data.Length);
        if (data.IsEmpty) return true;
        int position = _start + offset;
        int first = position >> PageShift;
        int last = (position + data.Length - 1) >> PageShift;
        if (last - first >= pool.Available && MissingPages(first, last) > pool.Available) return false;
        int written = Write(pool, position, data);
        Debug.Assert(written == data.Length);
        _extent = Math.Max(_extent, offset + data.Length);
        AssertInvariants();
        return true;
    }

    /// <summary>Moves the end to <paramref name="length"/>: every octet before it was written.</summary>
    public void CommitTo(int length)
    {
        Debug.Assert(length >= _length && length <= _extent);
        _length = length;
    }

    /// <summary>Whether these octets are at an offset, also ahead of the end; something was written to all of that place.</summary>
    public readonly bool HoldsAt(int offset, ReadOnlySpan<byte> data)
    {
        Debug.Assert(offset >= 0 && offset + data.Length <= _extent);
        int position = _start + offset;
        while (!data.IsEmpty)
        {
            Span<byte> part = PartAt(position, data.Length);
            if (!data.StartsWith(part)) return false;
            data = data[part.Length..];
            position += part.Length;
        }
        return true;
    }

    /// <summary>A view of octets before the end; valid until the buffer is changed.</summary>
    public readonly TextSlices Slice(int offset, int length)
    {
        Debug.Assert(offset >= 0 && length >= 0 && length <= _length - offset);
        return new(_single, _ring, _head, _start + offset, length);
    }

    /// <summary>Copies octets before the end; they stay.</summary>
    public readonly void CopyTo(int offset, Span<byte> destination)
    {
        Debug.Assert(offset >= 0 && destination.Length <= _length - offset);
        int position = _start + offset;
        while (!destination.IsEmpty)
        {
            Span<byte> part = PartAt(position, destination.Length);
            part.CopyTo(destination);
            destination = destination[part.Length..];
            position += part.Length;
        }
    }

    /// <summary>Copies octets from the head and drops them.</summary>
    /// <returns>How many: the lesser of <see cref="Length"/> and the destination.</returns>
    public int Read(PagePool pool, Span<byte> destination)
    {
        int count = Math.Min(_length, destination.Length);
        CopyTo(0, destination[..count]);
        Discard(pool, count);
        return count;
    }

    /// <summary>Drops octets from the head, at most <see cref="Length"/>. Pages wholly passed go back at once; offsets shift.</summary>
    public void Discard(PagePool pool, int count)
    {
        Debug.Assert(count >= 0 && count <= _length);
        _length -= count;
        _extent -= count;
        if (_extent == 0)
        {
            Clear(pool);
            return;
        }

        _start += count;
        if (_start >= PageSize) ReturnPassedPages(pool);
        AssertInvariants();
    }

    /// <summary>Forgets what was written ahead of the end; its pages go back.</summary>
    public void TrimBeyondLength(PagePool pool)
    {
        if (_length == 0)
        {
            Clear(pool);
            return;
        }
        int kept = ((_start + _length - 1) >> PageShift) + 1;
        for (int i = kept; _ring is not null && i < _ring.Length; i++) ReturnPage(pool, i);
        _extent = _length;
        AssertInvariants();
    }

    /// <summary>Drops everything.</summary>
    public void Clear(PagePool pool)
    {
        if (_ring is not null)
        {
            for (int i = 0; _pages > 0; i++) ReturnPage(pool, i);
            pool.ReturnRing(_ring);
        }
        else if (_single is not null)
        {
            pool.Return(_single);
        }

        this = default;
    }

    /// <summary>
    /// Memory behind the end, to be written in place: what is left of the page <paramref name="ahead"/> octets behind the end. It counts as
    /// text ahead of the end: <see cref="CommitTo"/> makes it text, <see cref="TrimBeyondLength"/> gives it up.
    /// </summary>
    /// <returns>At least one octet; empty if pages ran out.</returns>
    public Memory<byte> Reserve(PagePool pool, int ahead)
    {
        Debug.Assert(ahead >= 0);
        int position = _start + _length + ahead;
        int index = position >> PageShift;
        if (index >= (_ring is null ? 1 : _ring.Length))
        {
            if (pool.Available == 0) return default;
            MakeRing(pool, index + 1);
        }
        byte[]? page = RentAt(pool, index);
        if (page is null) return default;
        _extent = Math.Max(_extent, ((index + 1) << PageShift) - _start);
        AssertInvariants();
        return page.AsMemory(position & PageMask);
    }

    /// <summary>Shows octets before the end where they lie, a memory a page, for as long as they are not dropped.</summary>
    public readonly void Lend(int count, List<ReadOnlyMemory<byte>> pages)
    {
        Debug.Assert(count >= 0 && count <= _length);
        for (int position = _start; count > 0;)
        {
            int inPage = position & PageMask;
            int part = Math.Min(count, PageSize - inPage);
            byte[] page = _ring is null ? _single! : _ring[(_head + (position >> PageShift)) & (_ring.Length - 1)]!;
            pages.Add(page.AsMemory(inPage, part));
            position += part;
            count -= part;
        }
    }

    /// <summary>Drops everything while somebody still reads or writes the pages: nobody else will get them.</summary>
    public void Abandon(PagePool pool)
    {
        pool.Abandon(_pages);
        this = default;
    }

    /// <summary>Copies into pages, renting those that are missing.</summary>
    /// <returns>How many octets, fewer than given if pages ran out.</returns>
    private int Write(PagePool pool, int position, ReadOnlySpan<byte> data)
    {
        int slots = ((position + data.Length - 1) >> PageShift) + 1;
        if (slots > (_ring is null ? 1 : _ring.Length)) MakeRing(pool, slots);
        int written = 0;
        while (written < data.Length)
        {
            int inPage = (position + written) & PageMask;
            byte[]? page = RentAt(pool, (position + written) >> PageShift);
            if (page is null) break;
            int part = Math.Min(data.Length - written, PageSize - inPage);
            data.Slice(written, part).CopyTo(page.AsSpan(inPage));
            written += part;
        }

        return written;
    }

    /// <summary>The page of a slot, rented if there was none; null if pages ran out.</summary>
    private byte[]? RentAt(PagePool pool, int index)
    {
        ref byte[]? slot = ref SlotAt(index);
        if (slot is null && (slot = pool.TryRent()) is not null) _pages++;
        return slot;
    }

    /// <summary>Moves the pages to a ring of at least <paramref name="slots"/> slots.</summary>
    private void MakeRing(PagePool pool, int slots)
    {
        byte[]?[] ring = pool.RentRing(slots);
        if (_ring is null)
        {
            ring[0] = _single;
            _single = null;
        }
        else
        {
            for (int i = 0; i < _ring.Length; i++) ring[i] = SlotAt(i);
            Array.Clear(_ring);
            pool.ReturnRing(_ring);
        }

        _ring = ring;
        _head = 0;
    }

    private void ReturnPassedPages(PagePool pool)
    {
        int passed = _start >> PageShift;
        for (int i = 0; i < passed; i++) ReturnPage(pool, i);
        _head = (_head + passed) & (_ring!.Length - 1);
        _start &= PageMask;
    }

    private void ReturnPage(PagePool pool, int index)
    {
        ref byte[]? slot = ref SlotAt(index);
        if (slot is null) return;
        pool.Return(slot);
        slot = null;
        _pages--;
    }

    private int MissingPages(int first, int last)
    {
        int missing = 0;
        for (int i = first; i <= last; i++)
        {
            bool exists = i < (_ring is null ? 1 : _ring.Length) && SlotAt(i) is not null;
            if (!exists) missing++;
        }

        return missing;
    }

    [UnscopedRef]
    private ref byte[]? SlotAt(int index)
    {
        if (_ring is not null) return ref _ring[(_head + index) & (_ring.Length - 1)];
        Debug.Assert(index == 0);
        return ref _single;
    }

    private readonly Span<byte> PartAt(int position, int most)
    {
        int inPage = position & PageMask;
        byte[] page = _ring is null ? _single! : _ring[(_head + (position >> PageShift)) & (_ring.Length - 1)]!;
        return page.AsSpan(inPage, Math.Min(most, PageSize - inPage));
    }

    [Conditional("DEBUG")]
    private readonly void AssertInvariants()
    {
        Debug.Assert(_length >= 0 && _length <= _extent);
        Debug.Assert(_start is >= 0 and < PageSize);
        Debug.Assert(_single is null || _ring is null);
        Debug.Assert(_pages == 0 ? _extent == 0 && _ring is null : _extent > 0);
        Debug.Assert(_ring is not null || _start + _extent <= PageSize);
    }
}
