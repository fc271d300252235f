namespace Synfin.Tcp;

/// <summary>Why a call cannot be done, or what ended a connection, in the words of RFC 9293 3.10.</summary>
public enum TcpError : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The call would have to wait: no data, no room, no connection to accept.</summary>
    WouldBlock,

    /// <summary>"connection does not exist": it is closed, or was never opened.</summary>
    ConnectionDoesNotExist,

    /// <summary>"connection already exists": the address and port, or the four-tuple, are in use.</summary>
    ConnectionAlreadyExists,

    /// <summary>"connection closing": our side was closed already.</summary>
    ConnectionClosing,

    /// <summary>"connection reset": the peer sent RST.</summary>
    ConnectionReset,

    /// <summary>"connection refused": RST in answer to our SYN.</summary>
    ConnectionRefused,

    /// <summary>"connection aborted due to user timeout": R2 or the user timeout passed, or keep-alive got no answer.</summary>
    TimedOut,

    /// <summary>The connection was aborted by this end's application.</summary>
    Aborted,

    /// <summary>"foreign socket unspecified" or not a unicast address (MUST-46).</summary>
    InvalidRemoteAddress,

    /// <summary>The local address is not one of this host's.</summary>
    InvalidLocalAddress,

    /// <summary>"insufficient resources": a named limit was reached.</summary>
    InsufficientResources,

    /// <summary>No free local port is left.</summary>
    NoPortAvailable,

    /// <summary>ICMP says that the network cannot be reached (before ESTABLISHED).</summary>
    NetworkUnreachable,

    /// <summary>ICMP says that the host cannot be reached (before ESTABLISHED).</summary>
    HostUnreachable,

    /// <summary>
    /// "precedence" and "security" errors' heir: ICMP says protocol or port unreachable or prohibited (before ESTABLISHED).
    /// </summary>
    Prohibited,

    /// <summary>A datagram is larger than the MTU less the headers; nothing is fragmented (UDP only).</summary>
    MessageTooLong,
}
