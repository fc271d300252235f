namespace Synfin.Conformance.Tests.Transcription;

/// <summary>The states of RFC 9293 3.3.2.</summary>
public enum ConnectionState
{
    /// <summary>No connection state at all.</summary>
    Closed,

    /// <summary>Waits for a connection request of any remote TCP peer and port.</summary>
    Listen,

    /// <summary>Waits for a matching connection request, having sent one.</summary>
    SynSent,

    /// <summary>Waits for the acknowledgment of its connection request, having both received and sent one.</summary>
    SynReceived,

    /// <summary>An open connection: data received can be delivered to the user.</summary>
    Established,

    /// <summary>Waits for the termination request of the remote TCP peer, or the acknowledgment of the one sent.</summary>
    FinWait1,

    /// <summary>Waits for the termination request of the remote TCP peer.</summary>
    FinWait2,

    /// <summary>Waits for the termination request of the local user.</summary>
    CloseWait,

    /// <summary>Waits for the acknowledgment of its termination request, having received one.</summary>
    Closing,

    /// <summary>Waits for the acknowledgment of its termination request, having acknowledged the peer's before.</summary>
    LastAck,

    /// <summary>Waits until old segments of the connection have died out.</summary>
    TimeWait,
}
