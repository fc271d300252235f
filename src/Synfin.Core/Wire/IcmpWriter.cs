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

    private const byte ReassemblyTimeExceeded = 1;

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

    /// <summary>Writes an echo request (RFC 792, RFC 4443 4.1).</summary>
    /// <param name="destination">At least 8 octets more than <paramref name="data"/>.</param>
    /// <param name="identifier">Whose it is.</param>
    /// <param name="sequence">Which of them.</param>
    /// <param name="data">What is to come back.</param>
    /// <param name="v6">Whether it is one of ICMPv6.</param>
    /// <param name="sourceAddress">The sender, for the pseudo-header of ICMPv6.</param>
    /// <param name="destinationAddress">The receiver.</param>
    /// <returns>The octets written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int WriteEchoRequest(
        Span<byte> destination,
        ushort identifier,
        ushort sequence,
        ReadOnlySpan<byte> data,
        bool v6,
        InternetAddress sourceAddress,
        InternetAddress destinationAddress)
    {
        Span<byte> request = destination[..(IcmpMessage.HeaderLength + data.Length)];
        request[0] = v6 ? IcmpMessage.EchoRequestV6 : IcmpMessage.EchoRequestV4;
        request[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(request[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(request[6..], sequence);
        data.CopyTo(request[IcmpMessage.HeaderLength..]);
        WriteChecksum(request, v6, sourceAddress, destinationAddress);
        return request.Length;
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
        if (!IsIpv6(packet)) return WriteError(destination, packet, typeV4, codeV4, field: 0, sourceAddress);
        int pointer = 0;
        if (kind == IcmpKind.ProtocolUnreachable && packet.Length >= IpHeader.Ipv6Length)
            pointer = Ipv6Problem.TryFind(packet, out Ipv6Problem problem) ? problem.Pointer : 0;
        return WriteError(destination, packet, typeV6, codeV6, (uint)pointer, sourceAddress);
    }

    /// <summary>Writes that the other fragments of a datagram did not come in time (RFC 792, RFC 4443 3.3: code 1).</summary>
    /// <param name="destination">Where to write; a shorter one makes the quote shorter.</param>
    /// <param name="packet">The first fragment, which is quoted.</param>
    /// <param name="sourceAddress">The host's own address, for the pseudo-header of ICMPv6.</param>
    /// <returns>The octets written; 0 if the packet's IP header makes no sense.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has no room for the header.</exception>
    public static int WriteReassemblyTimeExceeded(Span<byte> destination, ReadOnlySpan<byte> packet, InternetAddress sourceAddress)
    {
        byte type = IsIpv6(packet) ? IcmpMessage.TimeExceededV6 : IcmpMessage.TimeExceededV4;
        return WriteError(destination, packet, type, ReassemblyTimeExceeded, field: 0, sourceAddress);
    }

    /// <summary>Writes what is wrong with the headers of an IPv6 packet (RFC 4443 3.4), which may be beyond parsing.</summary>
    internal static int WriteParameterProblem(
        Span<byte> destination, ReadOnlySpan<byte> packet, byte code, int pointer, InternetAddress source, InternetAddress receiver)
    {
        int length = Math.Min(packet.Length, IpHeader.Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]));
        return WriteError(destination, packet[..length], IcmpMessage.ParameterProblemV6, code, (uint)pointer, source, receiver);
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
        packet = packet[..(header.PayloadOffset + header.PayloadLength)];
        return WriteError(destination, packet, type, code, field, sourceAddress, header.Source);
    }

    private static int WriteError(
        Span<byte> destination,
        ReadOnlySpan<byte> packet,
        byte type,
        byte code,
        uint field,
        InternetAddress source,
        InternetAddress receiver)
    {
        bool v6 = IsIpv6(packet);
        int most = v6 ? MaxErrorPacketIpv6 - IpHeader.Ipv6Length : MaxErrorPacketIpv4 - IpHeader.Ipv4Length;
        int quoted = Math.Min(packet.Length, Math.Min(most, destination.Length) - IcmpMessage.HeaderLength);
        Span<byte> message = destination[..(IcmpMessage.HeaderLength + quoted)];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], field);
        packet[..quoted].CopyTo(message[IcmpMessage.HeaderLength..]);
        WriteChecksum(message, v6, source, receiver);
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
