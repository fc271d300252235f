using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>
/// Writes ICMP messages, without their IP header and with their checksum. Whether an error may be sent at all (never about ICMP errors,
/// later fragments, or packets to or from many: RFC 1122 3.2.2, RFC 4443 2.4) is for the caller to decide.
/// </summary>
public static class IcmpWriter
{
    /// <summary>The largest ICMPv4 error in octets, IP header included (RFC 1812 4.3.2.3).</summary>
    public const int MaxErrorPacketIpv4 = 576;

    /// <summary>The largest ICMPv6 error in octets, IP header included (RFC 4443 2.4).</summary>
    public const int MaxErrorPacketIpv6 = 1280;

    /// <summary>Where an IPv6 header without extensions names the upper layer: what the parameter problem points at.</summary>
    private const uint NextHeaderOffset = 6;

    /// <summary>Writes the answer to an echo request: identifier, sequence number and data come back as they are.</summary>
    /// <param name="destination">At least as long as the request.</param>
    /// <param name="request">The request, as <see cref="IcmpMessage.TryParse"/> has accepted it.</param>
    /// <param name="v6">Whether it is one of ICMPv6.</param>
    /// <param name="sourceAddress">The sender of the reply, for the pseudo-header of ICMPv6.</param>
    /// <param name="destinationAddress">The receiver of the reply.</param>
    /// <returns>The octets written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> or <paramref name="request"/> is too short.</exception>
    public static int WriteEchoReply(
        Span<byte> destination, ReadOnlySpan<byte> request, bool v6, InternetAddress sourceAddress, InternetAddress destinationAddress)
    {
        request.CopyTo(destination);
        Span<byte> reply = destination[..request.Length];
        reply[0] = v6 ? IcmpMessage.EchoReplyV6 : IcmpMessage.EchoReplyV4;
        reply[1] = 0;
        WriteChecksum(reply, v6, sourceAddress, destinationAddress);
        return reply.Length;
    }

    /// <summary>Writes that a packet could not be delivered, or ran out of time on its way.</summary>
    /// <param name="destination">Where to write; a shorter one makes the quote shorter.</param>
    /// <param name="packet">The IP packet that is quoted, to whose sender the message goes.</param>
    /// <param name="kind">One of the unreachable kinds, <see cref="IcmpKind.Prohibited"/> or <see cref="IcmpKind.TimeExceeded"/>.</param>
    /// <param name="sourceAddress">The router's or host's own address, for the pseudo-header of ICMPv6.</param>
    /// <returns>The octets written; 0 if the packet's IP header makes no sense.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another kind.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has no room for the header.</exception>
    public static int WriteUnreachable(Span<byte> destination, ReadOnlySpan<byte> packet, IcmpKind kind, InternetAddress sourceAddress)
    {
        (byte typeV4, byte codeV4, byte typeV6, byte codeV6) = kind switch
        {
            IcmpKind.NetworkUnreachable => (IcmpMessage.UnreachableV4, (byte)0, IcmpMessage.UnreachableV6, (byte)0),
            IcmpKind.HostUnreachable => (IcmpMessage.UnreachableV4, (byte)1, IcmpMessage.UnreachableV6, (byte)3),
            // ICMPv6 has no such code: an unknown next header is a parameter problem of code 1.
            IcmpKind.ProtocolUnreachable => (IcmpMessage.UnreachableV4, (byte)2, IcmpMessage.ParameterProblemV6, (byte)1),
            IcmpKind.PortUnreachable => (IcmpMessage.UnreachableV4, (byte)3, IcmpMessage.UnreachableV6, (byte)4),
            IcmpKind.SourceRouteFailed => (IcmpMessage.UnreachableV4, (byte)5, IcmpMessage.UnreachableV6, (byte)7),
            IcmpKind.Prohibited => (IcmpMessage.UnreachableV4, (byte)13, IcmpMessage.UnreachableV6, (byte)1),
            IcmpKind.TimeExceeded => (IcmpMessage.TimeExceededV4, (byte)0, IcmpMessage.TimeExceededV6, (byte)0),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not about a packet that was not delivered"),
        };
        uint pointer = kind == IcmpKind.ProtocolUnreachable ? NextHeaderOffset : 0;
        return IsIpv6(packet)
            ? WriteError(destination, packet, typeV6, codeV6, pointer, sourceAddress)
            : WriteError(destination, packet, typeV4, codeV4, field: 0, sourceAddress);
    }

    /// <summary>Writes that a packet did not fit a link and was not to be fragmented.</summary>
    /// <param name="destination">Where to write; a shorter one makes the quote shorter.</param>
    /// <param name="packet">The IP packet that is quoted, to whose sender the message goes.</param>
    /// <param name="mtu">What would fit, in octets; ICMPv4 has 16 bits for it.</param>
    /// <param name="sourceAddress">The router's own address, for the pseudo-header of ICMPv6.</param>
    /// <returns>The octets written; 0 if the packet's IP header makes no sense.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has no room for the header.</exception>
    public static int WritePacketTooBig(Span<byte> destination, ReadOnlySpan<byte> packet, int mtu, InternetAddress sourceAddress) =>
        IsIpv6(packet)
            ? WriteError(destination, packet, IcmpMessage.PacketTooBigV6, 0, (uint)mtu, sourceAddress)
            : WriteError(
                destination,
                packet,
                IcmpMessage.UnreachableV4,
                IcmpMessage.FragmentationNeeded,
                (uint)Math.Clamp(mtu, 0, ushort.MaxValue),
                sourceAddress);

    private static bool IsIpv6(ReadOnlySpan<byte> packet) => !packet.IsEmpty && packet[0] >> 4 == 6;

    private static int WriteError(
        Span<byte> destination, ReadOnlySpan<byte> packet, byte type, byte code, uint field, InternetAddress sourceAddress)
    {
        if (IpHeader.TryParse(packet, out IpHeader header) != WireError.None) return 0;
        bool v6 = header.Version == 6;
        int most = v6 ? MaxErrorPacketIpv6 - IpHeader.Ipv6Length : MaxErrorPacketIpv4 - IpHeader.Ipv4Length;
        int quoted = Math.Min(header.PayloadOffset + header.PayloadLength, Math.Min(most, destination.Length) - IcmpMessage.HeaderLength);
        Span<byte> message = destination[..(IcmpMessage.HeaderLength + quoted)];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], field);
        packet[..quoted].CopyTo(message[IcmpMessage.HeaderLength..]);
        WriteChecksum(message, v6, sourceAddress, header.Source);
        return message.Length;
    }

    private static void WriteChecksum(Span<byte> message, bool v6, InternetAddress source, InternetAddress destination)
    {
        Span<byte> field = message.Slice(2, sizeof(ushort));
        field.Clear();
        ulong sum = v6 ? InternetChecksum.PseudoHeader(source, destination, IpProtocol.Icmpv6, message.Length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(field, InternetChecksum.Finish(InternetChecksum.Sum(message, sum)));
    }
}
