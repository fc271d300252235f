namespace Synfin.Stack;

/// <summary>Why an arriving packet was not acted on.</summary>
public enum DropReason : byte
{
    /// <summary>It was acted on.</summary>
    None,

    /// <summary>It could not be parsed.</summary>
    Malformed,

    /// <summary>A checksum is wrong (MUST-3).</summary>
    Checksum,

    /// <summary>Not addressed to this host.</summary>
    NotForUs,

    /// <summary>
    /// An impossible source or destination: multicast, broadcast, loopback on the wire, our own (MUST-57, MUST-63, LAND).
    /// </summary>
    Martian,

    /// <summary>A protocol that is not handled: answered with protocol unreachable, or ICMPv6's parameter problem.</summary>
    UnknownProtocol,

    /// <summary>A fragment that overlaps another, hides a header, or is beyond a limit (RFC 5722, RFC 7112).</summary>
    Fragment,

    /// <summary>No connection: answered with RST unless it was one.</summary>
    NoConnection,

    /// <summary>Outside the receive window (RFC 9293 3.10.7.4, first).</summary>
    OutsideWindow,

    /// <summary>An old timestamp (RFC 7323 5: PAWS).</summary>
    Paws,

    /// <summary>A RST that is not exactly RCV.NXT (RFC 5961 3).</summary>
    ResetNotExact,

    /// <summary>A SYN in a synchronised state (RFC 5961 4).</summary>
    UnexpectedSyn,

    /// <summary>An acknowledgment of what was never sent, or too old (RFC 5961 5).</summary>
    BadAck,

    /// <summary>No ACK bit where one is needed.</summary>
    NoAck,

    /// <summary>A RST in TIME-WAIT (RFC 1337).</summary>
    ResetInTimeWait,

    /// <summary>The SYN queue is full and cookies are off.</summary>
    SynQueueFull,

    /// <summary>The accept queue is full.</summary>
    AcceptQueueFull,

    /// <summary>Not valid in this state.</summary>
    InvalidInState,

    /// <summary>No page memory, or too many ranges, for the text.</summary>
    NoMemory,

    /// <summary>The timestamps option is missing on a connection that uses it (RFC 7323 3.2).</summary>
    MissingTimestamp,

    /// <summary>An ICMP message that quotes nothing that is in flight (RFC 5927).</summary>
    IcmpNotInFlight,

    /// <summary>Nobody has the UDP port: answered with port unreachable (RFC 1122 4.1.3.1).</summary>
    NoPort,

    /// <summary>The UDP endpoint's queue is full.</summary>
    DatagramQueueFull,

    /// <summary>No route leads to the destination of a packet of ours.</summary>
    NoRoute,

    /// <summary>A datagram whose fragments did not all come in time (RFC 1122 3.3.2, RFC 8200 4.5).</summary>
    ReassemblyTimeout,
}
