using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Reads IPv4 and IPv6 packets (RFC 791, RFC 8200) for a ladder; they may be cut off behind the headers.</summary>
internal static class PacketReader
{
    private const int IcmpProtocol = 1;
    private const int TcpProtocol = 6;
    private const int Icmpv6Protocol = 58;

    /// <summary>False for what is neither TCP nor ICMP, for later fragments and for what cannot be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out PacketFacts facts)
    {
        facts = default;
        if (!TryReadIp(packet, out InternetAddress source, out InternetAddress destination, out int protocol, out int offset, out int rest))
            return false;
        ReadOnlySpan<byte> payload = packet[offset..];
        switch (protocol)
        {
            case TcpProtocol when TryReadTcp(payload, rest, source, destination) is { } segment:
                facts = new PacketFacts(source, destination, segment, "", null);
                return true;
            case IcmpProtocol or Icmpv6Protocol when payload.Length >= 8:
                string name = IcmpNames.Of(protocol == Icmpv6Protocol, payload[0], payload[1]);
                facts = new PacketFacts(source, destination, null, name, ReadQuoted(payload[8..]));
                return true;
            default:
                return false;
        }
    }

    private static bool TryReadIp(
        ReadOnlySpan<byte> p, out InternetAddress source, out InternetAddress destination, out int protocol, out int offset, out int length)
    {
        source = destination = default;
        protocol = offset = length = 0;
        if (p.Length < 20) return false;
        if (p[0] >> 4 == 4)
        {
            offset = (p[0] & 15) * 4;
            length = BinaryPrimitives.ReadUInt16BigEndian(p[2..]) - offset;
            protocol = p[9];
            source = InternetAddress.FromBytes(p.Slice(12, 4));
            destination = InternetAddress.FromBytes(p.Slice(16, 4));
            int fragmentOffset = BinaryPrimitives.ReadUInt16BigEndian(p[6..]) & 0x1FFF;
            return offset >= 20 && p.Length >= offset && length >= 0 && fragmentOffset == 0;
        }
        if (p[0] >> 4 != 6 || p.Length < 40) return false;
        offset = 40;
        length = BinaryPrimitives.ReadUInt16BigEndian(p[4..]);
        protocol = p[6];
        source = InternetAddress.FromBytes(p.Slice(8, 16));
        destination = InternetAddress.FromBytes(p.Slice(24, 16));
        return SkipExtensionHeaders(p, ref protocol, ref offset, ref length);
    }

    private static bool SkipExtensionHeaders(ReadOnlySpan<byte> p, ref int protocol, ref int offset, ref int length)
    {
        const int hopByHop = 0, routing = 43, fragment = 44, destinationOptions = 60;
        while (protocol is hopByHop or routing or fragment or destinationOptions)
        {
            if (p.Length < offset + 8) return false;
            if (protocol == fragment && (BinaryPrimitives.ReadUInt16BigEndian(p[(offset + 2)..]) & 0xFFF8) != 0) return false;
            int size = protocol == fragment ? 8 : (p[offset + 1] + 1) * 8;
            protocol = p[offset];
            offset += size;
            length -= size;
        }
        return p.Length >= offset && length >= 0;
    }

    private static LadderSegment? TryReadTcp(ReadOnlySpan<byte> tcp, int length, InternetAddress source, InternetAddress destination)
    {
        if (tcp.Length < 20) return null;
        int headerLength = (tcp[12] >> 4) * 4;
        if (headerLength < 20 || tcp.Length < headerLength || length < headerLength) return null;
        return new LadderSegment
        {
            Source = source,
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(tcp),
            Destination = destination,
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]),
            Seq = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(tcp[4..])),
            Ack = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(tcp[8..])),
            Flags = (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(tcp[12..]) & 0x1FF),
            Wnd = BinaryPrimitives.ReadUInt16BigEndian(tcp[14..]),
            Up = BinaryPrimitives.ReadUInt16BigEndian(tcp[18..]),
            TextLength = length - headerLength,
            Options = ReadOptions(tcp[20..headerLength]),
        };
    }

    private static TcpOptions ReadOptions(ReadOnlySpan<byte> octets)
    {
        var options = new TcpOptions();
        while (octets.Length > 0 && octets[0] != 0)
        {
            if (octets[0] == 1)
            {
                octets = octets[1..];
                continue;
            }
            if (octets.Length < 2 || octets[1] < 2 || octets[1] > octets.Length) break;
            ReadOption(octets[0], octets[2..octets[1]], ref options);
            octets = octets[octets[1]..];
        }
        return options;
    }

    private static void ReadOption(byte kind, ReadOnlySpan<byte> value, ref TcpOptions options)
    {
        switch (kind, value.Length)
        {
            case (2, 2):
                options.SetMaximumSegmentSize(BinaryPrimitives.ReadUInt16BigEndian(value));
                break;
            case (3, 1):
                options.SetWindowScale(value[0]);
                break;
            case (4, 0):
                options.Present |= TcpOptionKinds.SackPermitted;
                break;
            case (5, _):
                for (; value.Length >= 8; value = value[8..])
                {
                    options.AddSack(
                        new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(value)),
                        new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(value[4..])));
                }
                break;
            case (8, 8):
                options.SetTimestamps(BinaryPrimitives.ReadUInt32BigEndian(value), BinaryPrimitives.ReadUInt32BigEndian(value[4..]));
                break;
            default:
                options.Present |= TcpOptionKinds.Unknown;
                break;
        }
    }

    /// <summary>The connection that an ICMP error quotes (RFC 792: the IP header and eight octets), from the quoted sender.</summary>
    private static FourTuple? ReadQuoted(ReadOnlySpan<byte> quoted)
    {
        bool isTcp = TryReadIp(quoted, out InternetAddress source, out InternetAddress destination, out int protocol, out int offset, out _)
            && protocol == TcpProtocol && quoted.Length >= offset + 4;
        if (!isTcp) return null;
        ushort sourcePort = BinaryPrimitives.ReadUInt16BigEndian(quoted[offset..]);
        ushort destinationPort = BinaryPrimitives.ReadUInt16BigEndian(quoted[(offset + 2)..]);
        return new FourTuple(source, sourcePort, destination, destinationPort);
    }
}
