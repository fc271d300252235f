using Synfin.Tcp.CongestionControl;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>The choices in which TCPs differ, as one value. docs/decisions.md says why the Default is as it is.</summary>
public sealed record TcpProfile
{
    /// <summary>Ours: what RFC 9293 and its amendments ask for, with the values that today's networks need.</summary>
    public static TcpProfile Default { get; } = new();

    /// <summary>RFC 9293, RFC 6298 and RFC 1122 to the letter: 2MSL of 240 s, a minimum RTO of 1 s.</summary>
    public static TcpProfile Rfc { get; } = new()
    {
        Name = "rfc",
        TimeWait = Duration.FromSeconds(240),
        MinimumRto = Duration.FromSeconds(1),
        MinimumRtoOnVariation = false,
        DelayedAck = Duration.FromMilliseconds(200),

        Ecn = EcnMode.Request,

        CongestionControl = static () => new NewReno(),
        LossDetection = LossDetection.DupThresh,
        TailLossProbe = false,
        RateReduction = RateReduction.None,
        Undo = false,
        ForwardRto = false,
        SlowStartToTwiceTheFlight = false,
        BlackHoleTimeouts = 0,
    };

    /// <summary>As Linux behaves, as far as the engine's parts go.</summary>
    public static TcpProfile Linux { get; } = new()
    {
        Name = "linux",
        MaximumRto = Duration.FromSeconds(120),
        SynRetries = 6,
        QuickAckSegments = 16,
        IgnoreResetInTimeWait = false,
        SlowStartAfterIdle = false,
        SackEdgeReset = true,
        ResetAtFin = true,
        SynLinearTimeouts = 4,
        SynQueueAdmitsOneMore = true,
        SilentTimeouts = true,
        AcknowledgmentRule = AcknowledgmentRule.Linux,
        WindowRule = ReceiveWindowRule.Linux,
        PushRule = PushRule.EndOfWrite,
        EmptyWindowProbes = true,
        UnreachableEndsOpen = true,
        TimestampsMayMiss = true,
        EcnAfterFallback = true,

        CongestionControl = static () => new Cubic(SlowStartExit.HyStart, wholeSegments: true),
        RateReduction = RateReduction.ProportionalInSegments,
        RoundTripPerAck = true,
        BlackHoleTimeouts = 0,
    };

    /// <summary>As FreeBSD behaves, as far as the engine's parts go.</summary>
    public static TcpProfile FreeBsd { get; } = new()
    {
        Name = "freebsd",
        TimeWait = Duration.FromSeconds(60),
        MaximumRto = Duration.FromSeconds(64),
        MinimumRto = Duration.FromMilliseconds(30),
        SynRetries = 12,
        SynAckRetries = 3,
        MinshallNagle = false,
        FinWait2 = Duration.FromSeconds(600),
        ConnectTimeout = Duration.FromSeconds(75),
        PersistMinimum = Duration.FromSeconds(5),
        PersistMaximum = Duration.FromSeconds(60),
        AcknowledgmentRule = AcknowledgmentRule.SecondSegment,
        WindowRule = ReceiveWindowRule.FreeBsd,
        InputRule = InputRule.FreeBsd,
        ChallengeAcks = 5,
        CorkTimeout = Duration.FromSeconds(5),
        ChallengeAckInterval = Duration.FromSeconds(1),
        MinimumSendMss = 216,
        R2 = 12,
        OrphanRetries = 12,
        OptionLayout = TcpOptionLayout.FreeBsd,
        EcnSynRetries = 1,

        CongestionControl = static () => new Cubic(SlowStartExit.HyStartPlusPlus),
        LossDetection = LossDetection.DupThresh,
        TailLossProbe = false,
        Undo = false,
        ForwardRto = false,
        SlowStartToTwiceTheFlight = false,
        MinimumRtoOnVariation = false,
        RtoSlop = Duration.FromMilliseconds(200),
    };

    /// <summary>The profile's name.</summary>
    public string Name { get; init; } = "default";

    /// <summary>2MSL (RFC 9293 3.4.2 and MUST-13; 240 s in the Rfc profile, 60 s elsewhere as in Linux and FreeBSD).</summary>
    public Duration TimeWait { get; init; } = Duration.FromSeconds(60);

    /// <summary>How long FIN-WAIT-2 lasts after the application has left; unlimited after a half-close.</summary>
    public Duration FinWait2 { get; init; } = Duration.FromSeconds(60);

    /// <summary>The RTO before the first sample (RFC 6298 2.1).</summary>
    public Duration InitialRto { get; init; } = Duration.FromSeconds(1);

    /// <summary>The RTO to fall back to when the SYN's timer expired (RFC 6298 5.7).</summary>
    public Duration RtoAfterSynLoss { get; init; } = Duration.FromSeconds(3);

    /// <summary>The smallest RTO (RFC 6298 2.4 says 1 s; Linux 200 ms).</summary>
    public Duration MinimumRto { get; init; } = Duration.FromMilliseconds(200);

    /// <summary>
    /// The minimum is one of RTO's variation part: RTO = SRTT + max(minimum, 4 RTTVAR), as in Linux. With RFC 6298's rule a steady path of
    /// 300 ms has an RTO of 301 ms, and a delayed ACK looks like a loss.
    /// </summary>
    public bool MinimumRtoOnVariation { get; init; } = true;

    /// <summary>The largest RTO (RFC 6298 2.5 asks for at least 60 s).</summary>
    public Duration MaximumRto { get; init; } = Duration.FromSeconds(128);

    /// <summary>Retransmissions of a SYN before OPEN fails: 7 of them take 255 s (MUST-23 asks for at least 180 s).</summary>
    public int SynRetries { get; init; } = 7;

    /// <summary>
    /// How many times a SYN is sent again after the initial RTO each, before its waits double; these are besides
    /// <see cref="SynRetries"/> (Linux since 6.5: 4).
    /// </summary>
    public int SynLinearTimeouts { get; init; }

    /// <summary>
    /// As many connections as the backlog and one more may be half-open before SYN cookies begin (Linux: inet_csk_reqsk_queue_is_full()).
    /// </summary>
    public bool SynQueueAdmitsOneMore { get; init; }

    /// <summary>After how long an OPEN that was not answered is given up, whatever was retransmitted (FreeBSD: 75 s); 0: never.</summary>
    public Duration ConnectTimeout { get; init; }

    /// <summary>Retransmissions of a SYN,ACK before the half-open connection is forgotten: 5 take 63 s.</summary>
    public int SynAckRetries { get; init; } = 5;

    /// <summary>R1, in retransmissions of the same data (SHLD-10: at least 3).</summary>
    public int R1 { get; init; } = 3;

    /// <summary>R2, in retransmissions of the same data (FreeBSD: 12), unless the user timeout says more (SHLD-11: 100 s).</summary>
    public int R2 { get; init; } = 15;

    /// <summary>R2 of a connection whose application has left.</summary>
    public int OrphanRetries { get; init; } = 8;

    /// <summary>How long an ACK may wait (MUST-40: less than 0.5 s).</summary>
    public Duration DelayedAck { get; init; } = Duration.FromMilliseconds(40);

    /// <summary>How many data segments at a connection's start are acknowledged at once.</summary>
    public int QuickAckSegments { get; init; }

    /// <summary>Makes a connection's congestion control (MAY-18).</summary>
    public Func<ICongestionControl> CongestionControl { get; init; } = static () => new Cubic();

    /// <summary>IW in segments (RFC 6928).</summary>
    public int InitialWindowSegments { get; init; } = 10;

    /// <summary>Fall back to the restart window after an idle RTO (RFC 5681 4.1).</summary>
    public bool SlowStartAfterIdle { get; init; } = true;

    /// <summary>Nagle in Minshall's variant: only a small segment in flight holds the next small one back.</summary>
    public bool MinshallNagle { get; init; } = true;

    /// <summary>RFC 1337: a RST does not end TIME-WAIT.</summary>
    public bool IgnoreResetInTimeWait { get; init; } = true;

    /// <summary>Accept a RST at the right edge of the highest SACK block that we sent, as Linux does.</summary>
    public bool SackEdgeReset { get; init; }

    /// <summary>Accept a RST with the number of the peer's FIN, as Linux does: some peers send one when they are ended.</summary>
    public bool ResetAtFin { get; init; }

    /// <summary>How segments are judged.</summary>
    public InputRule InputRule { get; init; }

    /// <summary>How many challenge ACKs go out in <see cref="ChallengeAckInterval"/> (RFC 5961 7; FreeBSD: 5); 0: any number.</summary>
    public int ChallengeAcks { get; init; } = 1;

    /// <summary>An ACK of any age is taken, as in RFC 793 (FreeBSD's insecure_ack); only in <see cref="InputRule.FreeBsd"/>.</summary>
    public bool InsecureAck { get; init; }


    /// <summary>The time in which <see cref="ChallengeAcks"/> ACKs of a connection answer invalid segments (RFC 5961 7).</summary>
    public Duration ChallengeAckInterval { get; init; } = Duration.FromMilliseconds(500);

    /// <summary>The longest that a corked small segment waits.</summary>
    public Duration CorkTimeout { get; init; } = Duration.FromMilliseconds(200);

    /// <summary>Offer window scaling (RFC 7323).</summary>
    public bool WindowScaling { get; init; } = true;

    /// <summary>Offer timestamps (RFC 7323).</summary>
    public bool Timestamps { get; init; } = true;

    /// <summary>Offer SACK (RFC 2018).</summary>
    public bool Sack { get; init; } = true;

    /// <summary>Whether explicit congestion notification is used (RFC 3168, SHLD-8).</summary>
    public EcnMode Ecn { get; init; } = EcnMode.Accept;

    /// <summary>
    /// So many retransmissions of a SYN still ask for ECN; later ones do not, lest the bits are why nobody answers (RFC 3168 6.1.1.1).
    /// </summary>
    public int EcnSynRetries { get; init; }

    /// <summary>
    /// One SYN or SYN,ACK of each end that agreed is enough, though a later one of the same end did not, as in Linux (RFC 3168 6.1.1
    /// says that ECT is not set then).
    /// </summary>
    public bool EcnAfterFallback { get; init; }

    /// <summary>The order and padding of options.</summary>
    public TcpOptionLayout OptionLayout { get; init; }

    /// <summary>When text is acknowledged at once and when later.</summary>
    public AcknowledgmentRule AcknowledgmentRule { get; init; }

    /// <summary>How much of the free receive buffer is offered, and when.</summary>
    public ReceiveWindowRule WindowRule { get; init; }

    /// <summary>Tell the sender what came twice (RFC 2883), where SACK is agreed on.</summary>
    public bool Dsack { get; init; } = true;

    /// <summary>In the rule of Linux: beyond a gap the ACKs of all but the first three segments wait for a millisecond at most.</summary>
    public bool CompressAcks { get; init; } = true;

    /// <summary>Which segments carry PSH.</summary>
    public PushRule PushRule { get; init; }

    /// <summary>A closed window is probed by a segment without text before it, as Linux does, and not by one octet (3.8.6.1).</summary>
    public bool EmptyWindowProbes { get; init; }

    /// <summary>The least wait before a closed window is probed (FreeBSD: 5 s); zero for the RTO alone (SHLD-29).</summary>
    public Duration PersistMinimum { get; init; }

    /// <summary>The longest wait between two probes (FreeBSD: 60 s); zero for <see cref="MaximumRto"/>.</summary>
    public Duration PersistMaximum { get; init; }

    /// <summary>Any ICMP error ends an OPEN that was not answered yet, as in Linux, though MUST-56 calls most of them soft.</summary>
    public bool UnreachableEndsOpen { get; init; }

    /// <summary>A connection whose peer does not answer any more ends without a RST, as in Linux.</summary>
    public bool SilentTimeouts { get; init; }

    /// <summary>
    /// A segment without timestamps is taken where they were agreed on, as in Linux, though RFC 7323 3.2 asks to drop it.
    /// </summary>
    public bool TimestampsMayMiss { get; init; }

    /// <summary>A RST anywhere in the window ends the connection: RFC 793 without RFC 5961 (FreeBSD's insecure_rst).</summary>
    public bool InsecureReset { get; init; }

    /// <summary>A SYN in the window resets the connection: RFC 793 without RFC 5961 (FreeBSD's insecure_syn).</summary>
    public bool InsecureSyn { get; init; }

    /// <summary>A segment with SYN and FIN is dropped (FreeBSD's drop_synfin).</summary>
    public bool DropSynFin { get; init; }

    /// <summary>Segments for a port on which nobody listens are not answered (FreeBSD's blackhole).</summary>
    public ClosedPortRule ClosedPorts { get; init; }

    /// <summary>The smallest send MSS that a peer can make us use (CVE-2019-11479).</summary>
    public int MinimumSendMss { get; init; } = 48;

    // Loss recovery.

    /// <summary>What tells that a segment is lost.</summary>
    public LossDetection LossDetection { get; init; } = LossDetection.Rack;

    /// <summary>Probe for a lost tail after two round trips (RFC 8985 7). Needs <see cref="LossDetection.Rack"/>.</summary>
    public bool TailLossProbe { get; init; } = true;

    /// <summary>What a probe timeout allows for a delayed ACK, if one segment alone is in flight (RFC 8985 7.2).</summary>
    public Duration ProbeDelayedAck { get; init; } = Duration.FromMilliseconds(200);

    /// <summary>How the window shrinks in fast recovery (RFC 9937).</summary>
    public RateReduction RateReduction { get; init; } = RateReduction.Proportional;

    /// <summary>Give the window back when a reduction proves needless, by timestamps or DSACK (RFC 3522, RFC 3708, RFC 4015).</summary>
    public bool Undo { get; init; } = true;

    /// <summary>Forward RTO recovery (RFC 5682).</summary>
    public bool ForwardRto { get; init; } = true;

    /// <summary>In slow start cwnd may grow to twice what was in flight though it was not full, as in Linux.</summary>
    public bool SlowStartToTwiceTheFlight { get; init; } = true;

    /// <summary>
    /// Each ACK gives a sample of the round trip, and SRTT and RTO are Linux's: a variation that rises at once and falls over a round trip,
    /// with <see cref="MinimumRto"/> as its least. Otherwise one segment a round trip is timed (RFC 6298 3).
    /// </summary>
    public bool RoundTripPerAck { get; init; }

    /// <summary>Added to each RTO that rests on a sample, and to each that was doubled, as in FreeBSD.</summary>
    public Duration RtoSlop { get; init; }

    /// <summary>
    /// So many time-outs of full segments make us take the path for a black hole of large packets, and halve them, and so
    /// many more again (RFC 2923 2.1, RFC 4821); 0 for never.
    /// </summary>
    public int BlackHoleTimeouts { get; init; } = 3;
}
