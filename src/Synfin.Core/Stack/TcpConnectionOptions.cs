using Synfin.Timers;

namespace Synfin.Stack;

/// <summary>What an application may choose for a connection.</summary>
public sealed record TcpConnectionOptions
{
    /// <summary>The most unread octets, 1,024 to 1 GiB; also decides the window scale. Octets held out of order count too.</summary>
    public int ReceiveBuffer { get; init; } = 1_048_576;

    /// <summary>
    /// The buffer that the window scale is chosen for (RFC 7323 2.2), in octets up to 1 GiB, if it is larger than
    /// <see cref="ReceiveBuffer"/>: systems whose buffers grow choose it for the largest. Zero for the receive buffer.
    /// </summary>
    public int WindowScaleBuffer { get; init; }

    /// <summary>The most octets written and not yet acknowledged, 1,024 to 1 GiB.</summary>
    public int SendBuffer { get; init; } = 1_048_576;

    /// <summary>Nagle off (MUST-17).</summary>
    public bool NoDelay { get; init; }

    /// <summary>Hold back small segments until uncorked, at most <see cref="TcpProfile.CorkTimeout"/>.</summary>
    public bool Cork { get; init; }

    /// <summary>Acknowledge at once.</summary>
    public bool QuickAck { get; init; }

    /// <summary>Keep-alive (MUST-24, MUST-25: off unless asked for).</summary>
    public bool KeepAlive { get; init; }

    /// <summary>Idle time before the first probe (MUST-28: two hours at least by default).</summary>
    public Duration KeepAliveTime { get; init; } = Duration.FromSeconds(7200);

    /// <summary>Time between probes.</summary>
    public Duration KeepAliveInterval { get; init; } = Duration.FromSeconds(75);

    /// <summary>Unanswered probes that end the connection (MUST-29: more than one).</summary>
    public int KeepAliveProbes { get; init; } = 9;

    /// <summary>How long sent data may stay unacknowledged (MUST-21, RFC 5482); zero means R2 in retransmissions.</summary>
    public Duration UserTimeout { get; init; }

    /// <summary>
    /// What CLOSE does with unsent data: null sends it in the background; zero resets at once (SO_LINGER 0); else the time after which a
    /// lingering close resets.
    /// </summary>
    public Duration? Linger { get; init; }

    /// <summary>
    /// Urgent data stays in the stream (RFC 6093 recommends it). If false, the last urgent octet is taken out of the stream and read apart
    /// (BSD's out-of-band octet).
    /// </summary>
    public bool UrgentInline { get; init; } = true;

    /// <summary>DSCP, 0 to 63 (MUST-48, SHLD-21).</summary>
    public byte Dscp { get; init; }

    /// <summary>TTL or hop limit, 1 to 255 (MUST-49).</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>The most text in a segment, in octets; 0 leaves it to the MTU.</summary>
    public int MaximumSegmentSize { get; init; }

    /// <summary>The most that our MSS option announces, in octets; 0 leaves it to the MTU (MUST-67).</summary>
    public int AnnouncedSegmentSize { get; init; }

    /// <summary>Retransmissions of our SYN before OPEN fails (MUST-23); null for <see cref="TcpProfile.SynRetries"/>.</summary>
    public int? SynRetries { get; init; }

    /// <summary>How long an active OPEN may take, whatever it retransmits; null for no limit of its own (FreeBSD's keepinit).</summary>
    public Duration? OpenTimeout { get; init; }

    /// <summary>How long FIN-WAIT-2 lasts after the application has left; null for <see cref="TcpProfile.FinWait2"/>.</summary>
    public Duration? FinWait2 { get; init; }

    /// <summary>A listener delivers a connection only when data arrived (Linux's TCP_DEFER_ACCEPT).</summary>
    public bool DeferAccept { get; init; }

    /// <summary>Do not report soft errors (SHLD-20).</summary>
    public bool MuteSoftErrors { get; init; }

    internal void Validate()
    {
        CheckBuffer(ReceiveBuffer, nameof(ReceiveBuffer));
        CheckBuffer(SendBuffer, nameof(SendBuffer));
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepAliveProbes, 2, nameof(KeepAliveProbes)); // MUST-29
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepAliveTime, Duration.FromMilliseconds(1), nameof(KeepAliveTime));
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepAliveInterval, Duration.FromMilliseconds(1), nameof(KeepAliveInterval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Dscp, (byte)63, nameof(Dscp));
        ArgumentOutOfRangeException.ThrowIfLessThan(TimeToLive, (byte)1, nameof(TimeToLive));
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumSegmentSize, nameof(MaximumSegmentSize));
        ArgumentOutOfRangeException.ThrowIfNegative(WindowScaleBuffer, nameof(WindowScaleBuffer));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(WindowScaleBuffer, 1 << 30, nameof(WindowScaleBuffer));
        ArgumentOutOfRangeException.ThrowIfNegative(AnnouncedSegmentSize, nameof(AnnouncedSegmentSize));
        ArgumentOutOfRangeException.ThrowIfNegative(SynRetries ?? 0, nameof(SynRetries));
        ArgumentOutOfRangeException.ThrowIfLessThan(OpenTimeout ?? Duration.Zero, Duration.Zero, nameof(OpenTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(FinWait2 ?? Duration.Zero, Duration.Zero, nameof(FinWait2));
    }

    /// <summary>The shift to offer.</summary>
    internal byte WindowScale(ReceiveWindowRule rule) =>
        Tcp.ReceiveWindow.ScaleFor(Math.Max(Tcp.ReceiveWindow.Space(ReceiveBuffer, rule), WindowScaleBuffer));

    private static void CheckBuffer(int octets, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(octets, 1_024, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets, 1 << 30, name);
    }
}
