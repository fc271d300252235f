using Synfin.Timers;

namespace Synfin.Tcp;

/// <summary>A connection's deadlines, one a kind. The connection sits once in the wheel, at the earliest of them.</summary>
internal struct Deadlines
{
    /// <summary>The RTO, or the persist timer when the window is closed: never both.</summary>
    public Timestamp Retransmit;

    /// <summary>The delayed ACK.</summary>
    public Timestamp DelayedAck;

    /// <summary>The next keep-alive check.</summary>
    public Timestamp KeepAlive;

    /// <summary>The user timeout of the oldest unacknowledged octet.</summary>
    public Timestamp UserTimeout;

    /// <summary>FIN-WAIT-2 of an orphan, or the end of a lingering close.</summary>
    public Timestamp Lifetime;

    /// <summary>A corked small segment.</summary>
    public Timestamp Cork;

    /// <summary>A tail loss probe, or what is reordered is lost by then (RFC 8985): never both.</summary>
    public Timestamp LossProbe;

    /// <summary>No deadline set.</summary>
    public static Deadlines None => new()
    {
        Retransmit = Timestamp.Never,
        DelayedAck = Timestamp.Never,
        KeepAlive = Timestamp.Never,
        UserTimeout = Timestamp.Never,
        Lifetime = Timestamp.Never,
        Cork = Timestamp.Never,
        LossProbe = Timestamp.Never,
    };

    /// <summary>The earliest.</summary>
    public readonly Timestamp Earliest => Timestamp.Min(
        Timestamp.Min(Timestamp.Min(Retransmit, DelayedAck), Timestamp.Min(KeepAlive, UserTimeout)),
        Timestamp.Min(Timestamp.Min(Lifetime, Cork), LossProbe));
}
