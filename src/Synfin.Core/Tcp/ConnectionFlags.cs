namespace Synfin.Tcp;

/// <summary>What is true of a connection, one bit each: an idle connection pays eight octets for all of them.</summary>
[Flags]
internal enum ConnectionFlags : ulong
{
    None = 0,

    /// <summary>It came from a passive OPEN (MUST-11).</summary>
    Passive = 1 << 0,

    /// <summary>Both ends use timestamps (RFC 7323).</summary>
    Timestamps = 1 << 1,

    /// <summary>Both ends use SACK (RFC 2018).</summary>
    Sack = 1 << 2,

    /// <summary>Both ends scale windows (RFC 7323).</summary>
    WindowScaling = 1 << 3,

    /// <summary>The application has no more to send: FIN follows the last octet.</summary>
    FinQueued = 1 << 4,

    /// <summary>The application has left: nobody reads any more.</summary>
    Orphaned = 1 << 5,

    /// <summary>The peer's FIN was seen, maybe out of order; Rcv.Fin says where.</summary>
    FinSeen = 1 << 6,

    /// <summary>The peer's FIN was reached: all before it has arrived.</summary>
    FinReceived = 1 << 7,

    /// <summary>A SYN or SYN,ACK must go out.</summary>
    SynPending = 1 << 8,

    /// <summary>An ACK must go out now.</summary>
    AckNow = 1 << 9,

    /// <summary>A keep-alive probe must go out.</summary>
    KeepAlivePending = 1 << 10,

    /// <summary>One octet must go out though the window forbids it, or a silly segment.</summary>
    ProbePending = 1 << 11,

    /// <summary>The window is closed (or silly) and Deadlines.Retransmit is the persist timer.</summary>
    Persisting = 1 << 12,

    /// <summary>SND.UP is ahead of SND.UNA.</summary>
    UrgentToSend = 1 << 13,

    /// <summary>RCV.UP is ahead of what was read.</summary>
    UrgentToRead = 1 << 14,

    /// <summary>BSD's out-of-band octet waits to be read.</summary>
    OutOfBandReady = 1 << 15,

    /// <summary>A round trip is being timed (RFC 6298 3, Karn).</summary>
    Timing = 1 << 16,

    /// <summary>The first retransmission of a recovery goes out whatever the window says (RFC 6675 5 (4.3)).</summary>
    ForceRetransmit = 1 << 17,

    /// <summary>Duplicate octets arrived: the next ACK carries a DSACK (RFC 2883).</summary>
    DsackPending = 1 << 18,

    /// <summary>The application waits for room to send.</summary>
    WantsWritable = 1 << 19,

    /// <summary>The application waits for all to be acknowledged.</summary>
    WantsDrained = 1 << 20,

    /// <summary>In the ready queue.</summary>
    Ready = 1 << 21,

    /// <summary>In the table.</summary>
    InTable = 1 << 22,

    /// <summary>Our SYN was retransmitted (RFC 5681 3.1, RFC 6298 5.7).</summary>
    SynRetransmitted = 1 << 23,

    /// <summary>The congestion window limited the last transmission.</summary>
    WindowLimited = 1 << 24,

    /// <summary>R1 was reported for the data that waits.</summary>
    R1Reported = 1 << 25,

    /// <summary>The rescue retransmission of this recovery was made (RFC 6675 4, NextSeg (4)).</summary>
    Rescued = 1 << 26,

    /// <summary>Something was sent since the last idle check (RFC 5681 4.1).</summary>
    HasSent = 1 << 27,

    /// <summary>The out-of-band octet of RCV.UP was taken out of the stream.</summary>
    OutOfBandTaken = 1 << 28,

    /// <summary>Waits for pages.</summary>
    Starved = 1 << 29,

    /// <summary>The peer's half-close was ours first: who sent FIN first decides the close reason.</summary>
    ClosedFirst = 1 << 30,

    /// <summary>Our FIN is acknowledged.</summary>
    FinAcknowledged = 1UL << 31,

    /// <summary>Counted among the orphans.</summary>
    OrphanCounted = 1UL << 32,

    /// <summary>A corked segment waited long enough: it may go.</summary>
    CorkPulled = 1UL << 33,

    /// <summary>The application reads received pages where they lie.</summary>
    Lent = 1UL << 34,

    /// <summary>The application writes into pages behind the text to send.</summary>
    Reserved = 1UL << 35,

    /// <summary>The application wrote into pages, which the send buffer's limit does not bound.</summary>
    WritesPages = 1UL << 36,

    /// <summary>The last write said that more follows at once: a small segment waits for it.</summary>
    MoreFollows = 1UL << 37,

    /// <summary>Both ends use ECN (RFC 3168).</summary>
    Ecn = 1UL << 47,

    /// <summary>Text came with CE: our ACKs say so until CWR comes (RFC 3168 6.1.3).</summary>
    EcnEcho = 1UL << 48,

    /// <summary>Text came with ECT or CE.</summary>
    EcnSeen = 1UL << 49,

    /// <summary>The window was reduced: the next new text tells it by CWR (RFC 3168 6.1.2).</summary>
    CwrPending = 1UL << 50,

    /// <summary>ECE reduces the window, for a round trip at least (Linux: TCP_CA_CWR); the recovery point is where that ends.</summary>
    Reducing = 1UL << 51,

    /// <summary>The application resized the buffers: what they hold may exceed their new size.</summary>
    BuffersChanged = 1UL << 60,

    /// <summary>The application will not read what comes from now on.</summary>
    ReadingStopped = 1UL << 61,

    /// <summary>Reordering was seen (RFC 8985 5.4, RACK.reordering_seen).</summary>
    ReorderingSeen = 1UL << 40,

    /// <summary>A DSACK came that may widen the reordering window (RFC 8985 6.2 step 4).</summary>
    DsackSeen = 1UL << 41,

    /// <summary>The reordering window was widened before: RACK.dsack_round means something.</summary>
    ReorderingWidened = 1UL << 42,

    /// <summary>Deadlines.LossProbe is the reordering timer, not the probe timer.</summary>
    ReorderingTimer = 1UL << 43,

    /// <summary>A tail loss probe must go out (RFC 8985 7.3).</summary>
    ProbeTail = 1UL << 44,

    /// <summary>All in flight goes again though nothing was lost: no recovery.</summary>
    Resending = 1UL << 45,

    /// <summary>What goes out now is the rescue retransmission (RFC 6675 4, NextSeg (4)).</summary>
    RescuePending = 1UL << 46,
}
