namespace Synfin.Simulation.Faults;

/// <summary>What a rule can ask for by name.</summary>
public enum SegmentKind
{
    /// <summary>Any TCP segment.</summary>
    Any,

    /// <summary>SYN without ACK.</summary>
    Syn,

    /// <summary>SYN with ACK.</summary>
    SynAck,

    /// <summary>An acknowledgment and nothing else: no SYN, FIN, RST or text.</summary>
    Ack,

    /// <summary>The acknowledgment, and nothing else, that ends the handshake: of the peer's SYN by the end that began it.</summary>
    HandshakeAck,

    /// <summary>The acknowledgment, and nothing else, of the peer's FIN.</summary>
    AckOfFin,

    /// <summary>FIN, with or without text.</summary>
    Fin,

    /// <summary>RST.</summary>
    Rst,

    /// <summary>At least one octet of text.</summary>
    Data,

    /// <summary>URG.</summary>
    Urgent,

    /// <summary>An ICMP or ICMPv6 message.</summary>
    Icmp,
}
