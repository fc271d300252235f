namespace Synfin.Wire;

public readonly partial struct InternetAddress
{
    private const ulong LinkLocalScope = 0xFF02_0000_0000_0000;
    private const ulong SolicitedNodeLow = 0x0000_0001_FF00_0000;

    /// <summary>All nodes on the link: ff02::1 (RFC 4291 2.7.1).</summary>
    public static InternetAddress AllNodes => new(LinkLocalScope, 1);

    /// <summary>All routers on the link: ff02::2.</summary>
    public static InternetAddress AllRouters => new(LinkLocalScope, 2);

    /// <summary>All routers that listen to listeners' reports: ff02::16 (RFC 3810 5.2.14).</summary>
    public static InternetAddress AllMulticastRouters => new(LinkLocalScope, 0x16);

    /// <summary>fe80::/10, or 169.254.0.0/16: of no meaning beyond the link (RFC 4291 2.5.6, RFC 3927).</summary>
    public bool IsLinkLocal => IsIpv4 ? Ipv4 >> 16 == 0xA9FE : High >> 54 == 0xFE80 >> 6;

    /// <summary>ff02::1:ff00:0/104: a group that is asked for who has an address (RFC 4291 2.7.1).</summary>
    public bool IsSolicitedNode => High == LinkLocalScope && (Low & 0xFFFF_FFFF_FF00_0000) == SolicitedNodeLow;

    /// <summary>The solicited-node group of an IPv6 address.</summary>
    public InternetAddress SolicitedNode => new(LinkLocalScope, SolicitedNodeLow | Low & 0xFF_FFFF);
}
