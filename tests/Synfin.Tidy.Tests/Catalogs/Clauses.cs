namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>What the RFCs beside 9293 ask of a TCP, clause by clause, in our own words and with ids of ours.</summary>
public static partial class Clauses
{
    /// <summary>All of them, in the order of the documents below.</summary>
    public static IReadOnlyList<Clause> All { get; } =
    [
        .. BlindAttacks,
        .. Timer,
        .. Congestion,
        .. NewReno,
        .. SackRecovery,
        .. Ecn,
        .. TimestampsAndScale,
        .. Sack,
        .. Dsack,
        .. Isn,
        .. Ports,
        .. TimeWaitReuse,
        .. TimeWaitHazards,
        .. SynFloods,
        .. UserTimeout,
        .. IcmpAttacks,
        .. Urgent,
        .. Mss,
        .. PathMtu,
        .. PathMtuIpv6,
    ];

    private static Clause[] BlindAttacks =>
    [
        new("RFC5961-1", "3.2", "MUST", "A RST outside of the window is dropped in silence"),
        new("RFC5961-2", "3.2", "MUST", "A RST at exactly RCV.NXT resets the connection"),
        new("RFC5961-3", "3.2", "MUST", "A RST elsewhere in the window is challenged, and the segment dropped"),
        new("RFC5961-4", "4.2", "MUST", "A SYN in a synchronized state is challenged whatever its number, and the segment dropped"),
        new("RFC5961-5", "5.2", "MUST",
            "An ACK older than SND.UNA - MAX.SND.WND, or of what was not sent, is discarded and an ACK sent back"),
        new("RFC5961-6", "5.2", "MUST", "A segment in a synchronized state without ACK is dropped"),
        new("RFC5961-7", "7", "SHOULD", "Challenge ACKs are throttled"),
        new("RFC5961-8", "7", "SHOULD", "The limit can be set by the administrator"),
    ];

    private static Clause[] Timer =>
    [
        new("RFC6298-1", "2.1", "SHOULD", "Before the first sample RTO is 1 s"),
        new("RFC6298-2", "2.2", "MUST", "The first sample R gives SRTT = R, RTTVAR = R/2"),
        new("RFC6298-3", "2.3", "MUST", "Further samples change RTTVAR by 1/4, then SRTT by 1/8"),
        new("RFC6298-4", "2.4", "SHOULD", "An RTO of less than 1 s is rounded up to 1 s (Rfc profile)"),
        new("RFC6298-5", "2.5", "MAY", "The RTO may have a maximum of at least 60 s"),
        new("RFC6298-6", "3", "MUST", "No sample from what was retransmitted, unless a timestamp tells which was acknowledged (Karn)"),
        new("RFC6298-7", "3", "MUST", "At least one sample is taken a round trip"),
        new("RFC6298-8", "4", "SHOULD", "The clock's grain is 100 ms or finer"),
        new("RFC6298-9", "5.1", "MUST", "Whatever is sent with text starts the timer if it does not run"),
        new("RFC6298-10", "5.2", "MUST", "When all is acknowledged the timer is turned off"),
        new("RFC6298-11", "5.3", "MUST", "An ACK of new data restarts the timer"),
        new("RFC6298-12", "5.4", "MUST", "On expiry the earliest unacknowledged segment is sent again"),
        new("RFC6298-13", "5.5", "MUST", "On expiry the RTO is doubled"),
        new("RFC6298-14", "5.6", "MUST", "The timer starts again with the doubled RTO"),
        new("RFC6298-15", "5.7", "MUST", "After the loss of a SYN the RTO is set to 3 s when data begins"),
    ];

    private static Clause[] Congestion =>
    [
        new("RFC5681-1", "3.1", "MUST", "The initial window has its upper bound (RFC 6928's)"),
        new("RFC5681-2", "3.1", "MUST", "After a lost SYN the initial window is one segment"),
        new("RFC5681-3", "3.1", "MUST", "In slow start cwnd grows by no more than SMSS for each ACK of new data, counted in octets"),
        new("RFC5681-4", "3.1", "MUST", "After a time-out ssthresh is at most max(FlightSize / 2, 2 * SMSS)"),
        new("RFC5681-5", "3.1", "MUST", "After a time-out cwnd is one segment"),
        new("RFC5681-6", "3.1", "MUST", "A second time-out of the same segment leaves ssthresh"),
        new("RFC5681-7", "3.2", "SHOULD", "The third duplicate ACK retransmits"),
        new("RFC5681-8", "3.2", "SHOULD", "The first two duplicates let a new segment out each (RFC 3042)"),
        new("RFC5681-9", "4.1", "SHOULD", "After an idle RTO cwnd is no more than the restart window"),
        new("RFC5681-10", "4.2", "SHOULD", "An ACK comes for at least every second full segment"),
        new("RFC5681-11", "4.2", "MUST", "An ACK waits less than 500 ms"),
        new("RFC5681-12", "4.2", "SHOULD", "Out-of-order text is acknowledged at once, and so is what fills a gap"),
    ];

    private static Clause[] NewReno =>
    [
        new("RFC6582-1", "3.2", "MUST", "A partial ACK retransmits the first segment that it leaves"),
        new("RFC6582-2", "3.2", "MUST", "A partial ACK deflates cwnd by what it acknowledges"),
        new("RFC6582-3", "3.2", "MUST", "Only a full ACK ends fast recovery"),
        new("RFC6582-4", "4.1", "SHOULD", "After a time-out duplicates of what was sent again start no recovery"),
    ];

    private static Clause[] SackRecovery =>
    [
        new("RFC6675-1", "2", "MUST", "A duplicate is an ACK that tells of new octets"),
        new("RFC6675-2", "4", "MUST", "IsLost: three ranges or more than two segments' worth are sacked above"),
        new("RFC6675-3", "4", "MUST", "Pipe counts what is believed to be in the network"),
        new("RFC6675-4", "4", "MUST", "NextSeg: lost octets first, then new ones, then those in doubt"),
        new("RFC6675-5", "4", "SHOULD", "One rescue retransmission for the tail"),
        new("RFC6675-6", "5", "MUST", "A lost retransmission waits for the timer"),
        new("RFC6675-7", "5.1", "MUST", "After a time-out the scoreboard's news before it is not trusted; new SACKs are"),
    ];
}
