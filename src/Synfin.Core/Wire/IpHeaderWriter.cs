using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>Writes IP headers: of packets that are never fragmented, and of fragments.</summary>
public static class IpHeaderWriter
{
    /// <summary>The octets of IPv6's fragment header.</summary>
    public const int FragmentHeaderLength = 8;

    internal const uint FlowLabelMask = 0xF_FFFF;

    private const ushort DontFragment = 0x4000;
    private const ushort MoreFragments = 0x2000;
    private const byte FragmentHeader = 44;

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

    /// <summary>Writes the header of a fragment, over IPv6 with a fragment header. Routers may fragment it further.</summary>
    /// <param name="destination">At least 20 or 48 octets.</param>
    /// <param name="sourceAddress">The sender.</param>
    /// <param name="destinationAddress">The receiver, of the same family.</param>
    /// <param name="protocol">The upper-layer protocol; see <see cref="IpProtocol"/>.</param>
    /// <param name="payloadLength">The octets of the fragment; a multiple of 8 if there are more.</param>
    /// <param name="trafficClass">DSCP and ECN.</param>
    /// <param name="timeToLive">Time to live, or hop limit.</param>
    /// <param name="identification">Of the datagram; IPv4 has 16 bits for it.</param>
    /// <param name="offset">Where the fragment belongs, in octets: a multiple of 8, at most 65,528.</param>
    /// <param name="more">Whether it is not the last.</param>
    /// <returns>The octets of the header: 20 or 48.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length or offset does not fit its field.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int WriteFragment(
        Span<byte> destination,
        InternetAddress sourceAddress,
        InternetAddress destinationAddress,
        byte protocol,
        int payloadLength,
        byte trafficClass,
        byte timeToLive,
        uint identification,
        int offset,
        bool more)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, ushort.MaxValue & ~7u, nameof(offset));
        if (offset % 8 != 0 || (more && payloadLength % 8 != 0))
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "fragments begin and end at multiples of 8 octets");
        bool v4 = sourceAddress.IsIpv4;
        byte next = v4 ? protocol : FragmentHeader;
        int length = v4 ? payloadLength : payloadLength + FragmentHeaderLength;
        int header = Write(destination, sourceAddress, destinationAddress, next, length, trafficClass, timeToLive, flowLabel: 0);
        if (v4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)identification);
            BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)(offset / 8 | (more ? MoreFragments : 0)));
            BinaryPrimitives.WriteUInt16BigEndian(destination[10..], 0);
            ushort checksum = InternetChecksum.Finish(InternetChecksum.Sum(destination[..header]));
            BinaryPrimitives.WriteUInt16BigEndian(destination[10..], checksum);
            return header;
        }
        Span<byte> fragment = destination.Slice(header, FragmentHeaderLength);
        fragment[0] = protocol;
        fragment[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(fragment[2..], (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(fragment[4..], identification);
        return header + FragmentHeaderLength;
    }
}
