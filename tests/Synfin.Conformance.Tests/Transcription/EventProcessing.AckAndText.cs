using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Transcription;

/// <summary>3.10.7.4, fifth to eighth: ACK, URG, text, FIN.</summary>
public sealed partial class EventProcessing
{
    /// <summary>What the receive buffer holds; a new connection's RCV.WND.</summary>
    public const uint Buffer = 1024;

    /// <summary>"Fifth, check the ACK field".</summary>
    private bool FifthCheckAck(in IncomingSegment seg)
    {
        // "if the ACK bit is off, drop the segment and return"
        if (!seg.Has(ControlBits.Ack)) return false;
        // RFC 5961 5.2: "the ACK value is acceptable only if it is in the range of ((SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT). All
        // incoming segments whose ACK value doesn't satisfy the above condition MUST be discarded and an ACK sent back."
        if (Less(seg.Ack, tcb.SndUna - tcb.MaxSndWnd) || Less(tcb.SndNxt, seg.Ack))
        {
            SendAcknowledgment();
            return false;
        }
        NoteTimestamp(seg);
        switch (tcb.State)
        {
            case ConnectionState.SynReceived:
                return FifthInSynReceived(seg);
            case ConnectionState.Established or ConnectionState.CloseWait:
                // CLOSE-WAIT: "Do the same processing as for the ESTABLISHED state."
                return FifthInEstablished(seg);
            case ConnectionState.FinWait1:
                // "In addition to the processing for the ESTABLISHED state, if the FIN segment is now acknowledged, then enter FIN-WAIT-2
                // and continue processing in that state."
                if (!FifthInEstablished(seg)) return false;
                if (tcb.FinIsAcknowledged) tcb.State = ConnectionState.FinWait2;
                return true;
            case ConnectionState.FinWait2:
                // "In addition to the processing for the ESTABLISHED state, if the retransmission queue is empty, the user's CLOSE can be
                // acknowledged ('ok') but do not delete the TCB."
                return FifthInEstablished(seg);
            case ConnectionState.Closing:
                // "In addition to the processing for the ESTABLISHED state, if the ACK acknowledges our FIN, then enter the TIME-WAIT
                // state; otherwise, ignore the segment."
                if (!FifthInEstablished(seg) || !tcb.FinIsAcknowledged) return false;
                EnterTimeWait();
                return true;
            case ConnectionState.LastAck:
                // "The only thing that can arrive in this state is an acknowledgment of our FIN. If our FIN is now acknowledged, delete the
                // TCB, enter the CLOSED state, and return."
                if (!FifthInEstablished(seg)) return false;
                if (!tcb.FinIsAcknowledged) return true;
                DeleteTcb();
                return false;
            default:
                // TIME-WAIT: "The only thing that can arrive in this state is a retransmission of the remote FIN. Acknowledge it, and
                // restart the 2 MSL timeout."
                SendAcknowledgment();
                _outcome.TimeWaitStarted = true;
                return true;
        }
    }

    private bool FifthInSynReceived(in IncomingSegment seg)
    {
        // "If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED state and continue processing with the variables below set to:
        // SND.WND <- SEG.WND, SND.WL1 <- SEG.SEQ, SND.WL2 <- SEG.ACK"
        if (Less(tcb.SndUna, seg.Ack) && LessOrEqual(seg.Ack, tcb.SndNxt))
        {
            SetSendWindow(seg);
            EnterEstablished();
            return FifthInEstablished(seg);
        }
        // "If the segment acknowledgment is not acceptable, form a reset segment <SEQ=SEG.ACK><CTL=RST> and send it."
        Send(ControlBits.Rst, seg.Ack);
        return false;
    }

    private bool FifthInEstablished(in IncomingSegment seg)
    {
        bool updates = LessOrEqual(tcb.SndUna, seg.Ack) && LessOrEqual(seg.Ack, tcb.SndNxt);
        // "If SND.UNA < SEG.ACK =< SND.NXT, then set SND.UNA <- SEG.ACK. Any segments on the retransmission queue that are thereby entirely
        // acknowledged are removed. [...]"
        if (Less(tcb.SndUna, seg.Ack) && LessOrEqual(seg.Ack, tcb.SndNxt)) tcb.SndUna = seg.Ack;
        // "If the ACK is a duplicate (SEG.ACK =< SND.UNA), it can be ignored."
        // "If the ACK acks something not yet sent (SEG.ACK > SND.NXT), then send an ACK, drop the segment, and return."
        if (Less(tcb.SndNxt, seg.Ack))
        {
            SendAcknowledgment();
            return false;
        }
        // "If SND.UNA =< SEG.ACK =< SND.NXT, the send window should be updated. If (SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =<
        // SEG.ACK)), set SND.WND <- SEG.WND, set SND.WL1 <- SEG.SEQ, and set SND.WL2 <- SEG.ACK."
        uint seq = seg.WindowSeq ?? seg.Seq;
        bool newer = Less(tcb.SndWl1, seq) || (tcb.SndWl1 == seq && LessOrEqual(tcb.SndWl2, seg.Ack));
        if (updates && newer) SetSendWindow(seg);
        return true;
    }

    private void SetSendWindow(in IncomingSegment seg)
    {
        tcb.SndWnd = seg.Wnd;
        tcb.SndWl1 = seg.WindowSeq ?? seg.Seq;
        tcb.SndWl2 = seg.Ack;
        // RFC 5961 5.2: "MAX.SND.WND is defined as the largest window that the local sender has ever received from its peer"
        tcb.MaxSndWnd = Math.Max(tcb.MaxSndWnd, seg.Wnd);
    }

    /// <summary>Insertion, RFC 7323 4.3 (2).</summary>
    private void NoteTimestamp(in IncomingSegment seg)
    {
        // If SEG.TSval >= TS.Recent and SEG.SEQ <= Last.ACK.sent, then SEG.TSval is copied to TS.Recent.
        if (tcb.Timestamps && seg.TsVal is { } value && LessOrEqual(tcb.TsRecent, value) && LessOrEqual(seg.Seq, tcb.LastAckSent))
            tcb.TsRecent = value;
    }

    /// <summary>"Sixth, check the URG bit".</summary>
    private bool SixthCheckUrg(in IncomingSegment seg, uint urgentEnd)
    {
        // CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT: "This should not occur since a FIN has been received from the remote side. Ignore the
        // URG."
        bool open = tcb.State is ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.FinWait2;
        if (!open || tcb.UserIsGone) return true;
        // "If the URG bit is set, RCV.UP <- max(RCV.UP,SEG.UP), and signal the user that the remote side has urgent data if the urgent
        // pointer (RCV.UP) is in advance of the data consumed."
        if (!seg.Has(ControlBits.Urg)) return true;
        tcb.RcvUp = Max(tcb.RcvUp, urgentEnd);
        if (Less(tcb.Consumed, tcb.RcvUp)) _outcome.Told |= Told.UrgentData;
        return true;
    }

    /// <summary>"Seventh, process the segment text".</summary>
    private bool SeventhProcessText(in IncomingSegment seg)
    {
        // CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT: "This should not occur since a FIN has been received from the remote side. Ignore the
        // segment text."
        if (tcb.State is not (ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.FinWait2)) return true;
        // Insertion, 3.6.1, SHLD-3: "if new data is received after CLOSE is called, its TCP implementation SHOULD send a RST to show that
        // data was lost." (The CLOSE of MAY-1. A FIN with a higher number says that there is such data.)
        bool finBehindGap = seg.Has(ControlBits.Fin) && seg.Seq != tcb.RcvNxt;
        if (tcb.UserIsGone && (seg.Text > 0 || finBehindGap))
        {
            SendReset(seg);
            _outcome.Told |= Told.DataLost;
            DeleteTcb();
            return false;
        }
        if (seg.Text == 0) return true;
        // "Once in the ESTABLISHED state, it is possible to deliver segment data to user RECEIVE buffers. [...] until either the buffer is
        // full or the segment is empty." "only processing further if the segment then begins at RCV.NXT."
        Hold(seg.Seq, seg.Seq + (uint)seg.Text);
        TakeHeld();
        // "Segments with higher beginning sequence numbers SHOULD be held for later processing (SHLD-31)." "MAY send an ACK segment
        // acknowledging RCV.NXT when a valid segment arrives that is in the window but not at the left window edge (MAY-13)."
        SendAcknowledgment();
        return true;
    }

    /// <summary>"Eighth, check the FIN bit".</summary>
    private bool EighthCheckFin(in IncomingSegment seg)
    {
        // "Do not process the FIN if the state is CLOSED, LISTEN, or SYN-SENT since the SEG.SEQ cannot be validated"
        if (tcb.State is ConnectionState.Closed or ConnectionState.Listen or ConnectionState.SynSent) return false;
        // "If the FIN bit is set,"
        if (!seg.Has(ControlBits.Fin) || seg.FinDoesNotCount) return true;
        uint fin = seg.Seq + (uint)seg.Text;
        if (fin == tcb.RcvNxt)
        {
            AdvanceOverFin();
            return true;
        }
        // A FIN with a higher number is held for later processing (SHLD-31), and acknowledged (MAY-13).
        tcb.HeldFin ??= fin;
        SendAcknowledgment();
        return true;
    }

    private void AdvanceOverFin()
    {
        // "signal the user 'connection closing' and return any pending RECEIVEs with same message,"
        _outcome.Told |= Told.ConnectionClosing;
        // "advance RCV.NXT over the FIN, and send an acknowledgment for the FIN."
        tcb.RcvNxt += 1;
        tcb.RcvWnd -= 1;
        SendAcknowledgment();
        switch (tcb.State)
        {
            // "SYN-RECEIVED STATE, ESTABLISHED STATE: Enter the CLOSE-WAIT state."
            case ConnectionState.SynReceived or ConnectionState.Established:
                tcb.State = ConnectionState.CloseWait;
                break;
            // "FIN-WAIT-1 STATE: If our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT, start the time-wait timer, turn
            // off the other timers; otherwise, enter the CLOSING state."
            case ConnectionState.FinWait1 when tcb.FinIsAcknowledged:
                EnterTimeWait();
                break;
            case ConnectionState.FinWait1:
                tcb.State = ConnectionState.Closing;
                break;
            // "FIN-WAIT-2 STATE: Enter the TIME-WAIT state. Start the time-wait timer, turn off the other timers."
            case ConnectionState.FinWait2:
                EnterTimeWait();
                break;
            // "TIME-WAIT STATE: Remain in the TIME-WAIT state. Restart the 2 MSL time-wait timeout."
            case ConnectionState.TimeWait:
                _outcome.TimeWaitStarted = true;
                break;
            // "CLOSE-WAIT, CLOSING, LAST-ACK STATE: Remain in the [...] state."
            default:
                break;
        }
    }
}
