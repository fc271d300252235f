using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>Where things are in a packet.</summary>
internal static class PacketLayout
{
    /// <summary>The octets of an Ethernet header without tags.</summary>
    public const int EthernetLength = 14;

    /// <summary>Where the flags are in a TCP header (RFC 9293 3.1).</summary>
    public const int TcpFlagsOffset = 13;

    private const int TcpDataOffsetAt = 12;
    private const int EtherTypeAt = 12;
    private const ushort EtherTypeIpv4 = 0x0800;
    private const ushort EtherTypeIpv6 = 0x86DD;

    /// <summary>Finds the upper layer of an IP packet that may have an Ethernet header. False if it is something else, or broken.</summary>
    /// <param name="packet">The packet, from the first octet that the device delivered.</param>
    /// <param name="ipOffset">Where the IP header starts: 0, or <see cref="EthernetLength"/>.</param>
    /// <param name="transport">Where the upper layer starts.</param>
    /// <param name="protocol">Which it is.</param>
    public static bool TryFindTransport(ReadOnlySpan<byte> packet, int ipOffset, out int transport, out byte protocol)
    {
        transport = protocol = 0;
        if (packet.Length <= ipOffset || !HasIp(packet, ipOffset)) return false;
        if (IpHeader.TryParse(packet[ipOffset..], out IpHeader ip) != WireError.None || ip.IsFragment) return false;
        transport = ipOffset + ip.PayloadOffset;
        protocol = ip.Protocol;
        int headers = protocol switch
        {
            IpProtocol.Tcp => TcpHeader.MinimumLength,
            IpProtocol.Udp => UdpHeader.HeaderLength,
            _ => int.MaxValue,
        };
        return ip.PayloadLength >= headers;
    }

    /// <summary>The upper layer's protocol of the engine's packet, where it starts at <paramref name="transport"/>.</summary>
    public static byte ProtocolAt(ReadOnlySpan<byte> packet, int ipOffset, int transport)
    {
        if (packet[ipOffset] >> 4 == 4) return packet[ipOffset + 9];
        byte next = packet[ipOffset + 6];
        // Each extension header begins with the next one's number and its own length in units of 8 octets, less one (RFC 8200 4).
        for (int at = ipOffset + IpHeader.Ipv6Length; at < transport; at += (packet[at + 1] + 1) * 8) next = packet[at];
        return next;
    }

    /// <summary>The octets of a TCP header with its options, or of a UDP header, whose least octets must be there.</summary>
    public static int TransportHeaderLength(ReadOnlySpan<byte> transport, bool isUdp) =>
        isUdp ? UdpHeader.HeaderLength : Math.Max(TcpHeader.MinimumLength, (transport[TcpDataOffsetAt] >> 4) * 4);

    /// <summary>Where the checksum is in the upper layer's header.</summary>
    public static int ChecksumOffset(byte protocol) => protocol == IpProtocol.Udp ? UdpHeader.ChecksumOffset : TcpHeader.ChecksumOffset;

    private static bool HasIp(ReadOnlySpan<byte> packet, int ipOffset) =>
        ipOffset == 0 || BinaryPrimitives.ReadUInt16BigEndian(packet[EtherTypeAt..]) is EtherTypeIpv4 or EtherTypeIpv6;
}
