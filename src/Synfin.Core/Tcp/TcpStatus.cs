using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin;

/// <summary>RFC 9293's STATUS call (3.9.1.6) and Linux's TCP_INFO in one: a copy of a connection's numbers.</summary>
public readonly record struct TcpStatus
{
    /// <summary>Both ends.</summary>
    public FourTuple Tuple { get; init; }

    /// <summary>The state.</summary>
    public TcpState State { get; init; }

    /// <summary>Why it ended.</summary>
    public CloseReason CloseReason { get; init; }

    /// <summary>Whether it came from a passive OPEN (MUST-11).</summary>
    public bool Passive { get; init; }

    /// <summary>Our initial sequence number.</summary>
    public SequenceNumber Iss { get; init; }

    /// <summary>The peer's initial sequence number.</summary>
    public SequenceNumber Irs { get; init; }

    /// <summary>SND.UNA.</summary>
    public SequenceNumber SndUna { get; init; }

    /// <summary>SND.NXT.</summary>
    public SequenceNumber SndNxt { get; init; }

    /// <summary>SND.WND in octets.</summary>
    public int SndWnd { get; init; }

    /// <summary>RCV.NXT.</summary>
    public SequenceNumber RcvNxt { get; init; }

    /// <summary>RCV.WND in octets.</summary>
    public int RcvWnd { get; init; }

    /// <summary>Written, neither sent nor acknowledged ("number of buffers awaiting acknowledgment", in octets).</summary>
    public int SendQueue { get; init; }

    /// <summary>Received and not yet read.</summary>
    public int ReceiveQueue { get; init; }

    /// <summary>Octets held out of order.</summary>
    public int OutOfOrder { get; init; }

    /// <summary>Octets between here and the end of urgent data (MUST-33); 0 if none.</summary>
    public int UrgentRemaining { get; init; }

    /// <summary>The text of a full segment we send, in octets.</summary>
    public int SendMss { get; init; }

    /// <summary>The MSS we announced.</summary>
    public int ReceiveMss { get; init; }

    /// <summary>The shift of windows that we receive.</summary>
    public int SendWindowScale { get; init; }

    /// <summary>The shift of windows that we send.</summary>
    public int ReceiveWindowScale { get; init; }

    /// <summary>Which options both ends agreed on.</summary>
    public TcpOptionKinds Options { get; init; }

    /// <summary>Whether both ends use ECN (RFC 3168).</summary>
    public bool Ecn { get; init; }

    /// <summary>Whether text came with ECT or CE.</summary>
    public bool EcnSeen { get; init; }

    /// <summary>cwnd in octets.</summary>
    public int CongestionWindow { get; init; }

    /// <summary>ssthresh in octets.</summary>
    public int SlowStartThreshold { get; init; }

    /// <summary>Whether fast recovery is under way.</summary>
    public bool InRecovery { get; init; }

    /// <summary>The sender's state as Linux numbers it (<c>tcpi_ca_state</c>).</summary>
    public CongestionState CongestionState { get; init; }

    /// <summary>Segments sent and not acknowledged by SEG.ACK (<c>tcpi_unacked</c>).</summary>
    public int UnackedSegments { get; init; }

    /// <summary>
    /// Segments that the peer told by SACK that it has (<c>tcpi_sacked</c>); without SACK as many as duplicate ACKs told of.
    /// </summary>
    public int SackedSegments { get; init; }

    /// <summary>Segments taken for lost, sent again or not (<c>tcpi_lost</c>).</summary>
    public int LostSegments { get; init; }

    /// <summary>Segments sent again and believed to be in flight (<c>tcpi_retrans</c>).</summary>
    public int RetransmittedSegments { get; init; }

    /// <summary>The degree of reordering that the path has shown, in segments: 3 at first, at most 300 (<c>tcpi_reordering</c>).</summary>
    public int Reordering { get; init; }

    /// <summary>Segments that the peer told by DSACK that it got twice (RFC 2883, <c>tcpi_dsack_dups</c>).</summary>
    public int DsackDuplicates { get; init; }

    /// <summary>Octets of text sent again in all (<c>tcpi_bytes_retrans</c>).</summary>
    public long OctetsRetransmitted { get; init; }

    /// <summary>The least round trip of the last 300 s, in whole microseconds (<c>tcpi_min_rtt</c>); zero if there is none.</summary>
    public Duration MinimumRoundTrip { get; init; }

    /// <summary>SRTT; zero before the first sample.</summary>
    public Duration SmoothedRoundTrip { get; init; }

    /// <summary>RTTVAR.</summary>
    public Duration RoundTripVariation { get; init; }

    /// <summary>RTO, back-off included.</summary>
    public Duration RetransmissionTimeout { get; init; }

    /// <summary>Retransmissions of the same data so far.</summary>
    public int Retransmits { get; init; }

    /// <summary>How often the RTO was doubled since the last sample (RFC 6298 5.5); an ACK without a sample leaves it so.</summary>
    public int BackOffs { get; init; }

    /// <summary>Wire segments retransmitted in all.</summary>
    public long TotalRetransmits { get; init; }

    /// <summary>Wire segments sent.</summary>
    public long SegmentsSent { get; init; }

    /// <summary>Wire segments received.</summary>
    public long SegmentsReceived { get; init; }

    /// <summary>Octets that the peer acknowledged.</summary>
    public long OctetsAcknowledged { get; init; }

    /// <summary>Octets received in order.</summary>
    public long OctetsReceived { get; init; }

    /// <summary>What kept the last wait alive: R1 reached, or what ICMP said (MUST-47).</summary>
    public TcpError SoftError { get; init; }

    /// <summary>The next deadline.</summary>
    public Timestamp NextDeadline { get; init; }

    /// <summary>What the next deadline is for; null if there is none.</summary>
    public TcpTimerKind? NextTimer { get; init; }
}
