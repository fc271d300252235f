using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>User calls and timeouts.</summary>
internal static partial class Deviations
{
    private static IEnumerable<Deviation> Calls => [.. OfOpenAndClose, .. OfReceive, .. OfUserTimeout];

    private static IEnumerable<Deviation> OfOpenAndClose =>
    [
        new(
            "a passive OPEN beside a connection",
            "3.10.1: \"error: connection already exists\".",
            "It succeeds: a listener is another thing than the connections of its port.",
            "MUST-41, MUST-42; only a second listener of the same address and port is refused.")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.PassiveOpen && outcome.Error.Length > 0 && !cell.Before.Listens
                ? But(outcome, o => (o.Error, o.Tcb.Listens) = ("", true)) : outcome,
        },
        new(
            "half-close in SYN-SENT",
            "3.10.4: CLOSE deletes the TCB.",
            "`Shutdown` queues the FIN until ESTABLISHED; `Close` deletes the TCB.",
            "As the same section has it of SYN-RECEIVED (linux-differences.md, \"Half-close in SYN-SENT\").")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.Close && cell.Before.State is ConnectionState.SynSent
                ? But(Nothing(cell.Before), o => o.Tcb.CloseQueued = true) : outcome,
        },
        new(
            "CLOSE in SYN-RECEIVED",
            "3.10.4: if there is nothing to send, \"form a FIN segment and send it, and enter FIN-WAIT-1 state\".",
            "The FIN is queued until ESTABLISHED.",
            "SYN and FIN are never outstanding together (linux-differences.md, \"CLOSE in SYN-RECEIVED\").")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.Close or EventKind.CloseBothHalves
                && cell.Before.State is ConnectionState.SynReceived && outcome.Tcb.State is ConnectionState.FinWait1
                ? But(Nothing(cell.Before), o => QueueClose(cell, o.Tcb)) : outcome,
        },
        new(
            "CLOSE of both halves when all is over",
            "3.10.4: \"error: connection does not exist\".",
            "The first one is always \"ok\".",
            "It says that the application has left, whatever became of the connection (as does a socket's close).")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.CloseBothHalves && cell.Before.State is ConnectionState.Closed
                ? But(outcome, o => o.Error = "") : outcome,
        },
        new(
            "ABORT's RST",
            "3.10.5: <SEQ=SND.NXT><CTL=RST>; 3.6.1 has the RST of a CLOSE with unread text the same.",
            "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>.",
            "Most stacks' has an ACK, and receivers take both (decisions.md, \"The RST of ABORT\").")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.Abort or EventKind.CloseBothHalves
                && outcome.Replies.Count == 1 && outcome.Replies[0].Bits is ControlBits.Rst
                ? But(outcome, o => o.Replies[0] = AcknowledgingRst(cell.Before)) : outcome,
        },
    ];

    private static IEnumerable<Deviation> OfReceive =>
    [
        new(
            "RECEIVE of what came before the end",
            "3.10.3: in CLOSING, LAST-ACK and TIME-WAIT \"error: connection closing\", whatever is there.",
            "Text that the user has not read is delivered first, as in CLOSE-WAIT.",
            "Our CLOSE says that we send no more; what the peer sent before its FIN is the user's.")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.Receive && cell.Before.Received > 0
                && cell.Before.State is ConnectionState.Closing or ConnectionState.LastAck or ConnectionState.TimeWait
                ? But(outcome, o => TakeUnread(cell, o)) : outcome,
        },
        new(
            "RECEIVE after an orderly end",
            "3.10.3: in CLOSED \"error: connection does not exist\".",
            "The end of the stream, as in the states before.",
            "MUST-12: the peer's FIN is not an error, and does not become one by time.")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.Receive && cell.Before.State is ConnectionState.Closed
                ? But(outcome, o => o.Error = "connection closing") : outcome,
        },
        new(
            "RECEIVE after CLOSE of both halves",
            "3.10.3: the RECEIVE is queued.",
            "\"connection closing\".",
            "MAY-1: an application that has called CLOSE \"cannot continue to read\".")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.Receive && cell.Before.UserIsGone
                ? But(outcome, o => o.Error = "connection closing") : outcome,
        },
    ];

    private static IEnumerable<Deviation> OfUserTimeout =>
    [
        new(
            "a user timeout with nothing to lose",
            "3.10.8: \"for any state if the user timeout expires\".",
            "It runs while something sent is not acknowledged; not for a listener, its half-open connections and TIME-WAIT.",
            "It is about what is sent and not acknowledged (3.9.1.1, RFC 5482 2); those three have their own limits.")
        {
            Then = (cell, outcome) => cell.Event.Kind is EventKind.UserTimeout && !HasSomethingToLose(cell.Before)
                ? Nothing(cell.Before) : outcome,
        },
        new(
            "the RST of a user timeout",
            "3.10.8: the TCB is deleted; nothing is sent.",
            "From ESTABLISHED on a RST goes out.",
            "If the path works one way, the peer need not wait for its own timeout (decisions.md, \"An orphan that gives up\").")
        {
            Profiles = ["Rfc", "Default"],
            Then = (cell, outcome) => cell.Event.Kind is EventKind.UserTimeout && IsOpen(cell.Before.State)
                && outcome.Tcb.State is ConnectionState.Closed
                ? But(outcome, o => o.Replies.Add(AcknowledgingRst(cell.Before))) : outcome,
        },
    ];

    private static void QueueClose(Cell cell, ControlBlock tcb)
    {
        tcb.CloseQueued = true;
        tcb.UserIsGone = cell.Event.Kind is EventKind.CloseBothHalves;
    }

    private static Reply AcknowledgingRst(ControlBlock tcb) => new(ControlBits.Rst | ControlBits.Ack, tcb.SndNxt, tcb.RcvNxt, 0, 0);

    private static void TakeUnread(Cell cell, Outcome outcome)
    {
        outcome.Error = "";
        int taken = Math.Min(cell.Event.Octets, outcome.Tcb.Received);
        outcome.Tcb.Received -= taken;
        outcome.Tcb.Consumed += (uint)taken;
    }

    private static bool HasSomethingToLose(ControlBlock tcb)
    {
        bool full = IsOpen(tcb.State) || tcb.State is ConnectionState.SynSent
            || (tcb.State is ConnectionState.SynReceived && !tcb.PassiveOpen);
        return full && (tcb.SndNxt != tcb.SndUna || tcb.Queued > 0);
    }
}
