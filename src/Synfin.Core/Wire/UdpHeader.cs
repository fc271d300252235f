using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>
/// A UDP datagram over borrowed octets (RFC 768):
/// <code>
///  0  source port | destination port
///  4  length, header included | checksum
///  8  data, to the length
/// </code>
/// </summary>
public readonly ref struct UdpHeader
{
    /// <summary>The octets of the header.</summary>
    public const int HeaderLength = 8;

    /// <summary>Where the checksum field starts.</summary>
    public const int ChecksumOffset = 6;

    private const int LengthOffset = 4;

    /// <summary>The sender's port; 0 if it wants no answer.</summary>
    public ushort SourcePort { get; private init; }

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort { get; private init; }

    /// <summary>The checksum as it stands there; 0 over IPv4 means that there is none.</summary>
    public ushort Checksum { get; private init; }

    /// <summary>What the datagram carries; octets of the packet beyond the datagram's own length do not count.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>
    /// Reads a datagram and verifies its checksum (RFC 1122 4.1.3.4). One without a checksum is taken over IPv4 and refused over IPv6 (RFC
    /// 8200 8.1).
    /// </summary>
    /// <param name="udp">The IP payload.</param>
    /// <param name="source">The sender's address, for the pseudo-header.</param>
    /// <param name="destination">The receiver's address, of the same family.</param>
    /// <param name="checksumVerified">Whether the link knows that the checksum is right.</param>
    /// <param name="header">Only to be used if the return value is <see cref="WireError.None"/>.</param>
    public static WireError TryParse(
        ReadOnlySpan<byte> udp, InternetAddress source, InternetAddress destination, bool checksumVerified, out UdpHeader header)
    {
        header = default;
        if (udp.Length < HeaderLength) return WireError.TruncatedUdpHeader;
        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[LengthOffset..]);
        if (length < HeaderLength || length > udp.Length) return WireError.BadUdpLength;
        udp = udp[..length];
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(udp[ChecksumOffset..]);
        if (checksum == 0)
        {
            if (!source.IsIpv4) return WireError.MissingUdpChecksum;
        }
        else if (!checksumVerified && !InternetChecksum.Verify(source, destination, IpProtocol.Udp, udp))
        {
            return WireError.BadChecksum;
        }
        header = new UdpHeader
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(udp),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
            Checksum = checksum,
            Data = udp[HeaderLength..],
        };
        return WireError.None;
    }
}
