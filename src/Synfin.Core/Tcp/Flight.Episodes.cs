using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>The variables of loss detection and of recoveries: they mean nothing once all is acknowledged.</summary>
internal sealed partial class Flight
{
    /// <summary>RFC 8985 5.3, RACK.xmit_ts: when the segment left that was sent last of those delivered.</summary>
    public Timestamp RackAt;

    /// <summary>RFC 8985 5.3, RACK.end_seq.</summary>
    public SequenceNumber RackRight;

    /// <summary>RFC 8985 5.3, RACK.rtt.</summary>
    public Duration RackRoundTrip;

    /// <summary>Whether something was delivered since losses were looked for.</summary>
    public bool RackAdvanced;

    /// <summary>Duplicate ACKs in a row.</summary>
    public int DuplicateAcks;

    /// <summary>Without SACK: the octets that duplicate ACKs say have left the network.</summary>
    public int DuplicateOctets;

    /// <summary>FlightSize before the first duplicate: without limited transmit (RFC 5681 3.2 (2)).</summary>
    public int BeforeDuplicates;

    /// <summary>RFC 9937 6, RecoverFS.</summary>
    public int ReductionFrom;

    /// <summary>RFC 9937 6, prr_delivered.</summary>
    public long ReductionDelivered;

    /// <summary>RFC 9937 6, prr_out.</summary>
    public long ReductionOut;

    /// <summary>Whether the last reduction may turn out to have been needless.</summary>
    public bool MayUndo;

    /// <summary>SND.UNA at that reduction.</summary>
    public SequenceNumber UndoFrom;

    /// <summary>Segments sent again since, of which no DSACK told; -1 before the first.</summary>
    public int UndoSegments;

    /// <summary>cwnd before that reduction.</summary>
    public int PriorWindow;

    /// <summary>ssthresh before that reduction.</summary>
    public int PriorThreshold;

    /// <summary>RFC 3522 3.2, RetransmitTS: the timestamp of the first retransmission, if <see cref="HasRetransmitTime"/>.</summary>
    public uint RetransmitTime;

    /// <inheritdoc cref="RetransmitTime"/>
    public bool HasRetransmitTime;

    /// <summary>RFC 5682: the timer expired, and it is not known whether needlessly.</summary>
    public bool ForwardRto;

    /// <summary>RFC 5682 2.1 (2b): new data is to go, and no retransmission before the next ACK.</summary>
    public ForwardStep Forward;

    /// <summary>RFC 8985 7.1, TLP.end_seq, if <see cref="Probing"/>.</summary>
    public SequenceNumber ProbeEnd;

    /// <summary>A tail loss probe is out.</summary>
    public bool Probing;

    /// <summary>RFC 8985 7.1, TLP.is_retrans.</summary>
    public bool ProbeOfOld;

    /// <summary>The most that was in flight since <see cref="UsageEnd"/> was set.</summary>
    public int MostInFlight;

    /// <summary>When this is acknowledged, the use of the window is measured anew.</summary>
    public SequenceNumber UsageEnd;

    /// <summary>The path's MSS before a black hole was suspected, if <see cref="InBlackHole"/>.</summary>
    public int MssBefore;

    /// <summary>Whether segments were made smaller because full ones alone were lost.</summary>
    public bool InBlackHole;

    private void ResetEpisodes()
    {
        InBlackHole = false;
        RackAt = new Timestamp(long.MinValue);
        RackRight = Left;
        RackRoundTrip = Duration.Zero;
        RackAdvanced = false;
        DuplicateAcks = 0;
        DuplicateOctets = 0;
        ReductionFrom = 0;
        MayUndo = false;
        HasRetransmitTime = false;
        ForwardRto = false;
        Forward = ForwardStep.None;
        Probing = false;
        MostInFlight = 0;
        UsageEnd = Left;
    }

    /// <summary>
    /// RFC 8985 6.2 steps 2 and 3: a segment was delivered. If it was sent twice, and the second time less than a round trip ago, the first
    /// one arrived.
    /// </summary>
    private void AdvanceRack(in SentRange range, Duration minimumRoundTrip, Timestamp now)
    {
        Duration roundTrip = now - range.At;
        if (range.Is(SentMarks.SentAgain) && roundTrip < minimumRoundTrip) return;
        RackAdvanced = true;
        RackRoundTrip = roundTrip;
        if (!SentRange.After(range.At, range.Right, RackAt, RackRight)) return;
        RackAt = range.At;
        RackRight = range.Right;
    }

    /// <summary>RFC 8985 6.2 step 5: what was sent before something that was delivered, a round trip and more ago, is lost.</summary>
    /// <param name="now">The time.</param>
    /// <param name="window">RACK.reo_wnd.</param>
    /// <param name="outcome">Is told what was lost.</param>
    /// <returns>How long to wait until the rest is; zero if nothing is in doubt.</returns>
    public Duration DetectLosses(Timestamp now, Duration window, ref AckOutcome outcome)
    {
        RackAdvanced = false;
        Duration wait = Duration.Zero;
        for (int i = 0; i < _count; i++)
        {
            ref SentRange range = ref At(i);
            if (range.Is(SentMarks.Sacked) || IsPending(i)) continue;
            if (!SentRange.After(RackAt, RackRight, range.At, range.Right)) continue;
            Duration remaining = range.At + RackRoundTrip + window - now;
            if (remaining > Duration.Zero)
            {
                wait = Duration.Max(wait, remaining);
                continue;
            }
            if (!range.Is(SentMarks.Lost)) outcome.Lost += range.Right - LeftOf(i);
            if (range.Is(SentMarks.Retransmitted)) outcome.RetransmissionLost = true;
            Remark(i, (range.Marks | SentMarks.Lost) & ~SentMarks.Retransmitted);
        }
        AssertInvariants();
        return wait;
    }

    /// <summary>Whether something is in doubt, so that it is worth looking for losses.</summary>
    public bool InDoubt => RackAdvanced && (SackedOctets | LostOctets | RetransmittedOctets) != 0;

    /// <summary>Whether anything that was ever sent again is not acknowledged.</summary>
    public bool AnySentAgain => RetransmittedOctets > 0 || (_count > 0 && At(0).Is(SentMarks.SentAgain));
}
