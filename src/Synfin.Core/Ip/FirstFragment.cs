using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>What the first fragment of a datagram must hold, so that no header is hidden from who looks at fragments one by one.</summary>
internal static class FirstFragment
{
    private const byte HopByHopOptions = 0;
    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte Authentication = 51;
    private const byte DestinationOptions = 60;

    /// <summary>
    /// Whether all headers are there, the upper layer's included (RFC 7112 for IPv6; RFC 1858 and 3128 for TCP over IPv4). Headers that
    /// belong before a fragment header, or a second one of these, make a chain that nobody sends.
    /// </summary>
    public static bool HoldsAllHeaders(bool v6, byte protocol, ReadOnlySpan<byte> octets)
    {
        for (int count = 0; v6 && IsExtension(protocol); count++)
        {
            if (count == IpHeader.MaxExtensionHeaders || protocol is HopByHopOptions or Fragment || octets.Length < 8) return false;
            int length = protocol == Authentication ? (octets[1] + 2) * 4 : (octets[1] + 1) * 8;
            if (length > octets.Length) return false;
            protocol = octets[0];
            octets = octets[length..];
        }
        return protocol switch
        {
            IpProtocol.Tcp => octets.Length >= TcpHeader.MinimumLength && octets.Length >= (octets[12] >> 4) * 4,
            IpProtocol.Udp => octets.Length >= UdpHeader.HeaderLength,
            IpProtocol.Icmp or IpProtocol.Icmpv6 => octets.Length >= IcmpMessage.HeaderLength,
            _ => true,
        };
    }

    /// <summary>Whether a later fragment begins where TCP's header still is (RFC 3128).</summary>
    public static bool IsHiddenHeader(in IpHeader ip) =>
        ip.Protocol == IpProtocol.Tcp && ip.FragmentOffset is > 0 and < TcpHeader.MinimumLength;

    private static bool IsExtension(byte protocol) =>
        protocol is HopByHopOptions or Routing or Fragment or Authentication or DestinationOptions;
}
