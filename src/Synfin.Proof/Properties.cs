namespace Synfin.Proof;

/// <summary>What must hold in every state, and of every run.</summary>
internal static class Properties
{
    /// <summary>Two ends that are both ESTABLISHED have the same numbers.</summary>
    public const string Agreement = "agreement";

    /// <summary>A connection is only opened by a peer that knows both numbers.</summary>
    public const string Opening = "opening";

    /// <summary>What is delivered is what was sent, once and in order, and its end after all of it.</summary>
    public const string Stream = "stream";

    /// <summary>What is acknowledged was received; a FIN with all before it.</summary>
    public const string Acknowledgment = "acknowledgment";

    /// <summary>Who closes before it has the other's FIN waits 2MSL, and nobody else does.</summary>
    public const string TimeWait = "time-wait";

    /// <summary>States change along the edges of RFC 9293 Figure 5.</summary>
    public const string StateDiagram = "state-diagram";

    /// <summary>The engine's own invariants hold, and it does not throw.</summary>
    public const string Invariants = "invariants";

    /// <summary>If nothing is lost any more, both ends reach CLOSED.</summary>
    public const string Liveness = "liveness";

    /// <summary>A connection that nobody disturbs ends in order at both ends, with all that was sent delivered.</summary>
    public const string Grace = "grace";

    /// <summary>The properties and what they say, as docs/proof.md lists them.</summary>
    public static IReadOnlyList<(string Name, string Says)> All { get; } =
    [
        (Agreement, "Two ends that are both ESTABLISHED have the same numbers: each one's IRS is the other's ISS (RFC 9293 3.5)."),
        (Opening, "Nothing opens a connection but a peer that chose the one number and saw the other: no old duplicate, no stranger "
            + "(3.4, 3.5)."),
        (Stream, "What an application reads is what the peer's sent in this connection, once and in order; the end of the stream comes "
            + "after all of it, and only if the peer closed."),
        (Acknowledgment, "Nothing is acknowledged that was not received, and a FIN only with all the text before it (3.10.7.4)."),
        (TimeWait, "Who closes before it has the other's FIN enters TIME-WAIT, and nobody else does; it lasts 2MSL, and when it is over "
            + "no segment of the connection is left in the network (3.6, 3.6.1)."),
        (StateDiagram, "States change along the edges of Figure 5 only."),
        (Invariants, "The engine's own invariants hold after every step, and it never throws."),
        (Liveness, "From every reachable state, if nothing is lost any more and the applications go on, both ends reach CLOSED."),
        (Grace, "Unless an application aborted, or closed before it had all that its peer sends, both ends end in order: opened, all "
            + "octets and both FINs delivered and acknowledged, no RST, no time-out."),
    ];
}
