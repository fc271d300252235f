using Synfin.Stack;
using Synfin.Tcp.CongestionControl;
using static Synfin.Drill.Commands.DrillKnobs;

namespace Synfin.Drill.Commands;

/// <summary>FreeBSD's knobs (tcp(4)). The first of them chooses the FreeBsd profile if nothing else did.</summary>
internal static class BsdKnobs
{
    private const string Tcp = "net.inet.tcp.";
    private const string NoHistory = "every script begins without remembered hosts";
    private const string NoLogs = "it only writes logs";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Knob> All { get; } =
    [
        .. Options(), .. Times(), .. Buffers(), .. Behaviour(), .. Protections(), .. WithoutEffect(),
    ];

    private static Knob[] Options() =>
    [
        Profile(Tcp + "rfc1323", "window scaling and timestamps: 0 none, 1 both, 2 the first, 3 the second", (p, v) =>
        {
            int choice = KnobValue.Number(v, 0, 3);
            return p with { WindowScaling = choice is 1 or 2, Timestamps = choice is 1 or 3 };
        }),
        Profile(Tcp + "sack.enable", "offer SACK", (p, v) => p with { Sack = KnobValue.Switch(v) }),
        Profile(Tcp + "ecn.enable", "ECN: 0 never, 1 asked for and agreed to, 2 agreed to", (p, v) => p with { Ecn = KnobValue.Ecn(v) }),
        Profile(Tcp + "ecn.maxretries", "SYNs again that ask for ECN", (p, v) => p with { EcnSynRetries = KnobValue.Number(v) }),
        Only(Tcp + "fastopen.server_enable", "TCP Fast Open is not there", "0"),
        Only(Tcp + "fastopen.client_enable", "TCP Fast Open is not there", "0"),
        Profile(Tcp + "tolerate_missing_ts", "a segment may lack the timestamp that was agreed on", (p, v) =>
            p with { TimestampsMayMiss = KnobValue.Switch(v) }),
        Ignored(Tcp + "ts_offset_per_conn", "timestamps are mapped to the script's"),
    ];

    private static Knob[] Times() =>
    [
        Profile(Tcp + "delacktime", "how long an ACK may wait", (p, v) => p with { DelayedAck = KnobValue.Milliseconds(v) }),
        Profile(Tcp + "rexmit_initial", "the RTO before the first sample", (p, v) => p with { InitialRto = KnobValue.Milliseconds(v) }),
        Profile(Tcp + "rexmit_min", "the smallest RTO", (p, v) => p with { MinimumRto = KnobValue.Milliseconds(v) }),
        Profile(Tcp + "persmin", "the least wait before a probe", (p, v) => p with { PersistMinimum = KnobValue.Milliseconds(v) }),
        Profile(Tcp + "persmax", "the longest wait between probes", (p, v) => p with { PersistMaximum = KnobValue.Milliseconds(v) }),
        Profile(Tcp + "msl", "MSL; TIME-WAIT lasts two", (p, v) => p with { TimeWait = KnobValue.Milliseconds(v) * 2 }),
        Profile(Tcp + "finwait2_timeout", "how long FIN-WAIT-2 lasts", (p, v) => p with { FinWait2 = KnobValue.Milliseconds(v) }),
        Profile(Tcp + "keepinit", "when an OPEN is given up", (p, v) => p with { ConnectTimeout = KnobValue.Milliseconds(v) }),
        Connection(Tcp + "keepidle", "idle time before a probe", (c, v) => c with { KeepAliveTime = KnobValue.Milliseconds(v) }),
        Connection(Tcp + "keepintvl", "time between probes", (c, v) => c with { KeepAliveInterval = KnobValue.Milliseconds(v) }),
        Connection(Tcp + "keepcnt", "probes", (c, v) => c with { KeepAliveProbes = KnobValue.Number(v, 2, 255) }),
        Connection(Tcp + "always_keepalive", "keep-alive on all sockets", (c, v) => c with { KeepAlive = KnobValue.Switch(v) }),
        Profile(Tcp + "rexmit_slop", "what is added to each RTO", (p, v) =>
            p with { RtoSlop = Timers.Duration.FromMilliseconds(KnobValue.Number(v, 0, 60_000)) }),
        Profile(Tcp + "fast_finwait2_recycle", "FIN-WAIT-2 of a closed socket lasts finwait2_timeout: 60 s", (p, v) =>
            p with { FinWait2 = KnobValue.Switch(v) ? Timers.Duration.FromSeconds(60) : TcpProfile.FreeBsd.FinWait2 }),
        Only(Tcp + "rexmit_drop_options", "a SYN that goes again keeps its options", "0"),
        Only(Tcp + "maxunacktime", "only R2 ends a connection", "0"),
        Only(Tcp + "nolocaltimewait", "TIME-WAIT is the same for all peers", "0"),
    ];

    private static Knob[] Buffers() =>
    [
        Connection(Tcp + "recvspace", "the receive buffer", (c, v) => c with { ReceiveBuffer = KnobValue.Buffer(v) }),
        Connection(Tcp + "sendspace", "the send buffer", (c, v) => c with { SendBuffer = KnobValue.Buffer(v) }),
        Sets("kern.ipc.maxsockbuf", "the most of a buffer; it decides the window scale", (s, v) =>
        {
            int most = KnobValue.Buffer(v);
            return s with { MaximumSocketBuffer = most, Connection = s.Connection with { WindowScaleBuffer = most } };
        }),
        Only(Tcp + "recvbuf_auto", "receive buffers do not grow by themselves", "0"),
        Only(Tcp + "sendbuf_auto", "send buffers do not grow by themselves", "0"),
        Ignored(Tcp + "recvbuf_max", "receive buffers do not grow by themselves"),
        Ignored(Tcp + "recvbuf_inc", "receive buffers do not grow by themselves"),
        Ignored(Tcp + "sendbuf_max", "send buffers do not grow by themselves"),
        Ignored(Tcp + "sendbuf_inc", "send buffers do not grow by themselves"),
    ];

    private static Knob[] Behaviour() =>
    [
        Sets(Tcp + "cc.algorithm", "the congestion control", (s, v) => v switch
        {
            "newreno" => s with { Profile = s.Profile with { CongestionControl = static () => new NewReno() } },
            "cubic" => s with
            {
                Profile = s.Profile with { CongestionControl = static () => new Cubic(SlowStartExit.HyStartPlusPlus) },
            },
            _ => throw new FormatException($"there is no congestion control '{v}'; there are newreno and cubic"),
        }),
        Only(Tcp + "functions_default", "there is one TCP, like FreeBSD's base stack", "freebsd"),
        Profile(
            Tcp + "initcwnd_segments",
            "IW in segments",
            (p, v) => p with { InitialWindowSegments = KnobValue.Number(v, 1, 64) }),
        Profile(Tcp + "minmss", "the smallest MSS that a peer can make us use", (p, v) =>
            p with { MinimumSendMss = KnobValue.Number(v, 8, 65_535) }),
        Connection(Tcp + "delayed_ack", "ACKs wait for the second segment", (c, v) => c with { QuickAck = !KnobValue.Switch(v) }),
        Only(Tcp + "v6mssdflt", "a peer without MSS option gets RFC 9293's default", "1220"),
        Only(Tcp + "abc_l_var", "an ACK counts for two segments at most", "2"),
        Only(Tcp + "do_prr", "the rate falls in proportion", "1"),
        Ignored(Tcp + "do_tcpdrain", "memory is never short"),
        Ignored(Tcp + "sack.maxholes", "a script makes few holes"),
        Ignored(Tcp + "sack.globalmaxholes", "a script makes few holes"),
        Ignored(Tcp + "reass.maxqueuelen", "a script makes few holes"),
        Ignored(Tcp + "soreceive_stream", "reading gives the same text"),
        Only(Tcp + "mssdflt", "a peer without MSS option gets RFC 9293's default", "536"),
        Only(Tcp + "path_mtu_discovery", "path MTUs are discovered", "1"),
        Only(Tcp + "rfc3042", "Limited Transmit is on", "1"),
        Only(Tcp + "rfc3390", "initcwnd_segments says the window", "0", "1"),
        Only(Tcp + "rfc6675_pipe", "the pipe is RFC 6675's", "1"),
    ];

    private static Knob[] Protections() =>
    [
        Profile(Tcp + "insecure_rst", "any RST in the window ends a connection", (p, v) => p with { InsecureReset = KnobValue.Switch(v) }),
        Profile(Tcp + "insecure_syn", "a SYN in the window ends a connection", (p, v) => p with { InsecureSyn = KnobValue.Switch(v) }),
        Profile(Tcp + "insecure_ack", "an ACK may be of any age", (p, v) => p with { InsecureAck = KnobValue.Switch(v) }),
        Profile(Tcp + "drop_synfin", "a segment with SYN and FIN is dropped", (p, v) => p with { DropSynFin = KnobValue.Switch(v) }),
        Profile(Tcp + "blackhole", "closed ports: 0 RST, 1 a SYN gets none, 2 nothing gets one", (p, v) => p with
        {
            ClosedPorts = KnobValue.Number(v, 0, 3) switch
                {
                    0 => ClosedPortRule.Reset,
                    1 => ClosedPortRule.DropSyn,
                    _ => ClosedPortRule.DropAll,
                },
        }),
        Sets(Tcp + "syncookies", "SYN cookies when the queue is full", (s, v) => s with { SynCookies = KnobValue.Switch(v) }),
        Profile(Tcp + "ack_war_cnt", "challenge ACKs in ack_war_timewindow; 0: any number", (p, v) =>
            p with { ChallengeAcks = KnobValue.Number(v, 0, 255) }),
        Profile(Tcp + "syncache.rexmtlimit", "how often a SYN,ACK is sent again", (p, v) =>
            p with { SynAckRetries = KnobValue.Number(v, 0, 6) }),
        Only(Tcp + "syncache.rst_on_sock_fail", "a full accept queue resets", "1"),
        Only(Tcp + "icmp_may_rst", "ICMP ends an OPEN", "1"),
        Only(Tcp + "pmtud_blackhole_detection", "black holes are not looked for", "0"),
        Only(Tcp + "syncookies_only", "SYN cookies are for a full queue", "0"),
        Profile(Tcp + "ack_war_timewindow", "the least time between challenge ACKs", (p, v) =>
            p with { ChallengeAckInterval = Timers.Duration.FromMilliseconds(KnobValue.Number(v)) }),
    ];

    private static Knob[] WithoutEffect() =>
    [
        Ignored(Tcp + "hostcache.enable", NoHistory),
        Ignored(Tcp + "hostcache.expire", NoHistory),
        Ignored(Tcp + "hostcache.prune", NoHistory),
        Ignored(Tcp + "tso", "outbound segments are compared as a whole"),
        Ignored(Tcp + "log_in_vain", NoLogs),
        Ignored(Tcp + "log_debug", NoLogs),
        Ignored(Tcp + "bb.log_auto_ratio", NoLogs),
        Ignored(Tcp + "bb.log_auto_mode", NoLogs),
        Ignored(Tcp + "per_cpu_timers", "timers are those of virtual time"),
        Ignored("kern.timecounter.alloweddeviation", "timers are those of virtual time"),
        Ignored("kern.ipc.soacceptqueue", "listen gives the backlog that is asked for"),
        Ignored("kern.ipc.somaxconn", "listen gives the backlog that is asked for"),
        Ignored("net.inet.ip.portrange.randomized", "ephemeral ports are mapped to the script's"),
    ];
}
