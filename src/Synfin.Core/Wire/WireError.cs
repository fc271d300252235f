namespace Synfin.Wire;

/// <summary>What is wrong with octets that cannot be read as a packet, segment or message.</summary>
public enum WireError : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Fewer octets than the smallest IP header.</summary>
    TruncatedIpHeader,

    /// <summary>An IP version other than 4 and 6.</summary>
    BadVersion,

    /// <summary>An IPv4 header length below 20 octets or beyond the packet.</summary>
    BadHeaderLength,

    /// <summary>An IPv4 total length below the header's length.</summary>
    BadTotalLength,

    /// <summary>The IP length fields promise more octets than there are.</summary>
    TruncatedPacket,

    /// <summary>The checksum of an IPv4 header, an ICMP message or a UDP datagram does not match.</summary>
    BadChecksum,

    /// <summary>An IPv6 packet from or to ::ffff:a.b.c.d, which would pass for IPv4 here (RFC 4291 2.5.5.2).</summary>
    MappedAddress,

    /// <summary>An IPv6 extension header that goes beyond the packet.</summary>
    TruncatedExtensionHeader,

    /// <summary>More IPv6 extension headers than <see cref="IpHeader.MaxExtensionHeaders"/>.</summary>
    ExtensionHeaderChain,

    /// <summary>A hop-by-hop options header that is not the first (RFC 8200 4.3).</summary>
    MisplacedHopByHop,

    /// <summary>An option of IPv6 that goes beyond its header, or that is not known and asks for discard (RFC 8200 4.2).</summary>
    BadExtensionOption,

    /// <summary>A routing header of type 0 (RFC 5095), or of another type with segments left (RFC 8200 4.4).</summary>
    RoutingHeader,

    /// <summary>A second fragment header, a last octet beyond 65,535, or a middle fragment that is no multiple of 8 octets.</summary>
    BadFragment,

    /// <summary>Fewer octets than the smallest TCP header.</summary>
    TruncatedTcpHeader,

    /// <summary>A data offset below 20 octets or beyond the segment.</summary>
    BadDataOffset,

    /// <summary>A TCP option with an illegal length (MUST-7).</summary>
    BadOptionLength,

    /// <summary>Fewer octets than the smallest ICMP message.</summary>
    TruncatedIcmp,

    /// <summary>Fewer octets than a UDP header.</summary>
    TruncatedUdpHeader,

    /// <summary>A UDP length below 8 octets or beyond the packet.</summary>
    BadUdpLength,

    /// <summary>A UDP datagram over IPv6 without a checksum (RFC 8200 8.1).</summary>
    MissingUdpChecksum,

    /// <summary>Fewer octets than an Ethernet header.</summary>
    TruncatedEthernetHeader,

    /// <summary>Fewer octets than an ARP packet for IPv4 over Ethernet.</summary>
    TruncatedArpPacket,

    /// <summary>An ARP packet for other addresses than IPv4's over Ethernet, or with an unknown operation.</summary>
    BadArpPacket,

    /// <summary>A neighbor discovery or listener discovery message that is shorter than its type has to be.</summary>
    TruncatedNeighborDiscovery,

    /// <summary>An option of neighbor discovery of length zero, or one that goes beyond the message (RFC 4861 4.6).</summary>
    BadNeighborDiscoveryOption,

    /// <summary>A neighbor discovery message that came through a router, or says what none may say (RFC 4861 6.1, 7.1).</summary>
    BadNeighborDiscovery,
}
