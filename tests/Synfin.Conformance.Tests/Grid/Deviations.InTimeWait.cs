using Synfin.Conformance.Tests.Transcription;
using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>TIME-WAIT.</summary>
internal static partial class Deviations
{
    private static IEnumerable<Deviation> InTimeWait => [.. OfTimeWaitNumbers, .. OfTimeWaitAnswers];

    private static IEnumerable<Deviation> OfTimeWaitNumbers =>
    [
        new(
            "no timestamp in TIME-WAIT",
            "RFC 7323 3.2: a segment without the option, once it was agreed on, SHOULD be dropped silently.",
            "In TIME-WAIT it is judged by its sequence number, and answered.",
            "A peer that has forgotten the connection learns where it stands; Linux does so too.")
        {
            Instead = cell => cell.Before.State is ConnectionState.TimeWait && cell.Before.Timestamps && cell.Segment.TsVal is null
                ? cell.Segment with { TsVal = cell.Before.TsRecent } : cell.Segment,
        },
        new(
            "a RST within the window in TIME-WAIT",
            "RFC 5961 3.2: not exactly RCV.NXT, so challenged.",
            "Dropped silently.",
            "Only a RST at RCV.NXT ends TIME-WAIT, in this profile; the peer needs no challenge to send it again.")
        {
            Profiles = ["Linux"],
            Then = (cell, outcome) => IsInTimeWait(cell, outcome) && Has(cell, ControlBits.Rst) && outcome.Replies.Count > 0
                ? Nothing(outcome.Tcb) : outcome,
        },
        new(
            "a second FIN in TIME-WAIT",
            "3.10.7.4, eighth: \"advance RCV.NXT over the FIN\".",
            "RCV.NXT stays; the answer tells it.",
            "There is nothing beyond a FIN: one of the two is not the peer's.")
        {
            Then = (cell, outcome) => IsInTimeWait(cell, outcome) && outcome.Tcb.RcvNxt != cell.Before.RcvNxt
                ? But(outcome, o => TellOldNumber(cell.Before, o)) : outcome,
        },
    ];

    private static IEnumerable<Deviation> OfTimeWaitAnswers =>
    [
        new(
            "an ACK in TIME-WAIT",
            "3.10.7.4, fifth: \"the only thing that can arrive in this state is a retransmission of the remote FIN. Acknowledge it\".",
            "A segment without text and FIN at RCV.NXT is not answered, nor does it start 2 MSL again.",
            "It acknowledges our FIN, maybe again; two ends in TIME-WAIT would answer each other for ever.")
        {
            Then = (cell, outcome) => IsInTimeWait(cell, outcome) && cell.Segment.Len == 0 && cell.Segment.Seq == cell.Before.RcvNxt
                && !Has(cell, ControlBits.Rst) && !IsPaws(cell) && outcome.Replies.Count > 0
                ? Nothing(outcome.Tcb) : outcome,
        },
        new(
            "text without ACK in TIME-WAIT",
            "3.10.7.4, fifth: \"if the ACK bit is off, drop the segment and return\".",
            "What takes numbers in the window is answered also without ACK, as what lies outside of it is.",
            "One rule for all that is not an ACK; the limit of answers (RFC 5961 7) holds.")
        {
            Then = (cell, outcome) => IsInTimeWait(cell, outcome) && outcome.Replies.Count == 0 && !Has(cell, ControlBits.Rst)
                && !Has(cell, ControlBits.Ack) && !(cell.Segment.Len == 0 && cell.Segment.Seq == cell.Before.RcvNxt)
                ? But(outcome, o => o.Replies.AddRange(OnlyAcknowledges(cell.Before).Replies)) : outcome,
        },
        new(
            "old duplicates in TIME-WAIT",
            "3.10.7.4, first: what is outside of the window, the FIN too when it comes again, is acknowledged; 2 MSL go on.",
            "The FIN again, and any old duplicate with ACK, start 2 MSL again.",
            "Where one duplicate was more may be; for the FIN 3.10.7.4, fifth and eighth, mean it (decisions.md; Linux does so too).")
        {
            Then = (cell, outcome) => IsInTimeWait(cell, outcome) && outcome.Replies.Count > 0 && !outcome.TimeWaitStarted
                && (Has(cell, ControlBits.Ack) || IsFinAgain(cell))
                ? But(outcome, o => o.TimeWaitStarted = true) : outcome,
        },
    ];

    private static bool IsInTimeWait(Cell cell, Outcome outcome) =>
        Arrives(cell) && cell.Before.State is ConnectionState.TimeWait && outcome.Tcb.State is ConnectionState.TimeWait;

    private static bool IsPaws(Cell cell) =>
        cell.Before.Timestamps && cell.Segment.TsVal is { } value && Less(value, cell.Before.TsRecent);

    private static bool IsFinAgain(Cell cell) =>
        Has(cell, ControlBits.Fin) && cell.Segment.Seq + cell.Segment.Len == cell.Before.RcvNxt && !IsPaws(cell);

    private static void TellOldNumber(ControlBlock before, Outcome outcome)
    {
        outcome.Tcb.RcvNxt = before.RcvNxt;
        outcome.Tcb.RcvWnd = before.RcvWnd;
        for (int i = 0; i < outcome.Replies.Count; i++)
            outcome.Replies[i] = outcome.Replies[i] with { Ack = before.RcvNxt, Wnd = before.RcvWnd };
    }
}
