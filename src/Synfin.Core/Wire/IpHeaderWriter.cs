using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>Writes IP headers of packets that are never fragmented.</summary>
public static class IpHeaderWriter
{
    internal const uint FlowLabelMask = 0xF_FFFF;

    private const ushort DontFragment = 0x4000;

    /// <summary>
    /// Writes a header without options. IPv4 gets "don't fragment" and the identification 0, which such atomic datagrams may have (RFC 6864
    /// 4.1) and which tells an observer nothing, and its checksum.
    /// </summary>
    /// <param name="destination">At least 20 or 40 octets.</param>
    /// <param name="sourceAddress">The sender.</param>
    /// <param name="destinationAddress">The receiver, of the same family.</param>
    /// <param name="protocol">The upper-layer protocol; see <see cref="IpProtocol"/>.</param>
    /// <param name="payloadLength">The octets behind the header: at most 65,515 for IPv4, 65,535 for IPv6.</param>
    /// <param name="trafficClass">DSCP and ECN.</param>
    /// <param name="timeToLive">Time to live, or hop limit.</param>
    /// <param name="flowLabel">The flow label (20 bits); IPv4 has none.</param>
    /// <returns>The octets of the header: 20 or 40.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="payloadLength"/> does not fit the length field.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int Write(
        Span<byte> destination,
        InternetAddress sourceAddress,
        InternetAddress destinationAddress,
        byte protocol,
        int payloadLength,
        byte trafficClass,
        byte timeToLive,
        uint flowLabel)
    {
        Debug.Assert(sourceAddress.IsIpv4 == destinationAddress.IsIpv4, "one family");
        int most = sourceAddress.IsIpv4 ? ushort.MaxValue - IpHeader.Ipv4Length : ushort.MaxValue;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)payloadLength, (uint)most, nameof(payloadLength));
        if (sourceAddress.IsIpv4)
        {
            Span<byte> header = destination[..IpHeader.Ipv4Length];
            header[0] = 4 << 4 | IpHeader.Ipv4Length / 4;
            header[1] = trafficClass;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(IpHeader.Ipv4Length + payloadLength));
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(header[6..], DontFragment);
            header[8] = timeToLive;
            header[9] = protocol;
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
            sourceAddress.WriteTo(header[12..]);
            destinationAddress.WriteTo(header[16..]);
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Sum(header)));
            return IpHeader.Ipv4Length;
        }
        Span<byte> header6 = destination[..IpHeader.Ipv6Length];
        BinaryPrimitives.WriteUInt32BigEndian(header6, 6u << 28 | (uint)trafficClass << 20 | flowLabel & FlowLabelMask);
        BinaryPrimitives.WriteUInt16BigEndian(header6[4..], (ushort)payloadLength);
        header6[6] = protocol;
        header6[7] = timeToLive;
        sourceAddress.WriteTo(header6[8..]);
        destinationAddress.WriteTo(header6[24..]);
        return IpHeader.Ipv6Length;
    }
}
