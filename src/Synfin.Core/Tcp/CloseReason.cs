namespace Synfin;

/// <summary>Who ended a connection and how.</summary>
public enum CloseReason : byte
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>Both sides closed in order; this end's FIN was first.</summary>
    LocalClose,

    /// <summary>Both sides closed in order; the peer's FIN was first.</summary>
    RemoteClose,

    /// <summary>Both FINs crossed.</summary>
    SimultaneousClose,

    /// <summary>This end's application aborted.</summary>
    LocalAbort,

    /// <summary>This end closed with unread data, or data arrived after it had closed, so RST was sent (SHLD-3).</summary>
    LocalReset,

    /// <summary>The peer sent RST.</summary>
    RemoteReset,

    /// <summary>The peer answered our SYN with RST.</summary>
    Refused,

    /// <summary>Retransmissions went unanswered up to R2 or the user timeout.</summary>
    RetransmissionTimeout,

    /// <summary>Keep-alive probes went unanswered.</summary>
    KeepAliveTimeout,

    /// <summary>The peer kept its half open in FIN-WAIT-2 for longer than the limit.</summary>
    FinWait2Timeout,

    /// <summary>ICMP reported a hard error before ESTABLISHED.</summary>
    Unreachable,

    /// <summary>A named limit was reached (orphans, memory).</summary>
    ResourceLimit,

    /// <summary>The lingering close ran out of time.</summary>
    LingerTimeout,
}
