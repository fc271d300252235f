using System.Runtime.CompilerServices;
using Synfin.Core.Tests.Buffers;
using Synfin.Tcp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

[Trait("Threat", "25")]
public class SequenceRangesTests
{
    private SequenceRanges _set;

    /// <summary>Where offset 0 of a test is in the sequence space: before and after each wrap, and on it.</summary>
    public static TheoryData<uint> Bases => [0, 1_000, 0xFFFF_FFFF, 0xFFFF_FF80, 0x7FFF_FFFF, 0x7FFF_FF80, 0x8000_0000];

    [Fact]
    public void It_is_16_octets() => Assert.Equal(16, Unsafe.SizeOf<SequenceRanges>());

    [Theory]
    [MemberData(nameof(Bases))]
    public void Ranges_that_touch_or_overlap_become_one(uint at)
    {
        Assert.Equal((10, 20), Add(at, 10, 20));
        Assert.Equal((30, 40), Add(at, 30, 40));
        Assert.Equal((50, 60), Add(at, 50, 60));
        Assert.Equal([(10, 20), (30, 40), (50, 60)], Ranges(at));
        Assert.Equal((10, 40), Add(at, 20, 30));
        Assert.Equal((10, 40), Add(at, 12, 13));
        Assert.Equal((5, 70), Add(at, 5, 70));
        Assert.Equal([(5, 70)], Ranges(at));
        Assert.Equal(65, _set.Octets);
    }

    [Fact]
    public void A_range_beyond_the_limit_is_refused_but_one_that_merges_is_not()
    {
        Assert.True(_set.TryAdd(new(10), new(20), 2, out _));
        Assert.True(_set.TryAdd(new(30), new(40), 2, out _));
        Assert.False(_set.TryAdd(new(50), new(60), 2, out SackBlock refused));
        Assert.Equal(default, refused);
        Assert.Equal([(10, 20), (30, 40)], Ranges(0));
        Assert.Equal(20, _set.Octets);
        Assert.True(_set.TryAdd(new(40), new(60), 2, out _));
        Assert.Equal([(10, 20), (30, 60)], Ranges(0));
        Assert.False(default(SequenceRanges).TryAdd(new(1), new(2), 0, out _));
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void What_the_stream_has_come_up_to_is_taken_from_the_front(uint at)
    {
        Add(at, 10, 20);
        Add(at, 30, 40);
        Assert.False(_set.TryRemoveFirst(new SequenceNumber(at) + 9, out _));
        Assert.True(_set.TryRemoveFirst(new SequenceNumber(at) + 10, out SackBlock first));
        Assert.Equal(new SackBlock(new SequenceNumber(at) + 10, new SequenceNumber(at) + 20), first);
        Assert.False(_set.TryRemoveFirst(first.Right, out _));
        Assert.True(_set.TryRemoveFirst(new SequenceNumber(at) + 35, out _));
        Assert.Equal((0, 0), (_set.Count, _set.Octets));
        Assert.False(_set.TryRemoveFirst(new SequenceNumber(at) + 35, out _));
    }

    [Fact]
    public void The_empty_set_answers_everything()
    {
        Assert.False(_set.Contains(new(1), new(2)));
        Assert.True(_set.Contains(new(1), new(1)));
        Assert.False(_set.Overlaps(new(1), new(2)));
        Assert.Equal(new SackBlock(new(1), new(9)), _set.FirstGap(new(1), new(9)));
        Assert.Equal((0, 0), (_set.OctetsAbove(new(7)), _set.IndexOfFirstEndingAfter(new(7))));
        _set.RemoveBefore(new(5));
        _set.Clear();
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void It_does_what_a_set_of_bits_does(uint at)
    {
        const int Size = 400;
        var random = new SeededGenerator(at + 1);
        bool[] bits = new bool[Size];
        for (int step = 0; step < 8_000; step++)
        {
            int left = random.Below(Size - 1);
            int right = left + 1 + random.Below(Math.Min(Size - left - 1, random.OneIn(10) ? Size : 12));
            switch (random.Below(12))
            {
                case 0:
                    _set.RemoveBefore(new SequenceNumber(at) + left);
                    Array.Clear(bits, 0, left);
                    break;
                case 1 when random.OneIn(20):
                    _set.Clear();
                    Array.Clear(bits);
                    break;
                case 2:
                    RemoveFirst(at, left, bits);
                    break;
                default:
                    AddWithin(at, left, right, limit: 20, bits);
                    break;
            }

            Check(at, bits, left, right);
        }
    }

    [Fact]
    public void Once_it_has_grown_it_allocates_nothing()
    {
        Churn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) Churn();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((0, 0), (_set.Count, _set.Octets));
    }

    private void Churn()
    {
        for (uint i = 0; i < 100; i++) _set.TryAdd(new(i * 10), new(i * 10 + 5), 128, out _);
        _set.RemoveBefore(new(1_000));
    }

    private void AddWithin(uint at, int left, int right, int limit, bool[] bits)
    {
        bool[] after = [.. bits];
        Array.Fill(after, true, left, right - left);
        int ranges = RangesOf(bits).Count;
        bool fits = RangesOf(after).Count <= Math.Max(ranges, limit);
        Assert.Equal(fits, _set.TryAdd(new SequenceNumber(at) + left, new SequenceNumber(at) + right, limit, out SackBlock merged));
        if (!fits) return;
        Array.Copy(after, bits, bits.Length);
        Assert.Contains((merged.Left - new SequenceNumber(at), merged.Right - new SequenceNumber(at)), RangesOf(bits));
        Assert.True(_set.Contains(merged.Left, merged.Right));
    }

    private void RemoveFirst(uint at, int reached, bool[] bits)
    {
        int first = Array.IndexOf(bits, true);
        bool expected = first >= 0 && first <= reached;
        Assert.Equal(expected, _set.TryRemoveFirst(new SequenceNumber(at) + reached, out SackBlock range));
        if (expected) Array.Clear(bits, first, range.Length);
    }

    private void Check(uint at, bool[] bits, int left, int right)
    {
        var zero = new SequenceNumber(at);
        SequenceNumber from = zero + left;
        SequenceNumber end = zero + right;
        List<(int, int)> expected = RangesOf(bits);
        Assert.Equal(expected, Ranges(at));
        Assert.Equal(bits.Count(b => b), _set.Octets);
        Assert.Equal(bits.Skip(left).Count(b => b), _set.OctetsAbove(from));
        Assert.Equal(bits[left..right].All(b => b), _set.Contains(from, end));
        Assert.Equal(bits[left..right].Any(b => b), _set.Overlaps(from, end));
        Assert.Equal(expected.Count(r => r.Item2 <= left), _set.IndexOfFirstEndingAfter(from));
        int gap = Array.IndexOf(bits, false, left, right - left);
        int gapEnd = gap < 0 ? right : Array.IndexOf(bits, true, gap, right - gap);
        if (gapEnd < 0) gapEnd = right;
        Assert.Equal(new SackBlock(gap < 0 ? end : zero + gap, zero + gapEnd), _set.FirstGap(from, end));
    }

    private (int Left, int Right) Add(uint at, int left, int right)
    {
        var zero = new SequenceNumber(at);
        Assert.True(_set.TryAdd(zero + left, zero + right, 100, out SackBlock merged));
        return (merged.Left - zero, merged.Right - zero);
    }

    private List<(int Left, int Right)> Ranges(uint at)
    {
        List<(int, int)> ranges = [];
        for (int i = 0; i < _set.Count; i++) ranges.Add((_set[i].Left - new SequenceNumber(at), _set[i].Right - new SequenceNumber(at)));
        return ranges;
    }

    private static List<(int Left, int Right)> RangesOf(bool[] bits)
    {
        List<(int, int)> ranges = [];
        for (int i = 0; i < bits.Length; i++)
        {
            if (!bits[i]) continue;
            int left = i;
            while (i < bits.Length && bits[i]) i++;
            ranges.Add((left, i));
        }

        return ranges;
    }
}
