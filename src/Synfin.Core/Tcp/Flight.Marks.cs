using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>What acknowledgments, time and retransmissions make of the ranges.</summary>
internal sealed partial class Flight
{
    /// <summary>A SACK block, which lies in the flight: what it tells for the first time is marked.</summary>
    public void Sack(
        SackBlock block, SequenceNumber recoveryPoint, Duration minimumRoundTrip, Timestamp now, int limit, ref AckOutcome outcome)
    {
        int i = IndexOf(block.Left);
        if (i < _count && LeftOf(i) < block.Left)
        {
            if (!At(i).Is(SentMarks.Sacked) && !Split(i, block.Left, limit)) return;
            i++;
        }
        int first = i;
        for (; i < _count && LeftOf(i) < block.Right; i++)
        {
            if (At(i).Is(SentMarks.Sacked)) continue;
            if (At(i).Right > block.Right && !Split(i, block.Right, limit)) break;
            ref SentRange range = ref At(i);
            SequenceNumber left = LeftOf(i);
            int octets = range.Right - left;
            outcome.Sacked += octets;
            outcome.Delivered += octets;
            if (!range.Is(SentMarks.SentAgain)) outcome.Arrived(left, range.Right, range.At, recoveryPoint);
            AdvanceRack(in range, minimumRoundTrip, now);
            SentMarks marks = range.Marks | SentMarks.Sacked;
            // A retransmission of what was not taken for lost, a probe, is believed to be under way still.
            if (range.Is(SentMarks.Lost)) marks &= ~(SentMarks.Lost | SentMarks.Retransmitted);
            Remark(i, marks);
        }
        JoinSacked(Math.Max(0, first - 1), Math.Min(i, _count - 1));
        AssertInvariants();
    }

    /// <summary>Neighbours that are sacked become one: so a peer's blocks cannot make the flight grow beyond its holes.</summary>
    private void JoinSacked(int first, int last)
    {
        int kept = first;
        for (int i = first + 1; i <= last; i++)
        {
            ref SentRange before = ref At(kept);
            ref SentRange range = ref At(i);
            bool same = before.Marks == range.Marks && range.Is(SentMarks.Sacked) && before.Segments + range.Segments <= ushort.MaxValue;
            if (same)
            {
                before.Right = range.Right;
                before.Segments += range.Segments;
                before.At = Timestamp.Max(before.At, range.At);
            }
            else if (++kept != i)
            {
                At(kept) = range;
            }
        }
        int joined = last - kept;
        if (joined <= 0) return;
        for (int i = last + 1; i < _count; i++) At(i - joined) = At(i);
        _count -= joined;
    }

    /// <summary>Takes all that is not sacked before <paramref name="edge"/> for lost.</summary>
    /// <returns>Octets that were not taken for lost before.</returns>
    public int LoseBefore(SequenceNumber edge, int limit)
    {
        int lost = 0;
        for (int i = 0; i < _count && LeftOf(i) < edge; i++)
        {
            if (At(i).Is(SentMarks.Sacked | SentMarks.Lost)) continue;
            if (At(i).Right > edge) Split(i, edge, limit);
            lost += At(i).Right - LeftOf(i);
            Remark(i, At(i).Marks | SentMarks.Lost);
        }
        AssertInvariants();
        return lost;
    }

    /// <summary>The first segment is lost, and its retransmission if there was one (RFC 6582 3.2 (3)).</summary>
    public int LoseFirst(int mss, int limit)
    {
        if (_count == 0 || At(0).Is(SentMarks.Sacked)) return 0;
        if (At(0).Right - Left > mss) Split(0, Left + mss, limit);
        int lost = At(0).Is(SentMarks.Lost) ? 0 : At(0).Right - Left;
        Remark(0, (At(0).Marks | SentMarks.Lost) & ~SentMarks.Retransmitted);
        AssertInvariants();
        return lost;
    }

    /// <summary>The timer expired: all is lost, and nothing of it was sent again.</summary>
    /// <param name="reneged">Forget what was sacked, too (RFC 2018 8).</param>
    /// <param name="sentBefore">What was sent later than this is believed to be under way still, the first range excepted.</param>
    public void LoseAll(bool reneged, Timestamp sentBefore)
    {
        for (int i = 0; i < _count; i++)
        {
            SentMarks marks = At(i).Marks;
            if (reneged) marks &= ~SentMarks.Sacked;
            else if ((marks & SentMarks.Sacked) != 0 || (i > 0 && At(i).At > sentBefore)) continue;
            Remark(i, (marks | SentMarks.Lost) & ~SentMarks.Retransmitted);
        }
        AssertInvariants();
    }

    /// <summary>Nothing is lost: what was taken for it was late.</summary>
    /// <param name="nothingAgain">Nor is anything that was sent again still under way.</param>
    public void LoseNothing(bool nothingAgain = false)
    {
        SentMarks forgotten = nothingAgain ? SentMarks.Lost | SentMarks.Retransmitted : SentMarks.Lost;
        if (LostOctets == 0 && (!nothingAgain || RetransmittedOctets == 0)) return;
        for (int i = 0; i < _count; i++)
        {
            if (At(i).Is(forgotten)) Remark(i, At(i).Marks & ~forgotten);
        }
        AssertInvariants();
    }

    /// <summary>What is lost and was not sent again: its first part, or an empty block (RFC 6675 4, NextSeg (1)).</summary>
    public SackBlock FirstPending()
    {
        if (PendingOctets == 0) return default;
        for (int i = 0; i < _count; i++)
        {
            if (!IsPending(i)) continue;
            SequenceNumber left = LeftOf(i);
            while (i + 1 < _count && IsPending(i + 1)) i++;
            return new(left, At(i).Right);
        }
        throw new UnreachableException();
    }

    private bool IsPending(int i) => (At(i).Marks & (SentMarks.Lost | SentMarks.Retransmitted)) == SentMarks.Lost;

    /// <summary>The first part before the highest SACK block that was neither sacked nor sent again, or an empty block.</summary>
    public SackBlock FirstDoubtful()
    {
        SequenceNumber end = HighestSacked;
        for (int i = 0; i < _count && LeftOf(i) < end; i++)
        {
            if (At(i).Is(SentMarks.Sacked | SentMarks.Retransmitted)) continue;
            return new(LeftOf(i), At(i).Right);
        }
        return default;
    }

    /// <summary>The right edge of the last range of which anything is known but that it was sent; SND.UNA if there is none.</summary>
    public SequenceNumber HighestTouched
    {
        get
        {
            for (int i = _count - 1; i >= 0; i--)
            {
                if (At(i).Is(SentMarks.Sacked | SentMarks.Lost | SentMarks.Retransmitted)) return At(i).Right;
            }
            return Left;
        }
    }

    /// <summary>[<paramref name="left"/>, <paramref name="right"/>) was sent again.</summary>
    public void SentAgain(SequenceNumber left, SequenceNumber right, Timestamp now, bool counts, int limit)
    {
        int i = IndexOf(left);
        if (i < _count && LeftOf(i) < left && Split(i, left, limit)) i++;
        for (; i < _count && LeftOf(i) < right; i++)
        {
            if (At(i).Is(SentMarks.Sacked)) continue;
            if (At(i).Right > right) Split(i, right, limit);
            Remark(i, At(i).Marks | SentMarks.SentAgain | (counts ? SentMarks.Retransmitted : SentMarks.None));
            At(i).At = now;
        }
        AssertInvariants();
    }

    /// <summary>
    /// RFC 6675 4, IsLost, for all octets at once: below the result, three ranges or more than two segments' worth of octets are sacked
    /// above.
    /// </summary>
    public SequenceNumber LossEdge(int threshold, int mss)
    {
        if (SackedOctets == 0) return Left;
        int octets = 0;
        int runs = 0;
        for (int i = _count - 1; i >= 0; i--)
        {
            if (!At(i).Is(SentMarks.Sacked)) continue;
            while (true)
            {
                octets += At(i).Right - LeftOf(i);
                if (i == 0 || !At(i - 1).Is(SentMarks.Sacked)) break;
                i--;
            }
            runs++;
            if (runs >= threshold || octets > (threshold - 1) * mss) return LeftOf(i);
        }
        return Left;
    }
}
