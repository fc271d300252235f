namespace Synfin.Mutants.Tests;

/// <summary>Faults that implementations of TCP have had, or might have: each must be noticed.</summary>
public static class Mutants
{
    private const string Synchronized = "Tcp/SegmentArrives.Synchronized.cs";
    private const string Opening = "Tcp/SegmentArrives.cs";
    private const string TimeWait = "Stack/NetworkStack.TimeWait.cs";
    private const string HalfOpen = "Stack/NetworkStack.HalfOpen.cs";
    private const string Strangers = "check --scope strangers --json";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mutant> All { get; } = [.. Explored, .. ExploredLonger, .. Drilled];

    /// <summary>Those that the exploration of small scopes sees.</summary>
    private static Mutant[] Explored =>
    [
        new("TIME-WAIT ends at once", TimeWait,
            "_timeWait.Add(in connection.Key, Now, Profile.TimeWait, out bool recycled)",
            "_timeWait.Add(in connection.Key, Now, Timers.Duration.Zero, out bool recycled)",
            "check --scope simultaneous-close --json"),
        new("TIME-WAIT does not acknowledge the FIN again", TimeWait,
            "_timeWait.Restart(index, Now, Profile.TimeWait);\n            AnswerTimeWait(index);",
            "_timeWait.Restart(index, Now, Profile.TimeWait);",
            "check --scope simultaneous-close --json"),
        new("TIME-WAIT is ended by a RST", TimeWait,
            "bool ends = !Profile.IgnoreResetInTimeWait && seg.Seq == entry.RcvNxt;",
            "bool ends = seg.Seq == entry.RcvNxt;",
            Strangers),
        new("CLOSING goes to CLOSED", Synchronized,
            "case TcpState.Closing:\n                EnterTimeWait();",
            "case TcpState.Closing:\n                End(CloseReason.SimultaneousClose, TcpError.None);",
            "check --scope simultaneous-close --json"),
        new("LAST-ACK goes to TIME-WAIT", Synchronized,
            "End(CloseReason.RemoteClose, TcpError.None);",
            "EnterTimeWait();",
            "check --scope close --json"),
        new("A RST anywhere in the window resets", Synchronized,
            "bool exact = seg.Seq == ResetNumber || IsResetAtFin(in seg) || IsResetAtSackEdge(in seg) || Profile.InsecureReset;",
            "bool exact = true;",
            Strangers),
        new("A SYN in ESTABLISHED resets", Synchronized,
            "Challenge();\n        return Drop(DropReason.UnexpectedSyn);",
            "End(CloseReason.RemoteReset, TcpError.ConnectionReset);\n        return Drop(DropReason.UnexpectedSyn);",
            Strangers),
        new("An ACK of what was never sent is taken", Synchronized,
            "else if (seg.Ack > Snd.Nxt || (Snd.Una - seg.Ack > OldestAck && !(Profile.InsecureAck && JudgesAsFreeBsd)))",
            "else if (Snd.Una - seg.Ack > OldestAck)",
            Strangers),
        new("An ACK of long ago is taken, and the text with it", Synchronized,
            "else if (seg.Ack > Snd.Nxt || (Snd.Una - seg.Ack > OldestAck && !(Profile.InsecureAck && JudgesAsFreeBsd)))",
            "else if (seg.Ack > Snd.Nxt)",
            Strangers),
        new("The window is not checked", Synchronized,
            "if (IsResetAtFin(in seg) || ReceiveWindow.Accepts(Rcv.Nxt, Rcv.Wnd, seg.Seq, length))",
            "if (length >= 0)",
            Strangers),
        new("A FIN is acknowledged before the text before it is there", Synchronized,
            "if (!Has(ConnectionFlags.FinSeen) || Has(ConnectionFlags.FinReceived) || Rcv.Nxt != Rcv.Fin) return true;",
            "if (!Has(ConnectionFlags.FinSeen) || Has(ConnectionFlags.FinReceived)) return true;\n        Rcv.Nxt = Rcv.Fin;",
            "check --scope data --json"),
        new("SYN-SENT believes a RST without ACK", Opening,
            "if (!acknowledged) return DropReason.ResetNotExact;",
            "",
            Strangers),
        new("SYN-SENT takes any SYN,ACK", Opening,
            "if (seg.Has(TcpFlags.Ack) && (seg.Ack <= Snd.Iss || seg.Ack > Snd.Nxt))",
            "if (seg.Has(TcpFlags.Ack) && seg.Ack == Snd.Iss)",
            Strangers),
        new("A half-open connection is opened by any ACK", HalfOpen,
            "if (seg.Ack != entry.Iss + 1)",
            "if (seg.Ack == entry.Iss)",
            Strangers),
        new("A SYN,ACK is not sent again", HalfOpen,
            "_halfOpen.Schedule(index, Now + next);\n            QueueSynAck(index, retransmission: true);",
            "_halfOpen.Schedule(index, Now + next);",
            "check --scope handshake --json"),
        new("The ISS of a name is always the same", "Tcp/InitialSequenceNumber.cs",
            "return new SequenceNumber(m) + f;",
            "return new SequenceNumber(f);",
            "check --scope old-duplicates --json"),
    ];

    /// <summary>The same, of what is lost or comes twice.</summary>
    private static Mutant[] ExploredLonger =>
    [
        new("A FIN is not sent again", "Tcp/Timeouts.cs",
            "if (FlightSize == 0) return;\n        _stack.Counters.RetransmissionTimeouts++;",
            "if (FlightSize == 0 || (FinSent && Snd.Una == SendTextEnd)) return;\n        _stack.Counters.RetransmissionTimeouts++;",
            "check --scope simultaneous-close --json"),
        new("Text is delivered again with what follows it", "Tcp/SegmentText.cs",
            "int old = Rcv.Nxt - seg.Seq;",
            "int old = 0;",
            "check --scope data --accidents 2 --json"),
    ];

    /// <summary>
    /// Those that show only in when something is sent, how much of it, or in what an option or a flag says: scripts are told of them. The
    /// exploration has too few octets, and liveness is content with any time.
    /// </summary>
    private static Mutant[] Drilled =>
    [
        new("An ACK that waits is put off for ever", "Tcp/Timeouts.cs",
            "if (_deadlines.DelayedAck <= now) DelayedAckExpired();",
            "if (_deadlines.DelayedAck <= now) _deadlines.DelayedAck = now + Duration.FromSeconds(10);",
            Script("delayed-ack")),
        new("A closed window is never probed", "Tcp/Timeouts.cs",
            "Set(ConnectionFlags.Persisting | ConnectionFlags.ProbePending);",
            "Set(ConnectionFlags.Persisting);",
            Script("zero-window-probe")),
        new("The RTO does not back off", "Tcp/Timeouts.cs",
            "_rtt.BackOff(Profile);\n        if (windowClosed)",
            "if (windowClosed)",
            Script("back-off")),
        new("PSH is never set", "Tcp/SegmentBuilder.cs",
            "if (decision.Text > 0 && IsPushed(in decision)) flags |= TcpFlags.Psh;",
            "",
            Script("push")),
        new("The peer's window is not scaled", "Tcp/AckProcessing.cs",
            "Snd.Wnd = seg.Wnd << (scaled ? Snd.Scale : 0);",
            "Snd.Wnd = seg.Wnd;",
            Script("window-scale")),
        new("What came twice is not told", "Tcp/SegmentText.cs",
            "Set(ConnectionFlags.DsackPending);",
            "",
            Script("dsack")),
    ];

    private static string Script(string name) => $"drill --json tests/scripts/judges/{name}.pkt";
}
