namespace Synfin;

/// <summary>The eleven states of a connection (RFC 9293 3.3.2).</summary>
public enum TcpState : byte
{
    /// <summary>No connection at all.</summary>
    Closed,

    /// <summary>Waiting for a connection request from any peer.</summary>
    Listen,

    /// <summary>A SYN was sent; its answer is awaited.</summary>
    SynSent,

    /// <summary>A SYN was received and one sent; its acknowledgment is awaited.</summary>
    SynReceived,

    /// <summary>Open: data goes both ways.</summary>
    Established,

    /// <summary>We closed first; the acknowledgment of our FIN is awaited.</summary>
    FinWait1,

    /// <summary>Our FIN is acknowledged; the peer may still send.</summary>
    FinWait2,

    /// <summary>The peer closed; our application has not.</summary>
    CloseWait,

    /// <summary>Both FINs crossed; the acknowledgment of ours is awaited.</summary>
    Closing,

    /// <summary>The peer closed, then we did; the acknowledgment of our FIN is awaited.</summary>
    LastAck,

    /// <summary>All is said; 2MSL pass so that the last ACK arrives and old segments die.</summary>
    TimeWait,
}
