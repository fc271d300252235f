using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>Writes what a host says in neighbor discovery (RFC 4861 4): whole IPv6 packets with their checksums.</summary>
public static class NeighborDiscoveryWriter
{
    /// <summary>The octets of the longest packet written here.</summary>
    public const int MaxLength = IpHeader.Ipv6Length + TargetLength + OptionLength;

    private const int TargetLength = 24;
    private const int OptionLength = 8;
    private const byte Router = 0x80;
    private const byte Solicited = 0x40;
    private const byte Override = 0x20;

    /// <summary>Writes a router solicitation to all routers.</summary>
    /// <param name="packet">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="source">The sender's link-local address, or unspecified.</param>
    /// <param name="mac">The sender's Ethernet address; not told if the source is unspecified.</param>
    /// <returns>The octets written.</returns>
    public static int WriteRouterSolicitation(Span<byte> packet, InternetAddress source, MacAddress mac)
    {
        int length = 8;
        Span<byte> message = Start(packet, NeighborDiscoveryType.RouterSolicitation);
        if (!source.IsUnspecified) length += WriteMac(message[length..], NeighborDiscoveryOption.SourceLinkLayerAddress, mac);
        return Finish(packet, source, InternetAddress.AllRouters, length);
    }

    /// <summary>Writes a neighbor solicitation.</summary>
    /// <param name="packet">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="source">One of the sender's addresses, or unspecified for duplicate address detection (RFC 4862 5.4.2).</param>
    /// <param name="destination">The target's solicited-node group, or the target itself to see whether it is still there.</param>
    /// <param name="target">Who is asked.</param>
    /// <param name="mac">The sender's Ethernet address; not told if the source is unspecified.</param>
    /// <returns>The octets written.</returns>
    public static int WriteNeighborSolicitation(
        Span<byte> packet, InternetAddress source, InternetAddress destination, InternetAddress target, MacAddress mac)
    {
        int length = TargetLength;
        Span<byte> message = Start(packet, NeighborDiscoveryType.NeighborSolicitation);
        target.WriteTo(message[8..]);
        if (!source.IsUnspecified) length += WriteMac(message[length..], NeighborDiscoveryOption.SourceLinkLayerAddress, mac);
        return Finish(packet, source, destination, length);
    }

    /// <summary>Writes a neighbor advertisement, which tells the target's Ethernet address.</summary>
    /// <param name="packet">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="source">One of the sender's addresses.</param>
    /// <param name="destination">Who asked, or all nodes.</param>
    /// <param name="target">Which address is told about.</param>
    /// <param name="mac">The target's Ethernet address.</param>
    /// <param name="solicited">Whether somebody asked from an address of its own (S).</param>
    /// <param name="overrides">Whether it may replace what is cached (O).</param>
    /// <param name="router">Whether the sender is a router (R).</param>
    /// <returns>The octets written.</returns>
    public static int WriteNeighborAdvertisement(
        Span<byte> packet,
        InternetAddress source,
        InternetAddress destination,
        InternetAddress target,
        MacAddress mac,
        bool solicited,
        bool overrides = true,
        bool router = false)
    {
        Span<byte> message = Start(packet, NeighborDiscoveryType.NeighborAdvertisement);
        message[4] = (byte)((router ? Router : 0) | (solicited ? Solicited : 0) | (overrides ? Override : 0));
        target.WriteTo(message[8..]);
        int length = TargetLength + WriteMac(message[TargetLength..], NeighborDiscoveryOption.TargetLinkLayerAddress, mac);
        return Finish(packet, source, destination, length);
    }

    private static Span<byte> Start(Span<byte> packet, NeighborDiscoveryType type)
    {
        Span<byte> message = packet[IpHeader.Ipv6Length..MaxLength];
        message.Clear();
        message[0] = (byte)type;
        return message;
    }

    private static int WriteMac(Span<byte> option, byte kind, MacAddress mac)
    {
        option[0] = kind;
        option[1] = OptionLength / 8;
        mac.WriteTo(option[2..]);
        return OptionLength;
    }

    private static int Finish(Span<byte> packet, InternetAddress source, InternetAddress destination, int length)
    {
        const byte HopLimit = NeighborDiscoveryMessage.HopLimit;
        IpHeaderWriter.Write(packet, source, destination, IpProtocol.Icmpv6, length, trafficClass: 0, HopLimit, flowLabel: 0);
        Span<byte> message = packet.Slice(IpHeader.Ipv6Length, length);
        ulong sum = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Icmpv6, length);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Finish(InternetChecksum.Sum(message, sum)));
        return IpHeader.Ipv6Length + length;
    }
}
