namespace Synfin.Wire;

/// <summary>What an ICMP message says, whichever of ICMPv4 (RFC 792) and ICMPv6 (RFC 4443) says it.</summary>
public enum IcmpKind : byte
{
    /// <summary>Anything that TCP has no use for.</summary>
    Other,

    /// <summary>"Ping".</summary>
    EchoRequest,

    /// <summary>The answer to a ping.</summary>
    EchoReply,

    /// <summary>No route to the network.</summary>
    NetworkUnreachable,

    /// <summary>No way to the host.</summary>
    HostUnreachable,

    /// <summary>The host does not speak the protocol.</summary>
    ProtocolUnreachable,

    /// <summary>The host has nobody at the port.</summary>
    PortUnreachable,

    /// <summary>Fragmentation needed but forbidden, or IPv6's packet too big; <see cref="IcmpMessage.Mtu"/> says what would fit.</summary>
    PacketTooBig,

    /// <summary>A source route did not work out.</summary>
    SourceRouteFailed,

    /// <summary>Forbidden by administration (firewalls).</summary>
    Prohibited,

    /// <summary>The time to live ran out, or reassembly took too long.</summary>
    TimeExceeded,

    /// <summary>A field of the quoted packet makes no sense to the sender of the message.</summary>
    ParameterProblem,

    /// <summary>"Slow down": deprecated, and to be ignored (RFC 6633).</summary>
    SourceQuench,

    /// <summary>Another gateway is nearer.</summary>
    Redirect,
}
