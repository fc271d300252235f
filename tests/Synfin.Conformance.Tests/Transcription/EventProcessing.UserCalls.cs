namespace Synfin.Conformance.Tests.Transcription;

/// <summary>
/// 3.10.1 to 3.10.6: the user calls. "error: connection illegal for this process" is for systems that tell users apart: here is one.
/// </summary>
public sealed partial class EventProcessing
{
    private const string DoesNotExist = "connection does not exist";
    private const string Closing = "connection closing";

    private Outcome Return(string error = "")
    {
        _outcome.Error = error;
        return End();
    }

    /// <summary>3.10.1, passive.</summary>
    public Outcome OpenPassively()
    {
        switch (tcb.State)
        {
            case ConnectionState.Closed:
                // "Create a new transmission control block (TCB) to hold connection state information. [...] If passive, enter the LISTEN
                // state and return."
                tcb.State = ConnectionState.Listen;
                tcb.Listens = true;
                tcb.RcvWnd = Buffer;
                return Return();
            default:
                // LISTEN: only the active OPEN is described. The other states: "Return 'error: connection already exists'."
                return Return("connection already exists");
        }
    }

    /// <summary>3.10.1, active, with the remote socket specified.</summary>
    public Outcome OpenActively()
    {
        switch (tcb.State)
        {
            case ConnectionState.Closed:
            // LISTEN: "If the OPEN call is active and the remote socket is specified, then change the connection from passive to active,
            // select an ISS. Send a SYN segment, set SND.UNA to ISS, SND.NXT to ISS+1. Enter SYN-SENT state."
            case ConnectionState.Listen:
                // "if active and the remote socket is specified, issue a SYN segment. An initial send sequence number (ISS) is selected. A
                // SYN segment of the form <SEQ=ISS><CTL=SYN> is sent."
                tcb.RcvWnd = Buffer;
                tcb.Iss = iss;
                Send(ControlBits.Syn, tcb.Iss);
                // "Set SND.UNA to ISS, SND.NXT to ISS+1, enter SYN-SENT state, and return."
                tcb.SndUna = tcb.Iss;
                tcb.SndNxt = tcb.Iss + 1;
                tcb.State = ConnectionState.SynSent;
                tcb.PassiveOpen = false;
                return Return();
            default:
                // "Return 'error: connection already exists'."
                return Return("connection already exists");
        }
    }

    /// <summary>3.10.2.</summary>
    public Outcome SendCall(int octets)
    {
        switch (tcb.State)
        {
            case ConnectionState.Closed:
                // "return 'error: connection does not exist'."
                return Return(DoesNotExist);
            case ConnectionState.Listen:
                // "If the remote socket was not specified, then return 'error: remote socket unspecified'."
                return Return("remote socket unspecified");
            case ConnectionState.SynSent or ConnectionState.SynReceived:
                // "Queue the data for transmission after entering ESTABLISHED state." After a CLOSE, 3.6: "no
                // further SENDs from the user will be accepted".
                if (tcb.CloseQueued) return Return(Closing);
                tcb.Queued += octets;
                return Return();
            case ConnectionState.Established or ConnectionState.CloseWait:
                // "Segmentize the buffer and send it with a piggybacked acknowledgment (acknowledgment value = RCV.NXT)."
                tcb.Queued += octets;
                return Return();
            default:
                // "Return 'error: connection closing' and do not service request."
                return Return(Closing);
        }
    }

    /// <summary>3.10.3. What is taken stands in the outcome's TCB; a RECEIVE that is queued returns "queued".</summary>
    public Outcome ReceiveCall(int octets)
    {
        switch (tcb.State)
        {
            case ConnectionState.Closed:
                // "return 'error: connection does not exist'."
                return Return(DoesNotExist);
            case ConnectionState.Listen or ConnectionState.SynSent or ConnectionState.SynReceived:
                // "Queue for processing after entering ESTABLISHED state."
                return Return("queued");
            case ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.FinWait2:
                // "If insufficient incoming segments are queued to satisfy the request, queue the request."
                if (tcb.Received == 0) return Return("queued");
                // "Reassemble queued incoming segments into receive buffer and return to user."
                Take(octets);
                // "that fact must be communicated to the sender via an acknowledgment": of the text it was when it came; of the room,
                // 3.8.6.2.2 has it wait until there is half of the buffer, or a full segment.
                uint free = Buffer - (uint)tcb.Received;
                if (free - tcb.RcvWnd >= Math.Min(Buffer / 2, Mss) && free > tcb.RcvWnd)
                {
                    tcb.RcvWnd = free;
                    SendAcknowledgment();
                }
                return Return();
            case ConnectionState.CloseWait:
                // "RECEIVEs must be satisfied by data already on hand, but not yet delivered to the user. If no text is awaiting delivery,
                // the RECEIVE will get an 'error: connection closing' response. Otherwise, any remaining data can be used to satisfy the
                // RECEIVE."
                if (tcb.Received == 0) return Return(Closing);
                Take(octets);
                return Return();
            default:
                // CLOSING, LAST-ACK, TIME-WAIT: "Return 'error: connection closing'."
                return Return(Closing);
        }
    }

    private void Take(int octets)
    {
        int taken = Math.Min(octets, tcb.Received);
        tcb.Received -= taken;
        tcb.Consumed += (uint)taken;
    }

    /// <summary>3.10.4: "I have no more data to send".</summary>
    public Outcome CloseCall()
    {
        switch (tcb.State)
        {
            case ConnectionState.Closed:
                // "return 'error: connection does not exist'."
                return Return(DoesNotExist);
            case ConnectionState.Listen:
                // "Delete TCB, enter CLOSED state, and return."
                tcb.Listens = false;
                DeleteTcb();
                return Return();
            case ConnectionState.SynSent:
                // "Delete the TCB and return 'error: closing' responses to any queued SENDs, or RECEIVEs."
                DeleteTcb();
                return Return();
            case ConnectionState.SynReceived:
                // "If no SENDs have been issued and there is no pending data to send, then form a FIN segment and send it, and enter
                // FIN-WAIT-1 state; otherwise, queue for processing after entering ESTABLISHED state."
                if (tcb.CloseQueued) return Return(Closing);
                tcb.CloseQueued = true;
                if (tcb.Queued == 0) tcb.State = ConnectionState.FinWait1;
                return Return();
            case ConnectionState.Established:
                // "Queue this until all preceding SENDs have been segmentized, then form a FIN segment and send it. In any case, enter
                // FIN-WAIT-1 state."
                tcb.CloseQueued = true;
                tcb.State = ConnectionState.FinWait1;
                return Return();
            case ConnectionState.CloseWait:
                // "Queue this request until all preceding SENDs have been segmentized; then send a FIN segment, enter LAST-ACK state."
                tcb.CloseQueued = true;
                tcb.State = ConnectionState.LastAck;
                return Return();
            default:
                // FIN-WAIT-1, FIN-WAIT-2: "Strictly speaking, this is an error and should receive an 'error: connection closing' response."
                // CLOSING, LAST-ACK, TIME-WAIT: "Respond with 'error: connection closing'."
                return Return(Closing);
        }
    }

    /// <summary>
    /// 3.6.1, MAY-1: "A host MAY implement a 'half-duplex' TCP close sequence, so that an application that has called CLOSE cannot
    /// continue to read data from the connection."
    /// </summary>
    public Outcome CloseBothHalves()
    {
        // It is the CLOSE of 3.10.4 where that was not called before,
        if (tcb.State is ConnectionState.Closed) return Return(DoesNotExist);
        if (tcb.UserIsGone) return Return(Closing);
        bool unread = tcb.Received > 0;
        tcb.UserIsGone = true;
        // "If such a host issues a CLOSE call while received data is still pending in the TCP connection, or if new data is received after
        // CLOSE is called, its TCP implementation SHOULD send a RST to show that data was lost (SHLD-3)."
        bool connected = tcb.State is not (ConnectionState.Listen or ConnectionState.SynSent or ConnectionState.TimeWait);
        if (unread && connected)
        {
            Send(ControlBits.Rst, tcb.SndNxt);
            DeleteTcb();
            return Return();
        }
        tcb.Held.Clear();
        // and no error where it was: what is new is that nobody reads.
        if (tcb.CloseQueued) return Return();
        return CloseCall();
    }

    /// <summary>3.10.5.</summary>
    public Outcome AbortCall()
    {
        switch (tcb.State)
        {
            case ConnectionState.Closed:
                // "return 'error: connection does not exist'."
                return Return(DoesNotExist);
            case ConnectionState.Listen:
                // "Any outstanding RECEIVEs should be returned with 'error: connection reset' responses. Delete TCB, enter CLOSED state,
                // and return."
                tcb.Listens = false;
                break;
            case ConnectionState.SynSent:
                // "All queued SENDs and RECEIVEs should be given 'connection reset' notification. Delete the TCB, enter CLOSED state, and
                // return."
                break;
            case ConnectionState.SynReceived or ConnectionState.Established or ConnectionState.FinWait1 or ConnectionState.FinWait2
                or ConnectionState.CloseWait:
                // "Send a reset segment: <SEQ=SND.NXT><CTL=RST>"
                Send(ControlBits.Rst, tcb.SndNxt);
                // "all segments queued for transmission (except for the RST formed above) or retransmission should be flushed. Delete the
                // TCB, enter CLOSED state, and return."
                break;
            default:
                // CLOSING, LAST-ACK, TIME-WAIT: "Respond with 'ok' and delete the TCB, enter CLOSED state, and return."
                break;
        }
        DeleteTcb();
        return Return();
    }

    /// <summary>3.10.6.</summary>
    public Outcome StatusCall()
    {
        // CLOSED: "return 'error: connection does not exist'." Else: "Return 'state = [...]' and the TCB pointer."
        return Return(tcb.State is ConnectionState.Closed ? DoesNotExist : "");
    }
}
