namespace Synfin.Conformance.Tests.Transcription;

/// <summary>3.10.8: the timeouts.</summary>
public sealed partial class EventProcessing
{
    /// <summary>USER TIMEOUT.</summary>
    public Outcome UserTimeout()
    {
        // "For any state if the user timeout expires, flush all queues, signal the user 'error: connection aborted due to user timeout' in
        // general and for any outstanding calls, delete the TCB, enter the CLOSED state, and return."
        tcb.Queued = 0;
        tcb.Held.Clear();
        if (tcb.State is not ConnectionState.Closed) _outcome.Told |= Told.UserTimeout;
        DeleteTcb();
        return _outcome;
    }

    /// <summary>RETRANSMISSION TIMEOUT.</summary>
    public Outcome RetransmissionTimeout()
    {
        // "For any state if the retransmission timeout expires on a segment in the retransmission queue,"
        uint outstanding = tcb.SndNxt - tcb.SndUna;
        if (outstanding == 0 || tcb.State is ConnectionState.Closed or ConnectionState.Listen) return _outcome;
        // "send the segment at the front of the retransmission queue again, reinitialize the retransmission timer, and return."
        if (tcb.SndUna == tcb.Iss)
        {
            bool answered = tcb.State is ConnectionState.SynReceived;
            Send(answered ? ControlBits.Syn | ControlBits.Ack : ControlBits.Syn, tcb.Iss, answered ? tcb.RcvNxt : 0);
            return _outcome;
        }
        // 3.8.1 lets it be joined with what follows: in the grid all that is outstanding fits one segment.
        int text = (int)outstanding - (tcb.Fin is null ? 0 : 1);
        ControlBits bits = ControlBits.Ack;
        if (tcb.Fin is not null) bits |= ControlBits.Fin;
        // MUST-61: with the last octet there is no more queued data.
        if (text > 0 && tcb.Queued == 0) bits |= ControlBits.Psh;
        Send(bits, tcb.SndUna, tcb.RcvNxt, text);
        return _outcome;
    }

    /// <summary>TIME-WAIT TIMEOUT.</summary>
    public Outcome TimeWaitTimeout()
    {
        // "If the time-wait timeout expires on a connection, delete the TCB, enter the CLOSED state, and return."
        if (tcb.State is ConnectionState.TimeWait) DeleteTcb();
        return _outcome;
    }
}
