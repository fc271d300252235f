namespace Synfin.Wire;

/// <summary>What an Ethernet frame carries, by IEEE number.</summary>
public static class EtherType
{
    /// <summary>IPv4 (RFC 894).</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>ARP (RFC 826).</summary>
    public const ushort Arp = 0x0806;

    /// <summary>A VLAN tag (IEEE 802.1Q).</summary>
    public const ushort Vlan = 0x8100;

    /// <summary>IPv6 (RFC 2464).</summary>
    public const ushort Ipv6 = 0x86DD;

    /// <summary>A service provider's VLAN tag (IEEE 802.1ad).</summary>
    public const ushort ServiceVlan = 0x88A8;
}
