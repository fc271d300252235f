using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Transcription;

/// <summary>3.10.7.1 to 3.10.7.3: SEGMENT ARRIVES in CLOSED, LISTEN and SYN-SENT.</summary>
public sealed partial class EventProcessing
{
    /// <summary>3.10.7.</summary>
    public Outcome SegmentArrives(IncomingSegment seg)
    {
        // "If the state is CLOSED (i.e., TCB does not exist), then"
        if (tcb.State is ConnectionState.Closed) SegmentArrivesInClosed(seg);
        // "If the state is LISTEN, then"
        else if (tcb.State is ConnectionState.Listen) SegmentArrivesInListen(seg);
        // "If the state is SYN-SENT, then"
        else if (tcb.State is ConnectionState.SynSent) SegmentArrivesInSynSent(seg);
        // "Otherwise,"
        else SegmentArrivesInOtherStates(seg);
        return End();
    }

    /// <summary>3.10.7.1.</summary>
    private void SegmentArrivesInClosed(IncomingSegment seg)
    {
        // "all data in the incoming segment is discarded. An incoming segment containing a RST is discarded."
        if (seg.Has(ControlBits.Rst)) return;
        // "An incoming segment not containing a RST causes a RST to be sent in response."
        SendReset(seg);
        // "Return."
    }

    /// <summary>3.10.7.2.</summary>
    private void SegmentArrivesInListen(IncomingSegment seg)
    {
        // First, check for a RST: "An incoming RST should be ignored. Return."
        if (seg.Has(ControlBits.Rst)) return;

        // Second, check for an ACK: "Any acknowledgment is bad if it arrives on a connection still in the LISTEN state. An acceptable reset
        // segment should be formed for any arriving ACK-bearing segment: <SEQ=SEG.ACK><CTL=RST>. Return."
        if (seg.Has(ControlBits.Ack))
        {
            Send(ControlBits.Rst, seg.Ack);
            return;
        }

        // Third, check for a SYN: (security/compartment: not used, A.1)
        if (seg.Has(ControlBits.Syn))
        {
            // "Set RCV.NXT to SEG.SEQ+1, IRS is set to SEG.SEQ"
            tcb.RcvNxt = seg.Seq + 1;
            tcb.Irs = seg.Seq;
            tcb.RcvUp = tcb.RcvNxt;
            tcb.Consumed = tcb.RcvNxt;
            // "and any other control or text should be queued for processing later."
            QueueForLater(seg);
            // "ISS should be selected and a SYN segment sent of the form: <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>"
            tcb.Iss = iss;
            // "SND.NXT is set to ISS+1 and SND.UNA to ISS."
            tcb.SndNxt = tcb.Iss + 1;
            tcb.SndUna = tcb.Iss;
            // "The connection state should be changed to SYN-RECEIVED."
            tcb.State = ConnectionState.SynReceived;
            tcb.PassiveOpen = true;
            // Insertion, RFC 7323 3.2 and 4.3 (1): the option of the SYN; RFC 1122 4.2.2.20 (c): its window.
            NoteSyn(seg);
            Send(ControlBits.Syn | ControlBits.Ack, tcb.Iss, tcb.RcvNxt);
            return;
        }

        // Fourth, other data or control: "This should not be reached. Drop the segment and return."
    }

    /// <summary>3.10.7.3.</summary>
    private void SegmentArrivesInSynSent(IncomingSegment seg)
    {
        // First, check the ACK bit: "If the ACK bit is set,"
        bool ackIsAcceptable = false;
        if (seg.Has(ControlBits.Ack))
        {
            // "If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset (unless the RST bit is set, if so drop the segment and return)
            // <SEQ=SEG.ACK><CTL=RST> and discard the segment. Return."
            if (LessOrEqual(seg.Ack, tcb.Iss) || Less(tcb.SndNxt, seg.Ack))
            {
                if (!seg.Has(ControlBits.Rst)) Send(ControlBits.Rst, seg.Ack);
                return;
            }
            // "If SND.UNA < SEG.ACK =< SND.NXT, then the ACK is acceptable."
            ackIsAcceptable = Less(tcb.SndUna, seg.Ack) && LessOrEqual(seg.Ack, tcb.SndNxt);
        }

        // Second, check the RST bit: "If the RST bit is set," (3.5.3: in SYN-SENT "the RST is acceptable if the ACK field
        // acknowledges the SYN"; there is no RCV.NXT yet that its number could match.)
        if (seg.Has(ControlBits.Rst))
        {
            // "If the ACK was acceptable, then signal to the user 'error: connection reset', drop the segment, enter CLOSED state, delete
            // TCB, and return. Otherwise (no ACK), drop the segment and return."
            if (!ackIsAcceptable) return;
            _outcome.Told |= Told.ConnectionReset;
            DeleteTcb();
            return;
        }

        // Third, check the security: not used (A.1).

        // Fourth, check the SYN bit: "This step should be reached only if the ACK is ok, or there is no ACK, and the segment did not
        // contain a RST."
        if (seg.Has(ControlBits.Syn))
        {
            SynArrivesInSynSent(seg);
            return;
        }

        // Fifth, "if neither of the SYN or RST bits is set, then drop the segment and return."
    }

    private void SynArrivesInSynSent(IncomingSegment seg)
    {
        // "If the SYN bit is on [...], then RCV.NXT is set to SEG.SEQ+1, IRS is set to SEG.SEQ."
        tcb.RcvNxt = seg.Seq + 1;
        tcb.Irs = seg.Seq;
        tcb.RcvUp = tcb.RcvNxt;
        tcb.Consumed = tcb.RcvNxt;
        // "SND.UNA should be advanced to equal SEG.ACK (if there is an ACK), and any segments on the retransmission queue that are thereby
        // acknowledged should be removed."
        if (seg.Has(ControlBits.Ack)) tcb.SndUna = seg.Ack;
        // "Set the variables: SND.WND <- SEG.WND, SND.WL1 <- SEG.SEQ, SND.WL2 <- SEG.ACK": below the sentence about SYN-RECEIVED; RFC 1122
        // 4.2.2.20 (c) has it of ESTABLISHED.
        NoteSyn(seg);

        // "If SND.UNA > ISS (our SYN has been ACKed), change the connection state to ESTABLISHED,"
        if (Less(tcb.Iss, tcb.SndUna))
        {
            EnterEstablished();
            // "form an ACK segment <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> and send it. Data or controls that were queued for transmission MAY
            // be included." (At the end; "some implementations suppress sending this segment when the received segment contains data".)
            SendAcknowledgment();
            // "If there are other controls or text in the segment, then continue processing at the sixth step under Section 3.10.7.4 where
            // the URG bit is checked; otherwise, return."
            uint urgentEnd = seg.Seq + seg.Up;
            IncomingSegment rest = TrimToWindow(seg with { Bits = seg.Bits & ~ControlBits.Syn, Seq = seg.Seq + 1 });
            _ = SixthCheckUrg(rest, urgentEnd) && SeventhProcessText(rest) && EighthCheckFin(rest);
            return;
        }

        // "Otherwise, enter SYN-RECEIVED, form a SYN,ACK segment <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> and send it."
        tcb.State = ConnectionState.SynReceived;
        // "If there are other controls or text in the segment, queue them for processing after the ESTABLISHED state has been reached,
        // return."
        QueueForLater(seg);
        Send(ControlBits.Syn | ControlBits.Ack, tcb.Iss, tcb.RcvNxt);
    }

    /// <summary>A SYN's window and Timestamps option.</summary>
    private void NoteSyn(in IncomingSegment seg)
    {
        tcb.SndWnd = seg.Wnd;
        tcb.SndWl1 = seg.Seq;
        tcb.SndWl2 = seg.Ack;
        tcb.MaxSndWnd = Math.Max(tcb.MaxSndWnd, seg.Wnd);
        if (seg.TsVal is not { } value) return;
        // RFC 7323 2 and 3.2: the option is in use if both SYNs have it; TS.Recent begins with the SYN's TSval.
        tcb.Timestamps = true;
        tcb.TsRecent = value;
    }

    private void QueueForLater(in IncomingSegment seg)
    {
        int octets = Math.Min(seg.Text, (int)tcb.RcvWnd);
        Hold(seg.Seq + 1, seg.Seq + 1 + (uint)octets);
        if (seg.Has(ControlBits.Fin) && seg.Text < tcb.RcvWnd) tcb.HeldFin = seg.Seq + 1 + (uint)seg.Text;
    }
}
