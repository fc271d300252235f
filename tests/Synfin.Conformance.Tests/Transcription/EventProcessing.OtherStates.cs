using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Transcription;

/// <summary>3.10.7.4, first to fourth: sequence number, RST, security, SYN.</summary>
public sealed partial class EventProcessing
{
    private void SegmentArrivesInOtherStates(IncomingSegment seg)
    {
        uint urgentEnd = seg.Seq + seg.Up;
        if (!FirstCheckSequenceNumber(ref seg)) return;
        if (!SecondCheckRst(seg)) return;
        // Third, check security: not used (A.1).
        if (!FourthCheckSyn(seg)) return;
        // "In the following it is assumed that the segment is the idealized segment that begins at RCV.NXT and does not exceed the window.
        // One could tailor actual segments to fit this assumption by trimming off any portions that lie outside the window (including SYN
        // and FIN) [...]" (After the fourth step: RFC 5961 has the RST's and the SYN's own number looked at.)
        seg = TrimToWindow(seg);
        if (!FifthCheckAck(seg)) return;
        if (!SixthCheckUrg(seg, urgentEnd)) return;
        if (!SeventhProcessText(seg)) return;
        EighthCheckFin(seg);
    }

    /// <summary>"First, check sequence number".</summary>
    private bool FirstCheckSequenceNumber(ref IncomingSegment seg)
    {
        // Insertion, RFC 6191 2: "for the TIME-WAIT state, there is an improved algorithm described in [40] for handling incoming SYN
        // segments that utilizes timestamps rather than relying on the sequence number check"; 3.6.1: "it MAY accept a new SYN from the
        // remote TCP endpoint to reopen the connection directly from TIME-WAIT state (MAY-2)".
        if (tcb.State is ConnectionState.TimeWait && tcb.Listens && IsNewerSyn(seg))
        {
            tcb.State = ConnectionState.Listen;
            tcb.RcvWnd = Buffer;
            tcb.Timestamps = false;
            tcb.MaxSndWnd = 0;
            tcb.Received = 0;
            SegmentArrivesInListen(seg);
            return false;
        }
        // Insertion, RFC 7323 5.3 R1: before the acceptability test.
        if (!CheckTimestamp(ref seg)) return false;

        // "There are four cases for the acceptability test for an incoming segment": Table 6.
        if (IsAcceptable(seg)) return true;

        // "If the RCV.WND is zero, no segments will be acceptable, but special allowance should be made to accept valid ACKs, URGs, and
        // RSTs." The text is not taken, so the sender is told.
        if (tcb.RcvWnd == 0 && seg.Seq == tcb.RcvNxt)
        {
            if (!seg.Has(ControlBits.Rst)) SendAcknowledgment();
            return true;
        }

        // "If an incoming segment is not acceptable, an acknowledgment should be sent in reply (unless the RST bit is set, if so drop the
        // segment and return): <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>. After sending the acknowledgment, drop the unacceptable segment and
        // return."
        if (!seg.Has(ControlBits.Rst)) SendAcknowledgment();
        return false;
    }

    /// <summary>Table 6: Segment Acceptability Tests.</summary>
    private bool IsAcceptable(in IncomingSegment seg)
    {
        // Length 0, window 0: SEG.SEQ = RCV.NXT
        if (seg.Len == 0 && tcb.RcvWnd == 0) return seg.Seq == tcb.RcvNxt;
        // Length 0, window >0: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND
        if (seg.Len == 0) return IsWithin(seg.Seq, tcb.RcvNxt, tcb.RcvWnd);
        // Length >0, window 0: not acceptable
        if (tcb.RcvWnd == 0) return false;
        // Length >0, window >0: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND or RCV.NXT =< SEG.SEQ+SEG.LEN-1 < RCV.NXT+RCV.WND
        return IsWithin(seg.Seq, tcb.RcvNxt, tcb.RcvWnd) || IsWithin(seg.Seq + seg.Len - 1, tcb.RcvNxt, tcb.RcvWnd);
    }

    /// <summary>RFC 6191 2; the sequence number where timestamps do not tell.</summary>
    private bool IsNewerSyn(in IncomingSegment seg)
    {
        bool syn = (seg.Bits & (ControlBits.Syn | ControlBits.Rst | ControlBits.Ack)) == ControlBits.Syn;
        if (!syn) return false;
        // RFC 6191 2: with timestamps a SYN with a larger one than the last of the previous incarnation is honored; with the same one, if
        // its sequence number is larger than the last that was seen.
        if (tcb.Timestamps && seg.TsVal is { } value)
            return Less(tcb.TsRecent, value) || (value == tcb.TsRecent && Less(tcb.RcvNxt, seg.Seq));
        // RFC 6191 2, without timestamps: if its sequence number is larger than the last that was seen.
        return Less(tcb.RcvNxt, seg.Seq);
    }

    /// <summary>RFC 7323 3.2 and 5.3.</summary>
    private bool CheckTimestamp(ref IncomingSegment seg)
    {
        // RFC 7323 5.2: a RST is not subjected to the PAWS check.
        if (!tcb.Timestamps || seg.Has(ControlBits.Rst)) return true;
        // 3.2: "If a non-<RST> segment is received without a TSopt, a TCP SHOULD silently drop the segment."
        if (seg.TsVal is not { } value) return false;
        // 5.3, R1: with SEG.TSval < TS.Recent it is treated as not acceptable: acknowledged and dropped.
        if (!Less(value, tcb.TsRecent)) return true;
        SendAcknowledgment();
        return false;
    }

    /// <summary>"Second, check the RST bit", with RFC 5961 3.2.</summary>
    private bool SecondCheckRst(in IncomingSegment seg)
    {
        if (!seg.Has(ControlBits.Rst)) return true;
        // Insertion, RFC 1337 3 (F1), in place of "CLOSING, LAST-ACK, TIME-WAIT: if the RST bit is set, then enter the CLOSED state":
        // "Ignore RST segments in TIME-WAIT state."
        if (tcb.State is ConnectionState.TimeWait && amendments.Rfc1337) return false;
        bool exact = seg.Seq == tcb.RcvNxt;
        // RFC 5961 3.2, 1): "If the RST bit is set and the sequence number is outside the current receive window, silently drop the
        // segment."
        if (!exact && !IsWithin(seg.Seq, tcb.RcvNxt, tcb.RcvWnd)) return false;
        // 3): "If [...] the sequence number does not exactly match the next expected sequence value, yet is within the current receive
        // window, TCP endpoints MUST send an acknowledgment (challenge ACK) [...] MUST drop the unacceptable segment".
        if (!exact)
        {
            SendAcknowledgment();
            return false;
        }
        // 2): "[...] exactly matches the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset the connection in the
        // manner prescribed below according to the connection state."
        switch (tcb.State)
        {
            case ConnectionState.SynReceived:
                // "If this connection was initiated with a passive OPEN (i.e., came from the LISTEN state), then return this connection to
                // LISTEN state and return. The user need not be informed."
                if (tcb.PassiveOpen)
                {
                    ReturnToListen();
                    return false;
                }
                // "If this connection was initiated with an active OPEN [...], signal the user 'connection refused'. [...] enter the CLOSED
                // state and delete the TCB, and return."
                _outcome.Told |= Told.ConnectionRefused;
                break;
            case ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.FinWait2 or ConnectionState.CloseWait:
                // "any outstanding RECEIVEs and SEND should receive 'reset' responses. All segment queues should be flushed. Users should
                // also receive an unsolicited general 'connection reset' signal. Enter the CLOSED state, delete the TCB, and return."
                _outcome.Told |= Told.ConnectionReset;
                break;
            default:
                // CLOSING, LAST-ACK, TIME-WAIT: "enter the CLOSED state, delete the TCB, and return."
                break;
        }
        DeleteTcb();
        return false;
    }

    /// <summary>"Fourth, check the SYN bit".</summary>
    private bool FourthCheckSyn(in IncomingSegment seg)
    {
        if (!seg.Has(ControlBits.Syn)) return true;
        // SYN-RECEIVED: "If the connection was initiated with a passive OPEN, then return this connection to the LISTEN state and return.
        // Otherwise, handle per the directions for synchronized states below."
        if (tcb.State is ConnectionState.SynReceived && tcb.PassiveOpen)
        {
            ReturnToListen();
            return false;
        }
        // "RFC 5961 recommends that in these synchronized states, if the SYN bit is set, irrespective of the sequence number, TCP endpoints
        // MUST send a 'challenge ACK' to the remote peer [...] MUST drop the unacceptable segment and stop processing further."
        SendAcknowledgment();
        return false;
    }

    /// <summary>"trimming off any portions that lie outside the window".</summary>
    private IncomingSegment TrimToWindow(IncomingSegment seg)
    {
        if (Less(seg.Seq, tcb.RcvNxt) && seg.Len > 0)
        {
            // "If a segment's contents straddle the boundary between old and new, only the new parts are processed."
            seg = seg with { Text = seg.Text - (int)Math.Min(tcb.RcvNxt - seg.Seq, (uint)seg.Text), Seq = tcb.RcvNxt };
        }
        uint edge = tcb.RcvNxt + tcb.RcvWnd;
        if (seg.Has(ControlBits.Fin) && LessOrEqual(edge, seg.Seq + (uint)seg.Text)) seg = seg with { Bits = seg.Bits & ~ControlBits.Fin };
        if (Less(edge, seg.Seq + (uint)seg.Text)) seg = seg with { Text = (int)(edge - seg.Seq) };
        return seg;
    }
}
