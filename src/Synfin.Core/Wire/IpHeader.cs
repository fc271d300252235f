using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>
/// What the layers above need of an IPv4 (RFC 791) or IPv6 (RFC 8200) header, whichever it is. The extension headers of IPv6 are walked, so
/// that <see cref="Protocol"/> and <see cref="PayloadOffset"/> are the upper layer's; options of IPv4 are skipped (MUST-50).
/// </summary>
public readonly partial struct IpHeader
{
    /// <summary>The octets of an IPv4 header without options.</summary>
    public const int Ipv4Length = 20;

    /// <summary>The octets of an IPv6 header without extension headers.</summary>
    public const int Ipv6Length = 40;

    /// <summary>The most extension headers that are walked; a packet with more is refused.</summary>
    public const int MaxExtensionHeaders = 8;

    private const int MoreFragments = 0x2000;
    private const int FragmentOffsetMask = 0x1FFF;

    /// <summary>The sender.</summary>
    public InternetAddress Source { get; private init; }

    /// <summary>The receiver.</summary>
    public InternetAddress Destination { get; private init; }

    /// <summary>4 or 6.</summary>
    public byte Version { get; private init; }

    /// <summary>The upper-layer protocol (see <see cref="IpProtocol"/>), after any extension headers.</summary>
    public byte Protocol { get; private init; }

    /// <summary>Time to live, or hop limit.</summary>
    public byte TimeToLive { get; private init; }

    /// <summary>The traffic class octet: DSCP and ECN.</summary>
    public byte TrafficClass { get; private init; }

    /// <summary>The differentiated services code point, 0 to 63 (RFC 2474).</summary>
    public int Dscp => TrafficClass >> 2;

    /// <summary>The ECN field, 0 to 3 (RFC 3168): 0 not capable, 1 ECT(1), 2 ECT(0), 3 congestion experienced.</summary>
    public int Ecn => TrafficClass & 3;

    /// <summary>The flow label of IPv6 (20 bits); 0 for IPv4.</summary>
    public uint FlowLabel { get; private init; }

    /// <summary>Where the upper layer starts in the packet.</summary>
    public int PayloadOffset { get; private init; }

    /// <summary>The octets of the upper layer by the header's own length fields; what the link padded behind it does not count.</summary>
    public int PayloadLength { get; private init; }

    /// <summary>Where a fragment's payload belongs in the whole datagram's, in octets; 0 if it is the first or no fragment.</summary>
    public int FragmentOffset { get; private init; }

    /// <summary>
    /// Whether this is only a part of a datagram. A packet whose fragment header says that nothing is missing (RFC 6946, atomic) is whole.
    /// </summary>
    public bool IsFragment { get; private init; }

    /// <summary>The upper layer of the packet that this header was read from.</summary>
    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet) => packet.Slice(PayloadOffset, PayloadLength);

    /// <summary>Reads the header of a packet, and verifies an IPv4 header's checksum.</summary>
    /// <param name="packet">The packet, and any padding behind it.</param>
    /// <param name="header">Only to be used if the return value is <see cref="WireError.None"/>.</param>
    public static WireError TryParse(ReadOnlySpan<byte> packet, out IpHeader header) => TryParse(packet, quoted: false, out header);

    /// <summary>
    /// Reads the start of a packet that an ICMP message quotes: it may be cut off, and routers do not agree on what they do to its length
    /// and checksum before they quote, so these are not held against it. The payload is what there is of it.
    /// </summary>
    internal static WireError TryParseQuoted(ReadOnlySpan<byte> quote, out IpHeader header) => TryParse(quote, quoted: true, out header);

    private static WireError TryParse(ReadOnlySpan<byte> packet, bool quoted, out IpHeader header)
    {
        header = default;
        if (packet.IsEmpty) return WireError.TruncatedIpHeader;
        return (packet[0] >> 4) switch
        {
            4 => TryParseIpv4(packet, quoted, out header),
            6 => TryParseIpv6(packet, quoted, out header),
            _ => WireError.BadVersion,
        };
    }

    private static WireError TryParseIpv4(ReadOnlySpan<byte> packet, bool quoted, out IpHeader header)
    {
        header = default;
        if (packet.Length < Ipv4Length) return WireError.TruncatedIpHeader;
        int headerLength = (packet[0] & 0xF) * 4;
        if (headerLength < Ipv4Length || headerLength > packet.Length) return WireError.BadHeaderLength;
        int end = packet.Length;
        if (!quoted)
        {
            end = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            if (end < headerLength) return WireError.BadTotalLength;
            if (end > packet.Length) return WireError.TruncatedPacket;
            if (!InternetChecksum.Verify(InternetChecksum.Sum(packet[..headerLength]))) return WireError.BadChecksum;
        }
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        int fragmentOffset = (fragment & FragmentOffsetMask) * 8;
        bool more = (fragment & MoreFragments) != 0;
        int most = ushort.MaxValue - headerLength;
        if (!quoted && !IsLegalFragment(fragmentOffset, end - headerLength, more, most)) return WireError.BadFragment;
        header = new IpHeader
        {
            Source = InternetAddress.FromBytes(packet.Slice(12, 4)),
            Destination = InternetAddress.FromBytes(packet.Slice(16, 4)),
            Version = 4,
            Protocol = packet[9],
            TimeToLive = packet[8],
            TrafficClass = packet[1],
            PayloadOffset = headerLength,
            PayloadLength = end - headerLength,
            FragmentOffset = fragmentOffset,
            IsFragment = more || fragmentOffset != 0,
        };
        return WireError.None;
    }

    /// <summary>A middle fragment is a multiple of 8 octets, and nothing lies beyond the largest datagram (the "ping of death").</summary>
    private static bool IsLegalFragment(int offset, int length, bool more, int most) =>
        offset + length <= most && (!more || length % 8 == 0 && length != 0);
}
