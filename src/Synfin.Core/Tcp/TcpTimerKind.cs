namespace Synfin.Tcp;

/// <summary>The deadlines of a connection.</summary>
public enum TcpTimerKind : byte
{
    /// <summary>RFC 6298: nothing was acknowledged for RTO.</summary>
    Retransmit,

    /// <summary>The send window is closed or silly: probe (RFC 9293 3.8.6.1).</summary>
    Persist,

    /// <summary>RFC 9293 3.8.6.3.</summary>
    DelayedAck,

    /// <summary>RFC 9293 3.8.4.</summary>
    KeepAlive,

    /// <summary>RFC 5482, RFC 9293 3.10.8: user timeout.</summary>
    UserTimeout,

    /// <summary>FIN-WAIT-2 of a connection that its application has left.</summary>
    FinWait2,

    /// <summary>A lingering close.</summary>
    Linger,

    /// <summary>RFC 9293 3.10.8: 2MSL.</summary>
    TimeWait,

    /// <summary>A corked small segment has waited long enough.</summary>
    Cork,

    /// <summary>The SYN,ACK of a compact SYN-RECEIVED entry.</summary>
    SynAckRetransmit,

    /// <summary>The time that an OPEN may take.</summary>
    Connect,

    /// <summary>RFC 8985 7: a tail loss probe.</summary>
    LossProbe,

    /// <summary>RFC 8985 6.3: what was passed by later segments has had its time.</summary>
    Reordering,
}
