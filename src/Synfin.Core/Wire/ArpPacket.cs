using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826).</summary>
/// <param name="Operation">What it does.</param>
/// <param name="SenderMac">The sender's Ethernet address.</param>
/// <param name="SenderAddress">The sender's IPv4 address; 0.0.0.0 in a probe (RFC 5227 2.1.1).</param>
/// <param name="TargetMac">The target's Ethernet address; of no meaning in a request.</param>
/// <param name="TargetAddress">The target's IPv4 address.</param>
public readonly record struct ArpPacket(
    ArpOperation Operation, MacAddress SenderMac, InternetAddress SenderAddress, MacAddress TargetMac, InternetAddress TargetAddress)
{
    /// <summary>The octets of a packet.</summary>
    public const int Length = 28;

    // Hardware type Ethernet, protocol type IPv4, six octets of the one and four of the other.
    private const ulong Space = 0x0001_0800_06_04;

    /// <summary>Reads a packet; what the link padded behind it does not count.</summary>
    /// <param name="arp">The packet without its Ethernet header.</param>
    /// <param name="packet">Only to be used if the return value is <see cref="WireError.None"/>.</param>
    public static WireError TryParse(ReadOnlySpan<byte> arp, out ArpPacket packet)
    {
        packet = default;
        if (arp.Length < Length) return WireError.TruncatedArpPacket;
        ulong start = BinaryPrimitives.ReadUInt64BigEndian(arp);
        var operation = (ArpOperation)(ushort)start;
        if (start >> 16 != Space || operation is not (ArpOperation.Request or ArpOperation.Reply)) return WireError.BadArpPacket;
        packet = new(
            operation,
            MacAddress.FromBytes(arp[8..]),
            InternetAddress.FromBytes(arp.Slice(14, 4)),
            MacAddress.FromBytes(arp[18..]),
            InternetAddress.FromBytes(arp.Slice(24, 4)));
        return WireError.None;
    }

    /// <summary>Writes the packet.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void WriteTo(Span<byte> destination)
    {
        Debug.Assert(SenderAddress.IsIpv4 && TargetAddress.IsIpv4, "ARP is of IPv4");
        BinaryPrimitives.WriteUInt64BigEndian(destination, Space << 16 | (ushort)Operation);
        SenderMac.WriteTo(destination[8..]);
        SenderAddress.WriteTo(destination[14..]);
        TargetMac.WriteTo(destination[18..]);
        TargetAddress.WriteTo(destination[24..]);
    }
}
