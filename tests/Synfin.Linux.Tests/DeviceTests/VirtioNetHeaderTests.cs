using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Synfin.Linux.Interop;
using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

/// <summary>The header before each packet (Virtual I/O Device 1.2, 5.1.6): what is written, and what is believed.</summary>
public sealed class VirtioNetHeaderTests
{
    private const byte NeedsChecksum = 1;
    private const byte DataValid = 2;
    private const byte Tcpv4 = 1;
    private const byte Tcpv6 = 4;
    private const byte Udp = 5;
    private const byte Ecn = 0x80;

    private static readonly InternetAddress _here = InternetAddress.FromIpv4(10, 9, 0, 2);
    private static readonly InternetAddress _there = InternetAddress.FromIpv4(10, 9, 0, 1);

    [Fact]
    public void A_finished_packet_needs_nothing()
    {
        byte[] header = new byte[VirtioNetHeader.Size];
        VirtioNetHeader.Write(header, new OutboundPacket { Header = Packet(), TransportOffset = 20, WireSegments = 1 }, 0);
        Assert.Equal(new byte[VirtioNetHeader.Size], header);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    public void A_partial_checksum_is_said_where_it_is(int ipOffset)
    {
        byte[] header = new byte[VirtioNetHeader.Size];
        byte[] packet = Packet(ipOffset: ipOffset);
        OutboundPacket outbound = new() { Header = packet, TransportOffset = ipOffset + 20, WireSegments = 1, ChecksumPartial = true };
        VirtioNetHeader.Write(header, in outbound, ipOffset);
        Assert.Equal(Header(NeedsChecksum, 0, 0, 0, ipOffset + 20, 16), header);
    }

    [Theory]
    [InlineData(TcpFlags.Ack, Tcpv4)]
    [InlineData(TcpFlags.Ack | TcpFlags.Cwr, Tcpv4 | Ecn)]
    public void A_super_segment_says_how_it_is_cut_and_whether_its_first_segment_alone_has_cwr(TcpFlags flags, int type)
    {
        byte[] header = new byte[VirtioNetHeader.Size];
        OutboundPacket outbound = new()
        {
            Header = Packet(flags),
            TransportOffset = 20,
            WireSegments = 3,
            SegmentSize = 1448,
            ChecksumPartial = true,
        };
        VirtioNetHeader.Write(header, in outbound, 0);
        Assert.Equal(Header(NeedsChecksum, (byte)type, 40, 1448, 20, 16), header);
    }

    [Fact]
    public void What_is_said_of_a_super_segment_is_told_to_the_stack()
    {
        byte[] packet = Packet(text: 3001);
        Assert.True(VirtioNetHeader.TryInterpret(Header(NeedsChecksum, Tcpv4, 40, 1000, 20, 16), packet, 0, out ReceiveMetadata metadata));
        Assert.Equal(new ReceiveMetadata(ChecksumVerified: true, WireSegments: 4, SegmentSize: 1000), metadata);
    }

    [Fact]
    public void A_super_segment_that_is_not_longer_than_one_segment_is_none()
    {
        byte[] packet = Packet(text: 1000);
        Assert.True(VirtioNetHeader.TryInterpret(Header(NeedsChecksum, Tcpv4, 40, 1000, 20, 16), packet, 0, out ReceiveMetadata metadata));
        Assert.Equal(new ReceiveMetadata(ChecksumVerified: true), metadata);
    }

    [Fact]
    public void A_verified_checksum_is_believed_and_silence_is_not()
    {
        byte[] packet = Packet(text: 10);
        Assert.True(VirtioNetHeader.TryInterpret(Header(DataValid, 0, 0, 0, 0, 0), packet, 0, out ReceiveMetadata metadata));
        Assert.True(metadata.ChecksumVerified);
        Assert.True(VirtioNetHeader.TryInterpret(Header(0, 0, 0, 0, 0, 0), packet, 0, out metadata));
        Assert.False(metadata.ChecksumVerified);
    }

    [Fact]
    public void A_checksum_of_what_a_tunnel_carries_is_completed_and_the_outer_one_is_not_believed()
    {
        byte[] packet = Packet(text: 100);
        packet.AsSpan(60, 40).Fill(7);
        byte[] before = [.. packet];
        Assert.True(VirtioNetHeader.TryInterpret(Header(NeedsChecksum, 0, 0, 0, 60, 16), packet, 0, out ReceiveMetadata metadata));
        Assert.False(metadata.ChecksumVerified);
        ushort completed = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(76));
        Assert.Equal(InternetChecksum.Finish(InternetChecksum.Sum(before.AsSpan(60))), completed);
        completed = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(76), BinaryPrimitives.ReadUInt16BigEndian(before.AsSpan(76)));
        Assert.Equal(before, packet);
    }

    [Theory]
    [InlineData("checksum behind the end", NeedsChecksum, 0, 0, 0, 20, 3020)]
    [InlineData("checksum far behind the end", NeedsChecksum, 0, 0, 0, 65535, 65535)]
    [InlineData("segments of no size", NeedsChecksum, Tcpv4, 40, 0, 20, 16)]
    [InlineData("IPv6 in IPv4", NeedsChecksum, Tcpv6, 40, 1000, 20, 16)]
    [InlineData("UDP in TCP", NeedsChecksum, Udp, 40, 1000, 20, 16)]
    [InlineData("a kind that nobody asked for", NeedsChecksum, 3, 40, 1000, 20, 16)]
    [InlineData("a kind that does not exist", NeedsChecksum, 0x7F, 40, 1000, 20, 16)]
    public void A_header_that_contradicts_the_packet_drops_it(
        string what, byte flags, byte type, int length, int size, int start, int offset)
    {
        byte[] packet = Packet(text: 3000);
        bool taken = VirtioNetHeader.TryInterpret(Header(flags, type, length, size, start, offset), packet, 0, out _);
        Assert.False(taken, what);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_nothing_is_thrown_and_what_is_said_fits_the_packet(int seed)
    {
        var random = new Random(seed);
        byte[] header = new byte[12];
        int taken = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] packet = Packet(text: random.Next(3000), ipOffset: random.Next(2) * 14).AsSpan(0).ToArray();
            int cut = random.Next(4) == 0 ? random.Next(packet.Length + 1) : packet.Length;
            int most = Math.Min(80, packet.Length);
            for (int flips = random.Next(4); flips > 0; flips--) packet[random.Next(most)] ^= (byte)(1 << random.Next(8));
            random.NextBytes(header);
            if (random.Next(2) == 0) Header(NeedsChecksum, Tcpv4, 40, random.Next(2000), 20, 16).CopyTo(header, 0);
            Span<byte> octets = packet.AsSpan(0, cut);
            if (!VirtioNetHeader.TryInterpret(header, octets, random.Next(2) * 14, out ReceiveMetadata metadata)) continue;
            taken++;
            if (metadata.WireSegments == 0) continue;
            Assert.True(metadata.WireSegments > 1, $"seed {seed}, packet {i}");
            Assert.InRange((metadata.WireSegments - 1) * metadata.SegmentSize, 1, cut);
        }
        Assert.InRange(taken, 1, 99_999);
    }

    private static byte[] Header(byte flags, byte type, int headerLength, int size, int start, int offset)
    {
        byte[] header = new byte[VirtioNetHeader.Size];
        header[0] = flags;
        header[1] = type;
        MemoryMarshal.Write(header.AsSpan(2), (ushort)headerLength);
        MemoryMarshal.Write(header.AsSpan(4), (ushort)size);
        MemoryMarshal.Write(header.AsSpan(6), (ushort)start);
        MemoryMarshal.Write(header.AsSpan(8), (ushort)offset);
        return header;
    }

    private static byte[] Packet(TcpFlags flags = TcpFlags.Ack, int text = 0, int ipOffset = 0)
    {
        byte[] packet = new byte[ipOffset + 40 + text];
        if (ipOffset != 0) BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(12), 0x0800);
        IpHeaderWriter.Write(packet.AsSpan(ipOffset), _here, _there, IpProtocol.Tcp, 20 + text, 0, 64, 0);
        TcpHeaderWriter.Write(packet.AsSpan(ipOffset + 20), 1, 2, new(3), new(4), flags, 5, 0, default);
        return packet;
    }
}
