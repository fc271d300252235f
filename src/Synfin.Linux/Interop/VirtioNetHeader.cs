using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Linux.Interop;

/// <summary>
/// struct virtio_net_hdr (Virtual I/O Device 1.2, 5.1.6), in the machine's byte order: what is still to be done to the packet behind it.
/// </summary>
internal static class VirtioNetHeader
{
    /// <summary>The least octets of it; a device may be set to more, which are zero.</summary>
    public const int Size = 10;

    /// <summary>The most octets before a packet that are understood.</summary>
    public const int MaxSize = 64;

    private const byte NeedsChecksum = 1;
    private const byte DataValid = 2;

    private const byte GsoNone = 0;
    private const byte GsoTcpv4 = 1;
    private const byte GsoTcpv6 = 4;
    private const byte GsoUdp = 5;
    private const byte GsoEcn = 0x80;

    private const int GsoTypeAt = 1;
    private const int HeaderLengthAt = 2;
    private const int GsoSizeAt = 4;
    private const int ChecksumStartAt = 6;
    private const int ChecksumOffsetAt = 8;

    /// <summary>Describes an outbound packet.</summary>
    /// <param name="header">At least <see cref="Size"/> octets, all zero.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="ipOffset">Where the IP header starts: 0, or behind an Ethernet header.</param>
    public static void Write(Span<byte> header, in OutboundPacket packet, int ipOffset)
    {
        bool cut = packet.WireSegments > 1;
        if (!cut && !packet.ChecksumPartial) return;
        ReadOnlySpan<byte> octets = packet.Header;
        int transport = packet.TransportOffset;
        bool isIpv4 = octets[ipOffset] >> 4 == 4;
        bool isUdp = PacketLayout.ProtocolAt(octets, ipOffset, transport) == IpProtocol.Udp;

        header[0] = NeedsChecksum;
        WriteField(header, ChecksumStartAt, transport);
        WriteField(header, ChecksumOffsetAt, isUdp ? UdpHeader.ChecksumOffset : TcpHeader.ChecksumOffset);
        if (!cut) return;

        Debug.Assert(packet.ChecksumPartial, "who cuts a packet writes its checksums");
        Debug.Assert(packet.SegmentSize is > 0 and <= ushort.MaxValue);
        byte type = isUdp ? GsoUdp : isIpv4 ? GsoTcpv4 : GsoTcpv6;
        if (!isUdp && (octets[transport + PacketLayout.TcpFlagsOffset] & (int)TcpFlags.Cwr) != 0) type |= GsoEcn;
        header[GsoTypeAt] = type;
        WriteField(header, HeaderLengthAt, transport + PacketLayout.TransportHeaderLength(octets[transport..], isUdp));
        WriteField(header, GsoSizeAt, packet.SegmentSize);
    }

    /// <summary>
    /// Reads what the kernel says about a packet, and completes a checksum that only the packet's inside has. Whatever comes, nothing is
    /// thrown.
    /// </summary>
    /// <param name="header">The header, <see cref="Size"/> octets or more.</param>
    /// <param name="packet">What follows it.</param>
    /// <param name="ipOffset">Where the IP header starts: 0, or behind an Ethernet header.</param>
    /// <param name="metadata">What the stack is to be told.</param>
    /// <returns>False if the header contradicts itself or the packet: the packet is to be dropped.</returns>
    public static bool TryInterpret(ReadOnlySpan<byte> header, Span<byte> packet, int ipOffset, out ReceiveMetadata metadata)
    {
        metadata = default;
        byte flags = header[0];
        int type = header[GsoTypeAt] & ~GsoEcn;
        if ((flags & NeedsChecksum) == 0 && type == GsoNone)
        {
            metadata = new(ChecksumVerified: (flags & DataValid) != 0);
            return true;
        }

        bool isIp = PacketLayout.TryFindTransport(packet, ipOffset, out int transport, out byte protocol);
        bool verified = (flags & DataValid) != 0;
        if ((flags & NeedsChecksum) != 0)
        {
            int start = ReadField(header, ChecksumStartAt);
            int at = start + ReadField(header, ChecksumOffsetAt);
            if (at + sizeof(ushort) > packet.Length) return false;
            verified = isIp && start == transport && at == start + PacketLayout.ChecksumOffset(protocol);
            // The checksum of what a tunnel carries: the outer one was made for a packet that is complete.
            if (!verified) WireImage.CompleteChecksum(packet, start, at);
        }
        if (type == GsoNone)
        {
            metadata = new(verified);
            return true;
        }
        return isIp && TryInterpretSegments(header, packet, ipOffset, transport, protocol, verified, out metadata);
    }

    private static bool TryInterpretSegments(
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> packet,
        int ipOffset,
        int transport,
        byte protocol,
        bool verified,
        out ReceiveMetadata metadata)
    {
        metadata = default;
        int size = ReadField(header, GsoSizeAt);
        bool isUdp = protocol == IpProtocol.Udp;
        bool matches = (header[GsoTypeAt] & ~GsoEcn) switch
        {
            GsoTcpv4 => protocol == IpProtocol.Tcp && packet[ipOffset] >> 4 == 4,
            GsoTcpv6 => protocol == IpProtocol.Tcp && packet[ipOffset] >> 4 == 6,
            GsoUdp => isUdp,
            _ => false,
        };
        if (!matches || size == 0) return false;
        int text = packet.Length - transport - PacketLayout.TransportHeaderLength(packet[transport..], isUdp);
        if (text < 0) return false;
        metadata = text <= size ? new(verified) : new(verified, (text + size - 1) / size, size);
        return true;
    }

    private static int ReadField(ReadOnlySpan<byte> header, int at) => MemoryMarshal.Read<ushort>(header[at..]);

    private static void WriteField(Span<byte> header, int at, int value) => MemoryMarshal.Write(header[at..], (ushort)value);
}
