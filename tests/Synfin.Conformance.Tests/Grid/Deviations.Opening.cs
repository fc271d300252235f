using Synfin.Conformance.Tests.Transcription;
using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>LISTEN, SYN-SENT and SYN-RECEIVED.</summary>
internal static partial class Deviations
{
    private static IEnumerable<Deviation> Opening => [.. OfTheFirstSyn, .. OfSynReceived];

    private static IEnumerable<Deviation> OfTheFirstSyn =>
    [
        new(
            "text on a SYN to a listener",
            "3.10.7.2: \"any other control or text should be queued for processing later\".",
            "LISTEN takes the SYN alone. Its text and FIN are not acknowledged, and come again.",
            "A flood of SYNs could fill memory with text (decisions.md, \"Text and FIN on a SYN to a listener\").")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.SegmentArrives && outcome.Tcb.State is ConnectionState.SynReceived
                && outcome.Tcb.PassiveOpen && (outcome.Tcb.Held.Count > 0 || outcome.Tcb.HeldFin is not null)
                && cell.Before.State is ConnectionState.Listen or ConnectionState.TimeWait
                ? But(outcome, ForgetQueued) : outcome,
        },
        new(
            "text on a crossing SYN",
            "3.10.7.3: queued \"for processing after the ESTABLISHED state has been reached\", so not acknowledged before.",
            "The text is kept, and acknowledged by the SYN,ACK; the user gets it in ESTABLISHED.",
            "What is in the buffer need not come again (behaviour.md, \"Data on SYN\").")
        {
            Then = (cell, outcome) => CrossesWith(cell, outcome) && outcome.Tcb.Held.Count > 0 ? But(outcome, TakeTextOfSyn) : outcome,
        },
        new(
            "FIN on a crossing SYN",
            "3.10.7.3: \"other controls\" are queued as text is.",
            "The FIN is not kept, and comes again.",
            "A SYN with FIN comes from test tools alone (decisions.md, \"Text and FIN on a SYN to a listener\").")
        {
            Then = (cell, outcome) => CrossesWith(cell, outcome) && outcome.Tcb.HeldFin is not null
                ? But(outcome, o => o.Tcb.HeldFin = null) : outcome,
        },
        new(
            "RST in SYN-SENT",
            "3.10.7.3: the user is told \"connection reset\".",
            "The user is told \"connection refused\".",
            "As 3.10.7.4 has it for an active OPEN in SYN-RECEIVED, and as every user knows it (ECONNREFUSED).")
        {
            Then = (cell, outcome) => cell.Before.State is ConnectionState.SynSent && outcome.Told is Told.ConnectionReset
                ? But(outcome, o => o.Told = Told.ConnectionRefused) : outcome,
        },
    ];

    private static IEnumerable<Deviation> OfSynReceived =>
    [
        new(
            "the SYN again",
            "Outside of the window: <ACK> (3.10.7.4, first); with text or FIN: back to LISTEN (fourth).",
            "The SYN that led to SYN-RECEIVED gets its SYN,ACK again.",
            "Our SYN,ACK was lost; the peer in SYN-SENT can do nothing with an <ACK>.")
        {
            Then = (cell, outcome) => IsHalfOpen(cell) && IsOldSyn(cell) ? SynAckAgain(cell.Before) : outcome,
        },
        new(
            "a new SYN in SYN-RECEIVED",
            "3.10.7.4, fourth: a connection of a passive OPEN returns to LISTEN.",
            "Challenge ACK, as in the synchronized states.",
            "One guess in 65,536 must not undo a handshake (decisions.md, \"A new SYN in the window of a half-open entry\").")
        {
            Then = (cell, outcome) => IsHalfOpen(cell) && Has(cell, ControlBits.Syn) && !Has(cell, ControlBits.Rst)
                && outcome.Tcb.State is ConnectionState.Listen ? OnlyAcknowledges(cell.Before) : outcome,
        },
        new(
            "SYN,ACK in SYN-RECEIVED",
            "3.10.7.4, first: the SYN is before the window, so the segment is acknowledged and dropped.",
            "After crossing SYNs the known SYN is cut off the SYN,ACK, and the rest is processed.",
            "Figure 8, line 6: else neither end of a simultaneous open would come to ESTABLISHED by it.")
        {
            Instead = cell => cell.Before.State is ConnectionState.SynReceived && !cell.Before.PassiveOpen
                && cell.Segment.Seq == cell.Before.Irs
                && (cell.Segment.Bits & (ControlBits.Syn | ControlBits.Ack | ControlBits.Rst)) == (ControlBits.Syn | ControlBits.Ack)
                ? WithoutSyn(cell.Segment) : cell.Segment,
        },
        new(
            "a bad ACK in SYN-RECEIVED",
            "3.10.7.4, fifth, with RFC 5961 5.2 before the states: an ACK far from what was sent is discarded \"and an ACK sent back\".",
            "RST, as for any ACK that is not acceptable in SYN-RECEIVED.",
            "RFC 5961 is about synchronized states; 3.5.2, group 2: \"in any non-synchronized state [...] a reset is sent\".")
        {
            Then = (cell, outcome) => cell.Before.State is ConnectionState.SynReceived && Has(cell, ControlBits.Ack)
                ? ResetInPlaceOfAck(cell, outcome) : outcome,
        },
    ];

    private static bool IsHalfOpen(Cell cell) =>
        Arrives(cell) && cell.Before.State is ConnectionState.SynReceived && cell.Before.PassiveOpen;

    private static bool IsOldSyn(Cell cell) => cell.Arrived.Seq == cell.Before.Irs
        && (cell.Arrived.Bits & (ControlBits.Syn | ControlBits.Ack | ControlBits.Rst)) == ControlBits.Syn;

    private static bool CrossesWith(Cell cell, Outcome outcome) =>
        cell.Before.State is ConnectionState.SynSent && outcome.Tcb.State is ConnectionState.SynReceived;

    private static void ForgetQueued(Outcome outcome)
    {
        outcome.Tcb.Held.Clear();
        outcome.Tcb.HeldFin = null;
    }

    private static void TakeTextOfSyn(Outcome outcome)
    {
        ControlBlock tcb = outcome.Tcb;
        int octets = tcb.HeldOctets;
        tcb.Held.Clear();
        tcb.RcvNxt += (uint)octets;
        tcb.RcvWnd -= (uint)octets;
        tcb.Received += octets;
        tcb.LastAckSent = tcb.RcvNxt;
        outcome.Replies[0] = outcome.Replies[0] with { Ack = tcb.RcvNxt, Wnd = tcb.RcvWnd };
    }

    private static Outcome SynAckAgain(ControlBlock before) => new()
    {
        Tcb = before.Copy(),
        Replies = [new Reply(ControlBits.Syn | ControlBits.Ack, before.Iss, before.RcvNxt, 0, before.RcvWnd)],
    };

    private static IncomingSegment WithoutSyn(IncomingSegment seg) =>
        seg with { Bits = seg.Bits & ~ControlBits.Syn, Seq = seg.Seq + 1, Up = seg.Up == 0 ? 0 : seg.Up - 1 };

    private static Outcome ResetInPlaceOfAck(Cell cell, Outcome outcome)
    {
        ControlBlock tcb = cell.Before;
        bool far = Less(cell.Segment.Ack, tcb.SndUna - tcb.MaxSndWnd) || Less(tcb.SndNxt, cell.Segment.Ack);
        if (!far) return outcome;
        // What comes of one that is not far tells whether the fifth step is reached.
        Outcome near = cell.Rfc(cell.Segment with { Ack = tcb.SndUna });
        if (near.Replies.Count == 0 || near.Replies[0].Bits != ControlBits.Rst) return outcome;
        near.Replies[0] = near.Replies[0] with { Seq = cell.Segment.Ack };
        return near;
    }
}
