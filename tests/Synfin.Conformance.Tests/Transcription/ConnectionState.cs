namespace Synfin.Conformance.Tests.Transcription;

/// <summary>The states of RFC 9293 3.3.2.</summary>
public enum ConnectionState
{
    /// <summary>"represents no connection state at all."</summary>
    Closed,

    /// <summary>"waiting for a connection request from any remote TCP peer and port."</summary>
    Listen,

    /// <summary>"waiting for a matching connection request after having sent a connection request."</summary>
    SynSent,

    /// <summary>"waiting for a confirming connection request acknowledgment after having both received and sent a request."</summary>
    SynReceived,

    /// <summary>"an open connection, data received can be delivered to the user."</summary>
    Established,

    /// <summary>"waiting for a connection termination request from the remote TCP peer, or an acknowledgment of the one sent."</summary>
    FinWait1,

    /// <summary>"waiting for a connection termination request from the remote TCP peer."</summary>
    FinWait2,

    /// <summary>"waiting for a connection termination request from the local user."</summary>
    CloseWait,

    /// <summary>"waiting for a connection termination request acknowledgment from the remote TCP peer."</summary>
    Closing,

    /// <summary>"waiting for an acknowledgment of the connection termination request previously sent."</summary>
    LastAck,

    /// <summary>"waiting for enough time to pass [...]"</summary>
    TimeWait,
}
