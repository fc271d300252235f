using Synfin.Conformance.Tests.Transcription;
using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>ESTABLISHED to LAST-ACK.</summary>
internal static partial class Deviations
{
    private static IEnumerable<Deviation> Synchronized => [.. OfAcksAndEdges, .. OfResets, .. OfTheEnd];

    private static IEnumerable<Deviation> OfAcksAndEdges =>
    [
        new(
            "an ACK of what was never acknowledged",
            "RFC 5961 5.2: acceptable from SND.UNA - MAX.SND.WND on.",
            "Acceptable only if it was acknowledged once on this connection: one before ISS + 1 is challenged.",
            "Of less only a guess can be; Linux does so too.")
        {
            Instead = cell => IsOpen(cell.Before.State) && Reaches(cell) && IsOlderThanSeen(cell)
                ? cell.Segment with { Ack = cell.Before.SndUna - cell.Before.MaxSndWnd - 1 } : cell.Segment,
        },
        new(
            "the window of a segment that is partly old",
            "3.10.7.4: SND.WL1 is compared with the SEG.SEQ of the trimmed segment, which is RCV.NXT.",
            "It is compared with the SEG.SEQ on the wire.",
            "It was made before what updated the window; so does Linux (linux-differences.md, \"The window of a late segment\").")
        {
            Instead = cell => (IsOpen(cell.Before.State) || cell.Before.State is ConnectionState.SynReceived) && StraddlesLeft(cell)
                && cell.Segment.WindowSeq is null && Reaches(cell)
                ? cell.Segment with { WindowSeq = cell.Segment.Seq } : cell.Segment,
        },
        new(
            "a segment over both edges of the window",
            "Table 6: neither its first nor its last number is in the window, so it is not acceptable.",
            "It is acceptable: what lies in the window is processed.",
            "4, receive window: \"segments overlapping the range [...] carry acceptable data or control\"; Table 6 tests but the two ends.")
        {
            Instead = cell => (IsOpen(cell.Before.State) || cell.Before.State is ConnectionState.SynReceived)
                && cell.Before.RcvWnd > 0 && !Has(cell, ControlBits.Rst) && StraddlesLeft(cell)
                && Less(cell.Before.RcvNxt + cell.Before.RcvWnd, cell.Segment.Seq + cell.Segment.Len)
                ? BegunAtTheWindow(cell) : cell.Segment,
        },
    ];

    private static IEnumerable<Deviation> OfResets =>
    [
        new(
            "a RST in CLOSING and LAST-ACK",
            "3.10.7.4, second: \"enter the CLOSED state\"; the user is not told.",
            "The user is told \"connection reset\", if it asks.",
            "3.5.3: in any other state the receiver of a RST \"aborts the connection and advises the user\" (and MUST-12).")
        {
            Then = (cell, outcome) => cell.Before.State is ConnectionState.Closing or ConnectionState.LastAck
                && Has(cell, ControlBits.Rst) && outcome.Tcb.State is ConnectionState.Closed
                ? But(outcome, o => o.Told |= Told.ConnectionReset) : outcome,
        },
        new(
            "a RST with the FIN's number",
            "RFC 5961 3.2: outside of the window, so dropped.",
            "A RST with the number of the peer's FIN ends the connection.",
            "Some peers send one when they are ended at once after their FIN; Linux takes it.")
        {
            Profiles = ["Linux"],
            Instead = cell => cell.Before.State is ConnectionState.CloseWait or ConnectionState.Closing or ConnectionState.LastAck
                && Has(cell, ControlBits.Rst) && cell.Segment.Seq == cell.Before.RcvNxt - 1
                ? cell.Segment with { Seq = cell.Before.RcvNxt, Text = 0 } : cell.Segment,
        },
    ];

    private static IEnumerable<Deviation> OfTheEnd =>
    [
        new(
            "a second FIN",
            "3.10.7.4, eighth: \"advance RCV.NXT over the FIN, and send an acknowledgment\", in all states.",
            "After the peer's FIN another one, with a higher number, is ignored.",
            "There is nothing beyond a FIN: one of the two is not the peer's.")
        {
            Instead = cell => cell.Before.State is ConnectionState.CloseWait or ConnectionState.Closing or ConnectionState.LastAck
                && Has(cell, ControlBits.Fin) ? cell.Segment with { FinDoesNotCount = true } : cell.Segment,
        },
        new(
            "a FIN in the midst of text",
            "Each is processed as it comes: a FIN below text that is held, text beyond a FIN that is held, two FINs.",
            "What came first is believed; what contradicts it is cut off, and acknowledged.",
            "One of the two is not the peer's, and octets once received stay (linux-differences.md, \"A FIN in the midst of text\").")
        {
            Instead = cell => cell.Before.State is ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.FinWait2
                && !Has(cell, ControlBits.Rst) ? Believed(cell) : cell.Segment,
            Then = (cell, outcome) => IsOpen(cell.Before.State) && IsCutByFin(cell) && Has(cell, ControlBits.Ack)
                && outcome.Replies.Count == 0 ? But(outcome, AcknowledgeToo) : outcome,
        },
        new(
            "text over the edge after the peer's FIN",
            "3.10.7.4, seventh: \"ignore the segment text\".",
            "It is ignored, but acknowledged if it lies over the right edge of the window.",
            "All that is cut at the edge is acknowledged, in every state: the peer learns where the edge is (3.8.6.1).")
        {
            Then = (cell, outcome) => cell.Before.State is ConnectionState.CloseWait or ConnectionState.Closing or ConnectionState.LastAck
                && outcome.Tcb.State == cell.Before.State && (cell.Arrived.Bits & (ControlBits.Ack | ControlBits.Rst)) == ControlBits.Ack
                && outcome.Replies.Count == 0 && IsOverTheEdge(cell)
                ? But(outcome, AcknowledgeToo) : outcome,
        },
        new(
            "a closed window",
            "3.10.7.4, first: text is not acceptable, and acknowledged; \"special allowance should be made to accept valid ACKs\".",
            "At RCV.NXT it goes on to the fifth step; without ACK, or after a RST for a bad ACK, there is no acknowledgment.",
            "One answer to a segment; what the fifth step drops is no zero-window probe.")
        {
            Then = (cell, outcome) => Arrives(cell) && cell.Before.RcvWnd == 0 && cell.Arrived.Seq == cell.Before.RcvNxt
                && cell.Before.State is not (ConnectionState.TimeWait or ConnectionState.SynSent)
                && cell.Arrived.Len > 0 && (cell.Arrived.Bits & (ControlBits.Rst | ControlBits.Syn)) == 0
                && (!cell.Arrived.Has(ControlBits.Ack) || outcome.Replies.Any(r => r.Bits is ControlBits.Rst))
                ? But(outcome, o => o.Replies.RemoveAll(r => r.Bits is ControlBits.Ack)) : outcome,
        },
    ];

    /// <summary>It may come to the fifth step.</summary>
    private static bool Reaches(Cell cell) => Has(cell, ControlBits.Ack) && !Has(cell, ControlBits.Rst);

    private static bool IsOlderThanSeen(Cell cell)
    {
        ControlBlock tcb = cell.Before;
        uint oldest = tcb.PassiveOpen ? tcb.Iss + 1 : tcb.Iss;
        return Less(cell.Segment.Ack, oldest);
    }

    private static IncomingSegment BegunAtTheWindow(Cell cell)
    {
        IncomingSegment seg = cell.Segment;
        uint old = cell.Before.RcvNxt - seg.Seq;
        uint cut = seg.Has(ControlBits.Syn) ? old - 1 : old;
        return seg with { Seq = cell.Before.RcvNxt, Text = seg.Text - (int)cut, Up = seg.Up - old };
    }

    private static IncomingSegment Believed(Cell cell)
    {
        IncomingSegment seg = cell.Segment;
        uint first = seg.Seq + (seg.Has(ControlBits.Syn) ? 1u : 0);
        uint fin = first + (uint)seg.Text;
        bool belowHeld = cell.Before.Held.Count > 0 && Less(fin, cell.Before.Held[^1].Right);
        bool elsewhere = cell.Before.HeldFin is { } held && held != fin;
        if (seg.Has(ControlBits.Fin) && (belowHeld || elsewhere)) seg = seg with { FinDoesNotCount = true };
        if (cell.Before.HeldFin is { } end && Less(end, fin))
            seg = seg with { Text = Less(end, first) ? 0 : (int)(end - first) };
        return seg;
    }

    private static bool IsCutByFin(Cell cell)
    {
        bool open = cell.Before.State is ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.FinWait2;
        bool cut = cell.Before.HeldFin is not null && cell.Segment.Text != cell.Arrived.Text;
        return cut || (open && cell.Segment.FinDoesNotCount);
    }

    private static bool IsOverTheEdge(Cell cell)
    {
        uint edge = cell.Before.RcvNxt + cell.Before.RcvWnd;
        return cell.Segment.Len > 0 && Less(edge, cell.Segment.Seq + cell.Segment.Len);
    }

    private static void AcknowledgeToo(Outcome outcome)
    {
        ControlBlock tcb = outcome.Tcb;
        outcome.Replies.Add(new Reply(ControlBits.Ack, tcb.SndNxt, tcb.RcvNxt, 0, tcb.RcvWnd));
    }
}
