namespace Synfin.Wire;

/// <summary>The upper-layer protocols that are spoken here, by IANA number.</summary>
public static class IpProtocol
{
    /// <summary>ICMP for IPv4 (RFC 792).</summary>
    public const byte Icmp = 1;

    /// <summary>TCP (RFC 9293).</summary>
    public const byte Tcp = 6;

    /// <summary>UDP (RFC 768).</summary>
    public const byte Udp = 17;

    /// <summary>ICMP for IPv6 (RFC 4443).</summary>
    public const byte Icmpv6 = 58;
}
