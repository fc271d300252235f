using Synfin.Stack;
using Synfin.Tcp.CongestionControl;
using static Synfin.Drill.Commands.DrillKnobs;

namespace Synfin.Drill.Commands;

/// <summary>Linux's knobs (Documentation/networking/ip-sysctl.rst).</summary>
internal static class LinuxKnobs
{
    private const string Ipv4 = "net.ipv4.";
    private const string NoHistory = "every script begins without remembered hosts, and each has one connection or few";
    private const string NoPacing = "segments leave at once when they may";
    private const string Ports = "ephemeral ports are mapped to the script's";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Knob> All { get; } =
    [
        .. Options(), .. Times(), .. Retries(), .. Buffers(), .. Recovery(), .. Protections(), .. WithoutEffect(),
    ];

    private static Knob[] Options() =>
    [
        Profile(Ipv4 + "tcp_timestamps", "offer timestamps", (p, v) => p with { Timestamps = KnobValue.Number(v, 0, 2) != 0 }),
        Profile(Ipv4 + "tcp_sack", "offer SACK", (p, v) => p with { Sack = KnobValue.Switch(v) }),
        Profile(Ipv4 + "tcp_window_scaling", "offer window scaling", (p, v) => p with { WindowScaling = KnobValue.Switch(v) }),
        Profile(Ipv4 + "tcp_ecn", "ECN: 0 never, 1 asked for and agreed to, 2 agreed to", (p, v) => p with { Ecn = KnobValue.Ecn(v) }),
        Profile(
            Ipv4 + "tcp_ecn_fallback",
            "a SYN that is sent again does not ask for ECN",
            (p, v) => p with { EcnSynRetries = KnobValue.Switch(v) ? 0 : int.MaxValue }),
        Only(Ipv4 + "tcp_fastopen", "TCP Fast Open is not there", "0"),
        Only(Ipv4 + "tcp_reflect_tos", "TOS is the socket's own", "0"),
        Profile(
            Ipv4 + "tcp_mtu_probing",
            "after time-outs of full segments try smaller ones",
            (p, v) => p with { BlackHoleTimeouts = KnobValue.Number(v, 0, 1) == 0 ? 0 : 3 }),
        Only(Ipv4 + "ip_no_pmtu_disc", "path MTUs are discovered", "0"),
    ];

    private static Knob[] Times() =>
    [
        Profile(Ipv4 + "tcp_rto_max_ms", "the largest RTO", (p, v) => p with { MaximumRto = KnobValue.Milliseconds(v) }),
        Profile(
            Ipv4 + "tcp_rto_min_us",
            "the smallest RTO",
            (p, v) => p with { MinimumRto = Timers.Duration.FromMicroseconds(KnobValue.Number(v, 1)) }),
        Profile(Ipv4 + "tcp_fin_timeout", "how long FIN-WAIT-2 lasts", (p, v) => p with { FinWait2 = KnobValue.Seconds(v) }),
        Profile(
            Ipv4 + "tcp_invalid_ratelimit",
            "the least time between ACKs of invalid segments",
            (p, v) => p with { ChallengeAckInterval = Timers.Duration.FromMilliseconds(KnobValue.Number(v)) }),
        Connection(Ipv4 + "tcp_keepalive_time", "idle time before a probe", (c, v) => c with { KeepAliveTime = KnobValue.Seconds(v) }),
        Connection(Ipv4 + "tcp_keepalive_intvl", "time between probes", (c, v) => c with { KeepAliveInterval = KnobValue.Seconds(v) }),
        Connection(Ipv4 + "tcp_keepalive_probes", "probes", (c, v) => c with { KeepAliveProbes = KnobValue.Number(v, 2, 127) }),
    ];

    private static Knob[] Retries() =>
    [
        Profile(Ipv4 + "tcp_syn_retries", "retransmissions of a SYN", (p, v) => p with { SynRetries = KnobValue.Number(v, 0, 127) }),
        Profile(
            Ipv4 + "tcp_syn_linear_timeouts",
            "retransmissions of a SYN before its waits double",
            (p, v) => p with { SynLinearTimeouts = KnobValue.Number(v, 0, 127) }),
        Profile(Ipv4 + "tcp_synack_retries", "those of a SYN,ACK", (p, v) => p with { SynAckRetries = KnobValue.Number(v, 0, 10) }),
        Profile(Ipv4 + "tcp_retries1", "R1", (p, v) => p with { R1 = KnobValue.Number(v, 1, 255) }),
        Profile(Ipv4 + "tcp_retries2", "R2", (p, v) => p with { R2 = KnobValue.Number(v, 1, 255) }),
        Profile(Ipv4 + "tcp_orphan_retries", "R2 after CLOSE", (p, v) => p with { OrphanRetries = KnobValue.Number(v, 1, 255) }),
    ];

    private static Knob[] Buffers() =>
    [
        Connection(Ipv4 + "tcp_rmem", "the receive buffer; its most decides the window scale", (c, v) =>
        {
            (int usual, int most) = KnobValue.Triple(v);
            return c with { ReceiveBuffer = usual, WindowScaleBuffer = most };
        }),
        Connection(Ipv4 + "tcp_wmem", "the send buffer: its most, to which Linux lets it grow", (c, v) =>
            c with { SendBuffer = KnobValue.Triple(v).Most }),
        Only(Ipv4 + "tcp_shrink_window", "a window never shrinks", "0"),
        Ignored(Ipv4 + "tcp_moderate_rcvbuf", "the buffer is as large as it is; what is offered of it grows with what arrives"),
        Only(Ipv4 + "tcp_adv_win_scale", "the receive buffer is octets of text", "0", "1"),
        Only(Ipv4 + "tcp_app_win", "the receive buffer is octets of text", "31"),
        Only(Ipv4 + "tcp_workaround_signed_windows", "windows have 16 bits without sign", "0"),
        Only(Ipv4 + "tcp_notsent_lowat", "the send buffer alone bounds what is written", "4294967295", "-1"),
    ];

    private static Knob[] Recovery() =>
    [
        Sets(Ipv4 + "tcp_congestion_control", "the congestion control", (s, v) => v switch
        {
            "reno" => s with { Profile = s.Profile with { CongestionControl = static () => new NewReno() } },
            "cubic" => s with
            {
                Profile = s.Profile with { CongestionControl = static () => new Cubic(SlowStartExit.HyStart, wholeSegments: true) },
            },
            _ => throw new FormatException($"there is no congestion control '{v}'; there are reno and cubic"),
        }),
        Profile(
            Ipv4 + "tcp_slow_start_after_idle",
            "begin slowly after an idle RTO",
            (p, v) => p with { SlowStartAfterIdle = KnobValue.Switch(v) }),
        Profile(Ipv4 + "tcp_early_retrans", "tail loss probes: 3, 4", (p, v) => p with { TailLossProbe = KnobValue.Number(v, 0, 4) >= 3 }),
        Profile(
            Ipv4 + "tcp_recovery",
            "loss is found by time (bit 0: RACK) or by counting",
            (p, v) => p with { LossDetection = (KnobValue.Number(v, 0, 7) & 1) != 0 ? LossDetection.Rack : LossDetection.DupThresh }),
        Profile(Ipv4 + "tcp_dsack", "tell what came twice", (p, v) => p with { Dsack = KnobValue.Switch(v) }),
        Profile(Ipv4 + "tcp_frto", "F-RTO", (p, v) => p with { ForwardRto = KnobValue.Number(v, 0, 2) != 0 }),
        Only(Ipv4 + "tcp_reordering", "three duplicate ACKs mean a loss", "3"),
        Only(Ipv4 + "tcp_thin_linear_timeouts", "RTOs double for all connections", "0"),
        Profile(
            Ipv4 + "tcp_comp_sack_nr",
            "whether ACKs beyond a gap are compressed; the number itself is not reached",
            (p, v) => p with { CompressAcks = KnobValue.Number(v, 0, 255) != 0 }),
    ];

    private static Knob[] Protections() =>
    [
        Profile(Ipv4 + "tcp_rfc1337", "a RST does not end TIME-WAIT", (p, v) => p with { IgnoreResetInTimeWait = KnobValue.Switch(v) }),
        Sets(Ipv4 + "tcp_syncookies", "SYN cookies when the queue is full", (s, v) => s with { SynCookies = KnobValue.Switch(v) }),
        Sets(
            Ipv4 + "tcp_max_syn_backlog",
            "half-open connections",
            (s, v) => s with { MaxSynQueue = KnobValue.Number(v, 1, 1 << 20) }),
        Only(Ipv4 + "tcp_abort_on_overflow", "an overflowing listener says nothing", "0"),
        Only(Ipv4 + "tcp_tw_reuse", "TIME-WAIT is used again for a later SYN only", "0", "2"),
    ];

    private static Knob[] WithoutEffect() =>
    [
        Ignored(Ipv4 + "tcp_no_metrics_save", NoHistory),
        Ignored(Ipv4 + "tcp_min_tso_segs", "outbound segments are compared as a whole"),
        Ignored(Ipv4 + "tcp_tso_win_divisor", "outbound segments are compared as a whole"),
        Ignored(Ipv4 + "tcp_tso_rtt_log", "outbound segments are compared as a whole"),
        Ignored(Ipv4 + "tcp_autocorking", "an interface in virtual time is never busy"),
        Ignored(Ipv4 + "tcp_limit_output_bytes", "an interface in virtual time is never busy"),
        Ignored(Ipv4 + "tcp_pacing_ss_ratio", NoPacing),
        Ignored(Ipv4 + "tcp_pacing_ca_ratio", NoPacing),
        Ignored(Ipv4 + "tcp_challenge_ack_limit", "connections have limits of their own (tcp_invalid_ratelimit)"),
        Ignored(Ipv4 + "tcp_available_congestion_control", "tcp_congestion_control says what is there"),
        Ignored(Ipv4 + "tcp_allowed_congestion_control", "tcp_congestion_control says what is there"),
        Ignored(Ipv4 + "tcp_base_mss", "packets are not probed for larger ones"),
        Ignored(Ipv4 + "tcp_mem", "the pages of a script's stack do not run out"),
        Ignored(Ipv4 + "tcp_low_latency", "it has no effect since Linux 4.14"),
        Ignored(Ipv4 + "tcp_backlog_ack_defer", "there is no backlog: a segment is processed at once"),
        Ignored(Ipv4 + "ip_local_port_range", Ports),
        Ignored(Ipv4 + "route.flush", NoHistory),
        Ignored("net.core.default_qdisc", NoPacing),
        Ignored("net.core.rmem_max", "SO_RCVBUF gives what is asked for"),
        Ignored("net.core.wmem_max", "SO_SNDBUF gives what is asked for"),
        Ignored("net.core.somaxconn", "listen gives the backlog that is asked for"),
        Ignored("net.core.netdev_max_backlog", "an interface in virtual time is never busy"),
    ];
}
