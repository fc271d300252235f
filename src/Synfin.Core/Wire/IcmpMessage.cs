using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>
/// An ICMP message as far as TCP and UDP need it: what it says, and about which packet of ours. Anybody on the Internet can send one, so
/// a quoted sequence number must be checked against what is in flight before it is believed (RFC 5927 4.1).
/// </summary>
public readonly struct IcmpMessage
{
    /// <summary>The octets in front of the body: type, code, checksum, and four that depend on the type.</summary>
    public const int HeaderLength = 8;

    internal const byte EchoReplyV4 = 0;
    internal const byte UnreachableV4 = 3;
    internal const byte SourceQuenchV4 = 4;
    internal const byte RedirectV4 = 5;
    internal const byte EchoRequestV4 = 8;
    internal const byte TimeExceededV4 = 11;
    internal const byte ParameterProblemV4 = 12;
    internal const byte FragmentationNeeded = 4;

    internal const byte UnreachableV6 = 1;
    internal const byte PacketTooBigV6 = 2;
    internal const byte TimeExceededV6 = 3;
    internal const byte ParameterProblemV6 = 4;
    internal const byte EchoRequestV6 = 128;
    internal const byte EchoReplyV6 = 129;
    internal const byte RedirectV6 = 137;

    /// <summary>Ports and sequence number, or all of a UDP header: what a router has to quote of a packet's text (RFC 792).</summary>
    private const int QuotedLength = 8;

    /// <summary>The type octet.</summary>
    public byte Type { get; private init; }

    /// <summary>The code octet.</summary>
    public byte Code { get; private init; }

    /// <summary>What the message says.</summary>
    public IcmpKind Kind { get; private init; }

    /// <summary>
    /// The MTU that a <see cref="IcmpKind.PacketTooBig"/> reports, in octets, as it stands there: it may be lower than any legal one, and
    /// is 0 from routers older than RFC 1191.
    /// </summary>
    public int Mtu { get; private init; }

    /// <summary>Whether the message is an error that quotes the start of a TCP segment.</summary>
    public bool HasQuotedTcp { get; private init; }

    /// <summary>Whether the message is an error that quotes the header of a UDP datagram.</summary>
    public bool HasQuotedUdp { get; private init; }

    /// <summary>Whether the message is an error that quotes an echo request.</summary>
    public bool HasQuotedEcho { get; private init; }

    /// <summary>
    /// Both ends of the quoted segment or datagram, seen from the end that sent it; only meaningful with <see cref="HasQuotedTcp"/>, <see
    /// cref="HasQuotedUdp"/> or <see cref="HasQuotedEcho"/>. Of an echo request the identifier is the local port, and the sequence number
    /// the remote one.
    /// </summary>
    public FourTuple QuotedTuple { get; private init; }

    /// <summary>SEG.SEQ of the quoted segment; only meaningful with <see cref="HasQuotedTcp"/>.</summary>
    public SequenceNumber QuotedSequence { get; private init; }

    /// <summary>Reads a message and verifies its checksum. A quote that cannot be read is no error, it is just not there.</summary>
    /// <param name="icmp">The message without its IP header.</param>
    /// <param name="v6">Whether it came in an IPv6 packet.</param>
    /// <param name="source">The sender of the message, for the pseudo-header of ICMPv6.</param>
    /// <param name="destination">Its receiver.</param>
    /// <param name="message">Only to be used if the return value is <see cref="WireError.None"/>.</param>
    public static WireError TryParse(
        ReadOnlySpan<byte> icmp, bool v6, InternetAddress source, InternetAddress destination, out IcmpMessage message)
    {
        message = default;
        if (icmp.Length < HeaderLength) return WireError.TruncatedIcmp;
        bool verified = v6
            ? InternetChecksum.Verify(source, destination, IpProtocol.Icmpv6, icmp)
            : InternetChecksum.Verify(InternetChecksum.Sum(icmp));
        if (!verified) return WireError.BadChecksum;
        byte type = icmp[0], code = icmp[1];
        IcmpKind kind = v6 ? KindOfIcmpv6(type, code) : KindOfIcmpv4(type, code);
        ReadOnlySpan<byte> quote = Quotes(kind) ? icmp[HeaderLength..] : default;
        message = new IcmpMessage(quote, v6 ? 6 : 4)
        {
            Type = type,
            Code = code,
            Kind = kind,
            Mtu = kind == IcmpKind.PacketTooBig ? ReadMtu(icmp, v6) : 0,
        };
        return WireError.None;
    }

    /// <summary>What the host knows by itself about a packet of its own, told as a router would tell it.</summary>
    /// <param name="packet">The packet, or the start of it.</param>
    /// <param name="kind">What became of it.</param>
    /// <param name="message">Only to be used if the packet is one of TCP or UDP, or an echo request.</param>
    internal static bool TryDescribe(ReadOnlySpan<byte> packet, IcmpKind kind, out IcmpMessage message)
    {
        message = packet.IsEmpty ? default : new IcmpMessage(packet, packet[0] >> 4) { Kind = kind };
        return message.HasQuotedTcp || message.HasQuotedUdp || message.HasQuotedEcho;
    }

    /// <summary>What a quoted packet tells.</summary>
    private IcmpMessage(ReadOnlySpan<byte> packet, int version)
    {
        ReadOnlySpan<byte> quote = Quoted(packet, version, out IpHeader header);
        if (quote.IsEmpty) return;
        HasQuotedTcp = header.Protocol == IpProtocol.Tcp;
        HasQuotedUdp = header.Protocol == IpProtocol.Udp;
        HasQuotedEcho = !HasQuotedTcp && !HasQuotedUdp;
        ReadOnlySpan<byte> names = HasQuotedEcho ? quote[4..] : quote;
        QuotedTuple = new FourTuple(
            header.Source,
            BinaryPrimitives.ReadUInt16BigEndian(names),
            header.Destination,
            BinaryPrimitives.ReadUInt16BigEndian(names[2..]));
        if (HasQuotedTcp) QuotedSequence = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(quote[4..]));
    }

    private static bool Quotes(IcmpKind kind) =>
        kind is not (IcmpKind.EchoRequest or IcmpKind.EchoReply or IcmpKind.Other or IcmpKind.Redirect);

    /// <summary>RFC 1191 4: 16 bits, at the end of the header; RFC 4443 3.2: 32 bits.</summary>
    private static int ReadMtu(ReadOnlySpan<byte> icmp, bool v6) => v6
        ? (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(icmp[4..]), int.MaxValue)
        : BinaryPrimitives.ReadUInt16BigEndian(icmp[6..]);

    /// <summary>Finds the first octets of TCP, UDP or an echo request in a quoted packet; nothing if they are not there.</summary>
    private static ReadOnlySpan<byte> Quoted(ReadOnlySpan<byte> quote, int version, out IpHeader header)
    {
        if (IpHeader.TryParseQuoted(quote, out header) != WireError.None) return default;
        if (header.Version != version || header.FragmentOffset != 0 || header.PayloadLength < QuotedLength) return default;
        ReadOnlySpan<byte> names = quote.Slice(header.PayloadOffset, QuotedLength);
        bool ours = header.Protocol switch
        {
            IpProtocol.Tcp or IpProtocol.Udp => true,
            IpProtocol.Icmp => version == 4 && names[0] == EchoRequestV4,
            IpProtocol.Icmpv6 => version == 6 && names[0] == EchoRequestV6,
            _ => false,
        };
        return ours ? names : default;
    }

    private static IcmpKind KindOfIcmpv4(byte type, byte code) => type switch
    {
        EchoReplyV4 => IcmpKind.EchoReply,
        EchoRequestV4 => IcmpKind.EchoRequest,
        SourceQuenchV4 => IcmpKind.SourceQuench,
        RedirectV4 => IcmpKind.Redirect,
        TimeExceededV4 => IcmpKind.TimeExceeded,
        ParameterProblemV4 => IcmpKind.ParameterProblem,
        UnreachableV4 => code switch
        {
            0 or 6 or 11 => IcmpKind.NetworkUnreachable, // also: network unknown, or not for this type of service
            1 or 7 or 8 or 12 => IcmpKind.HostUnreachable, // also: host unknown, isolated, or not for this type of service
            2 => IcmpKind.ProtocolUnreachable,
            3 => IcmpKind.PortUnreachable,
            FragmentationNeeded => IcmpKind.PacketTooBig,
            5 => IcmpKind.SourceRouteFailed,
            9 or 10 or 13 or 14 or 15 => IcmpKind.Prohibited, // network, host, by a filter, or for its precedence (RFC 1812 5.2.7.1)
            _ => IcmpKind.Other,
        },
        _ => IcmpKind.Other,
    };

    private static IcmpKind KindOfIcmpv6(byte type, byte code) => type switch
    {
        EchoReplyV6 => IcmpKind.EchoReply,
        EchoRequestV6 => IcmpKind.EchoRequest,
        RedirectV6 => IcmpKind.Redirect,
        PacketTooBigV6 => IcmpKind.PacketTooBig,
        TimeExceededV6 => IcmpKind.TimeExceeded,
        ParameterProblemV6 => IcmpKind.ParameterProblem,
        UnreachableV6 => code switch
        {
            0 => IcmpKind.NetworkUnreachable,
            1 or 5 or 6 => IcmpKind.Prohibited, // by a filter, for its source address, or by a rejecting route
            2 or 3 => IcmpKind.HostUnreachable, // beyond the scope of the source address, or simply unreachable
            4 => IcmpKind.PortUnreachable,
            7 => IcmpKind.SourceRouteFailed,
            _ => IcmpKind.Other,
        },
        _ => IcmpKind.Other,
    };
}
