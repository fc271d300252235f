using System.Collections.Generic;
using System.Numerics;

namespace Synfin.Buffers;

/// <summary>
/// Pages for the streams of one stack, and the rings that order them. The one limit on what all its connections buffer. One owner at a
/// time: it takes no locks.
/// </summary>
/// <param name="maxPages">How many pages may be out at once; 0 or more.</param>
public sealed class PagePool(int maxPages)
{
    /// <summary>log2 of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    /// <summary>The size of a page in octets.</summary>
    public const int PageSize = 1 << PageShift;

    /// <summary>Free rings of one capacity are kept up to this many slots in all (512 KiB).</summary>
    internal const int MaxFreeRingSlots = 1 << 16;

    private const int MinRingShift = 2;

    /// <summary>2^19 pages are 2 GiB, more than the largest window and its first, partly read page.</summary>
    private const int MaxRingShift = 19;

    /// <summary>What a page that was given back is filled with in debug builds.</summary>
    private const byte Poison = 0xDD;

    private readonly Stack<byte[]> _freePages = new();
    private readonly Stack<byte[]?[]>[] _freeRings = NewRingLists();

    /// <summary>How many pages may be out at once.</summary>
    public int MaxPages { get; } = maxPages >= 0 ? maxPages : throw new ArgumentOutOfRangeException(nameof(maxPages));

    /// <summary>How many pages are out.</summary>
    public int InUse { get; private set; }

    /// <summary>How many pages may still be rented.</summary>
    public int Available => MaxPages - InUse;

    /// <summary>How many free pages are kept for the next renter.</summary>
    public int Kept => _freePages.Count;

    /// <summary>Hands out a page with any content, on the pinned heap.</summary>
    /// <returns>The page, or null if <see cref="MaxPages"/> are out.</returns>
    public byte[]? TryRent()
    {
        if (InUse == MaxPages) return null;
        InUse++;
        if (!_freePages.TryPop(out byte[]? page)) return GC.AllocateUninitializedArray<byte>(PageSize, pinned: true);
        AssertUntouched(page);
        return page;
    }

    /// <summary>Takes a page back. The caller keeps no reference to it.</summary>
    public void Return(byte[] page)
    {
        Debug.Assert(page.Length == PageSize && InUse > 0);
        FillWithPoison(page);
        InUse--;
        _freePages.Push(page);
    }

    /// <summary>Pages that somebody outside still uses will not come back; the garbage collector gets them when they are let go.</summary>
    internal void Abandon(int pages)
    {
        Debug.Assert(pages >= 0 && pages <= InUse);
        InUse -= pages;
    }

    /// <summary>Gives all free pages and rings back to the garbage collector.</summary>
    public void Trim()
    {
        _freePages.Clear();
        _freePages.TrimExcess();
        foreach (Stack<byte[]?[]> rings in _freeRings)
        {
            rings.Clear();
            rings.TrimExcess();
        }
    }

    /// <summary>Hands out a ring of at least <paramref name="capacity"/> slots: a power of two of them, all null.</summary>
    internal byte[]?[] RentRing(int capacity)
    {
        Debug.Assert(capacity is > 0 and <= 1 << MaxRingShift);
        int shift = Math.Max(MinRingShift, BitOperations.Log2((uint)capacity - 1) + 1);
        return _freeRings[shift].TryPop(out byte[]?[]? ring) ? ring : new byte[]?[1 << shift];
    }

    /// <summary>Takes a ring back, emptied.</summary>
    internal void ReturnRing(byte[]?[] ring)
    {
        AssertEmpty(ring);
        int shift = BitOperations.Log2((uint)ring.Length);
        if (_freeRings[shift].Count < MaxFreeRingSlots >> shift) _freeRings[shift].Push(ring);
    }

    private static Stack<byte[]?[]>[] NewRingLists()
    {
        var lists = new Stack<byte[]?[]>[MaxRingShift + 1];
        for (int i = 0; i < lists.Length; i++) lists[i] = new();
        return lists;
    }

    [Conditional("DEBUG")]
    private static void FillWithPoison(byte[] page) => page.AsSpan().Fill(Poison);

    [Conditional("DEBUG")]
    private static void AssertUntouched(byte[] page) =>
        Debug.Assert(page.AsSpan().IndexOfAnyExcept(Poison) < 0, "a page was written to, or given back again, after it was given back");

    [Conditional("DEBUG")]
    private static void AssertEmpty(byte[]?[] ring)
    {
        foreach (byte[]? page in ring) Debug.Assert(page is null, "a ring was given back with pages in it");
    }
}
