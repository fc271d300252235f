using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Transcription;

/// <summary>
/// RFC 9293 3.10, Event Processing, as a program: in the RFC's order, each sentence above the line that does it. What other RFCs put in
/// place of a sentence is marked as an insertion. It knows nothing of the engine. This part has what all events share.
/// </summary>
/// <param name="tcb">The TCB; the event changes it.</param>
/// <param name="amendments">The insertions that are a choice.</param>
/// <param name="iss">The ISS that would be selected, should one be.</param>
public sealed partial class EventProcessing(ControlBlock tcb, Amendments amendments, uint iss)
{
    /// <summary>More text than one segment takes is not in the grid.</summary>
    public const int Mss = 1460;

    private readonly Outcome _outcome = new() { Tcb = tcb };
    private bool _acknowledgmentIsDue;

    private void Send(ControlBits bits, uint seq, uint ack = 0, int text = 0)
    {
        uint wnd = (bits & ControlBits.Rst) != 0 ? 0 : tcb.RcvWnd;
        _outcome.Replies.Add(new Reply(bits, seq, ack, text, wnd));
        if ((bits & ControlBits.Ack) == 0) return;
        // RFC 7323 4.3: Last.ACK.sent holds the ACK field of the last segment sent. No other acknowledgment is needed beside it.
        tcb.LastAckSent = ack;
        _acknowledgmentIsDue = false;
    }

    /// <summary>
    /// &lt;SEQ=SND.NXT&gt;&lt;ACK=RCV.NXT&gt;&lt;CTL=ACK&gt;, once, when the event is over: "it MUST process them all before sending any
    /// ACK segments" (MUST-59), "aggregate ACK segments whenever possible" (MUST-58).
    /// </summary>
    private void SendAcknowledgment() => _acknowledgmentIsDue = true;

    private void SendReset(in IncomingSegment seg)
    {
        // "If the ACK bit is on, <SEQ=SEG.ACK><CTL=RST>"
        if (seg.Has(ControlBits.Ack)) Send(ControlBits.Rst, seg.Ack);
        // "If the ACK bit is off, sequence number zero is used, <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>"
        else Send(ControlBits.Rst | ControlBits.Ack, 0, seg.Seq + seg.Len);
    }

    /// <summary>"delete the TCB, enter the CLOSED state".</summary>
    private void DeleteTcb()
    {
        tcb.State = ConnectionState.Closed;
        _acknowledgmentIsDue = false;
    }

    /// <summary>"return this connection to LISTEN state".</summary>
    private void ReturnToListen()
    {
        tcb.State = ConnectionState.Listen;
        _acknowledgmentIsDue = false;
    }

    private void EnterTimeWait()
    {
        // "Enter the TIME-WAIT state. Start the time-wait timer, turn off the other timers."
        tcb.State = ConnectionState.TimeWait;
        _outcome.TimeWaitStarted = true;
    }

    /// <summary>What was "queue[d] for processing after entering ESTABLISHED state".</summary>
    private void EnterEstablished()
    {
        tcb.State = ConnectionState.Established;
        // 3.10.4, ESTABLISHED: "In any case, enter FIN-WAIT-1 state."
        if (tcb.CloseQueued) tcb.State = ConnectionState.FinWait1;
        // 3.10.7.3: "other controls or text in the segment, queue them for processing after the ESTABLISHED state has been reached"
        TakeHeld();
    }

    /// <summary>The end of an event: what is queued goes out as far as the window allows, and the acknowledgment.</summary>
    private Outcome End()
    {
        SendQueued();
        if (_acknowledgmentIsDue) Send(ControlBits.Ack, tcb.SndNxt, tcb.RcvNxt);
        return _outcome;
    }

    private void SendQueued()
    {
        bool open = tcb.State is ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.CloseWait
            or ConnectionState.Closing or ConnectionState.LastAck;
        bool finWaits = tcb.CloseQueued && tcb.Fin is null;
        if (!open || (tcb.Queued == 0 && !finWaits)) return;
        // 4, send window: "the range of new sequence numbers that may be emitted [...] lies between SND.NXT and SND.UNA + SND.WND - 1".
        int usable = (int)(tcb.SndUna + tcb.SndWnd - tcb.SndNxt);
        if (usable <= 0) return;
        // 3.10.2: "Segmentize the buffer and send it with a piggybacked acknowledgment (acknowledgment value = RCV.NXT)."
        int text = Math.Min(Math.Min(tcb.Queued, usable), Mss);
        uint seq = tcb.SndNxt;
        tcb.Queued -= text;
        tcb.Segmentized += text;
        tcb.SndNxt += (uint)text;
        ControlBits bits = ControlBits.Ack;
        // MUST-61: PSH in the last buffered segment: there is no more queued data to be sent.
        if (text > 0 && tcb.Queued == 0) bits |= ControlBits.Psh;
        // 3.10.4: "Queue this until all preceding SENDs have been segmentized, then form a FIN segment and send it."
        if (finWaits && tcb.Queued == 0 && usable > text)
        {
            tcb.Fin = tcb.SndNxt;
            tcb.SndNxt += 1;
            bits |= ControlBits.Fin;
        }
        Send(bits, seq, tcb.RcvNxt, text);
    }

    /// <summary>SHLD-31: keeps what begins beyond RCV.NXT.</summary>
    private void Hold(uint left, uint right)
    {
        if (left == right) return;
        for (int i = tcb.Held.Count - 1; i >= 0; i--)
        {
            (uint l, uint r) = tcb.Held[i];
            if (Less(right, l) || Less(r, left)) continue;
            left = Min(left, l);
            right = Max(right, r);
            tcb.Held.RemoveAt(i);
        }
        int at = tcb.Held.FindIndex(h => Less(left, h.Left));
        tcb.Held.Insert(at < 0 ? tcb.Held.Count : at, (left, right));
    }

    /// <summary>What was held and begins at RCV.NXT now is processed.</summary>
    private void TakeHeld()
    {
        while (tcb.Held.Count > 0 && LessOrEqual(tcb.Held[0].Left, tcb.RcvNxt))
        {
            uint right = tcb.Held[0].Right;
            tcb.Held.RemoveAt(0);
            if (Less(tcb.RcvNxt, right)) Accept((int)(right - tcb.RcvNxt));
        }
        if (tcb.HeldFin is { } fin && fin == tcb.RcvNxt && tcb.State is not ConnectionState.SynReceived)
        {
            tcb.HeldFin = null;
            AdvanceOverFin();
        }
    }

    private void Accept(int octets)
    {
        // "Once the TCP endpoint takes responsibility for the data, it advances RCV.NXT over the data accepted, and adjusts RCV.WND as
        // appropriate to the current buffer availability. The total of RCV.NXT and RCV.WND should not be reduced."
        tcb.RcvNxt += (uint)octets;
        tcb.RcvWnd -= (uint)octets;
        tcb.Received += octets;
        // "Send an acknowledgment of the form: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>"
        SendAcknowledgment();
    }
}
