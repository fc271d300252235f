using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// What is in flight: ranges of [SND.UNA, SND.NXT) with the time at which each was sent and what became of it (RFC 6675's scoreboard, the
/// segments of RFC 8985), and all else that only has a meaning while something is in flight or a recovery may yet be undone. A connection
/// holds one only then; the stack keeps some for reuse.
/// </summary>
internal sealed partial class Flight
{
    private const int FirstCapacity = 8;
    private const int LargestKept = 256;

    private SentRange[] _ranges = new SentRange[FirstCapacity];
    private int _head;
    private int _count;

    /// <summary>The next one in the stack's store.</summary>
    public Flight? Next;

    /// <summary>How many ranges.</summary>
    public int Count => _count;

    /// <summary>SND.UNA.</summary>
    public SequenceNumber Left { get; private set; }

    /// <summary>SND.NXT.</summary>
    public SequenceNumber Right => _count == 0 ? Left : At(_count - 1).Right;

    /// <summary>Segments in flight or lost: sent and not acknowledged by SEG.ACK.</summary>
    public int Segments { get; private set; }

    /// <summary>Octets that the peer told by SACK that it has.</summary>
    public int SackedOctets { get; private set; }

    /// <summary>Segments that the peer told by SACK that it has.</summary>
    public int SackedSegments { get; private set; }

    /// <summary>Octets taken for lost, sent again or not.</summary>
    public int LostOctets { get; private set; }

    /// <summary>Segments taken for lost, sent again or not.</summary>
    public int LostSegments { get; private set; }

    /// <summary>Octets sent again and believed to be in the network.</summary>
    public int RetransmittedOctets { get; private set; }

    /// <summary>Segments sent again and believed to be in the network.</summary>
    public int RetransmittedSegments { get; private set; }

    /// <summary>Octets taken for lost and not sent again yet.</summary>
    public int PendingOctets { get; private set; }

    /// <summary>RFC 6675 4, pipe, in octets.</summary>
    public int Pipe => Right - Left - SackedOctets - LostOctets + RetransmittedOctets;

    /// <summary>A range by its place in the order of the sequence space.</summary>
    public ref readonly SentRange this[int i] => ref At(i);

    /// <summary>The left edge of a range.</summary>
    public SequenceNumber LeftOf(int i) => i == 0 ? Left : At(i - 1).Right;

    /// <summary>The right edge of the highest that is sacked; SND.UNA if nothing is.</summary>
    public SequenceNumber HighestSacked
    {
        get
        {
            if (SackedOctets == 0) return Left;
            int i = _count - 1;
            while (!At(i).Is(SentMarks.Sacked)) i--;
            return At(i).Right;
        }
    }

    /// <summary>Forgets everything; the next octet is <paramref name="una"/>.</summary>
    public void Reset(SequenceNumber una)
    {
        if (_ranges.Length > LargestKept) _ranges = new SentRange[FirstCapacity];
        _head = 0;
        _count = 0;
        Left = una;
        Segments = 0;
        SackedOctets = 0;
        SackedSegments = 0;
        LostOctets = 0;
        LostSegments = 0;
        RetransmittedOctets = 0;
        RetransmittedSegments = 0;
        PendingOctets = 0;
        ResetEpisodes();
    }

    /// <summary>New octets go out. Full segments of one instant share a range, and all do beyond the limit.</summary>
    public void Append(SequenceNumber right, int segments, Timestamp now, int mss, int limit)
    {
        int octets = right - Right;
        Segments += segments;
        if (_count > 0)
        {
            ref SentRange last = ref At(_count - 1);
            bool alike = last.At == now && octets == segments * mss && last.Right - LeftOf(_count - 1) == last.Segments * mss;
            if (last.Marks is SentMarks.None && (alike || _count >= limit) && last.Segments + segments <= ushort.MaxValue)
            {
                last.Right = right;
                last.Segments += (ushort)segments;
                last.At = now;
                return;
            }
        }
        if (_count == _ranges.Length) Grow();
        _count++;
        At(_count - 1) = new SentRange { Right = right, Segments = (ushort)Math.Min(segments, ushort.MaxValue), At = now };
    }

    /// <summary>SND.UNA moves to <paramref name="una"/>.</summary>
    public void Acknowledge(
        SequenceNumber una, SequenceNumber recoveryPoint, Duration minimumRoundTrip, Timestamp now, ref AckOutcome outcome)
    {
        while (_count > 0 && Left < una)
        {
            ref SentRange first = ref At(0);
            bool whole = first.Right <= una;
            SequenceNumber end = whole ? first.Right : una;
            int octets = end - Left;
            int segments = whole ? first.Segments : first.Segments - RemainingSegments(in first, Left, una);
            Tally(first.Marks, -octets, -segments);
            Segments -= segments;
            if (first.Is(SentMarks.SentAgain)) outcome.OfRetransmitted = true;
            if (!first.Is(SentMarks.Sacked))
            {
                outcome.Delivered += octets;
                if (!first.Is(SentMarks.SentAgain)) outcome.Arrived(Left, end, first.At, recoveryPoint);
                AdvanceRack(in first, minimumRoundTrip, now);
            }
            Left = end;
            if (whole)
            {
                _head = (_head + 1) & (_ranges.Length - 1);
                _count--;
            }
            else
            {
                first.Segments -= (ushort)segments;
            }
        }
        if (Left < una) Left = una;
        AssertInvariants();
    }

    /// <summary>Splits the range at a place so that one begins at <paramref name="at"/>. False if there would be too many.</summary>
    private bool Split(int i, SequenceNumber at, int limit)
    {
        if (_count >= limit) return false;
        if (_count == _ranges.Length) Grow();
        for (int k = _count; k > i; k--) At(k) = At(k - 1);
        _count++;
        ref SentRange left = ref At(i);
        ref SentRange right = ref At(i + 1);
        int remaining = RemainingSegments(in left, LeftOf(i), at);
        int before = Math.Max(1, left.Segments - remaining);
        int more = before + remaining - left.Segments; // of a single segment each part counts as one
        left.Right = at;
        left.Segments = (ushort)before;
        right.Segments = (ushort)remaining;
        Segments += more;
        TallySegments(left.Marks, more);
        return true;
    }

    /// <summary>How many segments of a range are left from <paramref name="from"/> on: at least one.</summary>
    private static int RemainingSegments(in SentRange range, SequenceNumber left, SequenceNumber from)
    {
        if (range.Segments == 1) return 1;
        int size = (range.Right - left + range.Segments - 1) / range.Segments;
        return Math.Clamp((range.Right - from + size - 1) / size, 1, range.Segments);
    }

    /// <summary>The place of the range that contains a number of the flight.</summary>
    private int IndexOf(SequenceNumber seq)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (At(middle).Right > seq) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private ref SentRange At(int i) => ref _ranges[(_head + i) & (_ranges.Length - 1)];

    private void Grow()
    {
        var larger = new SentRange[_ranges.Length * 2];
        for (int i = 0; i < _count; i++) larger[i] = At(i);
        _ranges = larger;
        _head = 0;
    }

    private void Remark(int i, SentMarks marks)
    {
        ref SentRange range = ref At(i);
        int octets = range.Right - LeftOf(i);
        Tally(range.Marks, -octets, -range.Segments);
        range.Marks = marks;
        Tally(marks, octets, range.Segments);
    }

    private void Tally(SentMarks marks, int octets, int segments)
    {
        if (marks is SentMarks.None) return;
        if ((marks & SentMarks.Sacked) != 0) SackedOctets += octets;
        if ((marks & SentMarks.Lost) != 0) LostOctets += octets;
        if ((marks & SentMarks.Retransmitted) != 0) RetransmittedOctets += octets;
        if ((marks & (SentMarks.Lost | SentMarks.Retransmitted)) == SentMarks.Lost) PendingOctets += octets;
        TallySegments(marks, segments);
    }

    private void TallySegments(SentMarks marks, int segments)
    {
        if ((marks & SentMarks.Sacked) != 0) SackedSegments += segments;
        if ((marks & SentMarks.Lost) != 0) LostSegments += segments;
        if ((marks & SentMarks.Retransmitted) != 0) RetransmittedSegments += segments;
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        int sacked = 0;
        int lost = 0;
        int again = 0;
        int segments = 0;
        for (int i = 0; i < _count; i++)
        {
            int octets = At(i).Right - LeftOf(i);
            Debug.Assert(octets > 0, "a range is not empty");
            if (At(i).Is(SentMarks.Sacked)) sacked += octets;
            if (At(i).Is(SentMarks.Lost)) lost += octets;
            if (At(i).Is(SentMarks.Retransmitted)) again += octets;
            segments += At(i).Segments;
        }
        Debug.Assert(sacked == SackedOctets && lost == LostOctets && again == RetransmittedOctets, "octets are counted right");
        Debug.Assert(segments == Segments, "segments are counted right");
        Debug.Assert(PendingOctets >= 0 && PendingOctets <= LostOctets, "what is to be sent again is lost");
    }
}
