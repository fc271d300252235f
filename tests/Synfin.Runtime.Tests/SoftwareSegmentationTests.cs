using System.Buffers.Binary;
using Synfin.Links;
using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Runtime.Tests;

public sealed class SoftwareSegmentationTests
{
    private readonly FrameList _wire = new();
    private readonly SoftwareSegmentation _link;

    public SoftwareSegmentationTests() => _link = new SoftwareSegmentation(_wire);

    [Fact]
    public void It_promises_checksums_and_segmentation()
    {
        Assert.Equal(LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation, _link.Offloads);
        Assert.Equal(65_536, _link.MaxSuperSegment);
        Assert.Equal(1_500, _link.Mtu);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 100)]
    [InlineData(true, 0)]
    [InlineData(true, 1_428)]
    public void One_segment_gets_its_checksum_and_nothing_else_changes(bool ipv6, int length)
    {
        HandMadePacket packet = new() { Ipv6 = ipv6, TextLength = length, Flags = TcpFlags.Ack | TcpFlags.Psh | TcpFlags.Fin };

        Assert.True(_link.Transmit(packet.Packet()));

        byte[] frame = Assert.Single(_wire.Frames);
        byte[] expected = [.. packet.Header(), .. Text(0, length)];
        frame.AsSpan(packet.TransportOffset + 16, 2).CopyTo(expected.AsSpan(packet.TransportOffset + 16));
        Assert.Equal(expected, frame);
        Assert.True(PlainChecksum.IsTcpRight(frame, packet.TransportOffset));
    }

    [Fact]
    public void A_packet_that_is_finished_goes_as_it_is()
    {
        byte[] icmp = [0x45, 1, 2, 3, 4, 5, 6, 7];
        OutboundPacket packet = new() { Header = icmp, TransportOffset = 4, WireSegments = 1 };

        Assert.True(_link.Transmit(packet));

        Assert.Equal(icmp, Assert.Single(_wire.Frames));
    }

    [Theory]
    [InlineData(false, 1_448, 65_536, 0)]
    [InlineData(false, 1_448, 2 * 1_448, 0)]
    [InlineData(false, 1_448, 4_345, 4_095)]
    [InlineData(false, 1_001, 20_000, 1)]
    [InlineData(false, 8, 100, 3)]
    [InlineData(true, 1_428, 65_536, 0)]
    [InlineData(true, 1_427, 10_000, 4_093)]
    public void The_pieces_of_a_super_segment_are_exact(bool ipv6, int size, int length, int pageOffset)
    {
        HandMadePacket packet = new()
        {
            Ipv6 = ipv6,
            Seq = uint.MaxValue - 2_000,
            SegmentSize = size,
            TextLength = length,
            PageOffset = pageOffset,
            Flags = TcpFlags.Ack | TcpFlags.Psh,
        };

        Assert.True(_link.Transmit(packet.Packet()));

        Assert.Equal(packet.WireSegments, _wire.Frames.Count);
        int offset = 0;
        foreach (byte[] frame in _wire.Frames)
        {
            int text = Math.Min(size, length - offset);
            Assert.Equal(Expected(packet, frame, offset, text), frame);
            Assert.True(PlainChecksum.IsTcpRight(frame, packet.TransportOffset));
            if (!ipv6) Assert.Equal(0xFFFF, PlainChecksum.Fold(PlainChecksum.Sum(frame.AsSpan(0, 20))));
            offset += text;
        }
        Assert.Equal(length, offset);
    }

    [Fact]
    public void Flags_stand_where_they_belong()
    {
        Send(new() { TextLength = 3 * 1_448, Flags = TcpFlags.Ack | TcpFlags.Psh | TcpFlags.Fin | TcpFlags.Ece | TcpFlags.Cwr });

        const TcpFlags Everywhere = TcpFlags.Ack | TcpFlags.Ece;
        Assert.Equal([Everywhere | TcpFlags.Cwr, Everywhere, Everywhere | TcpFlags.Psh | TcpFlags.Fin], _wire.Frames.Select(FlagsOf));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-62")]
    public void The_urgent_pointer_counts_from_each_piece_and_goes_behind_its_end()
    {
        Send(new() { SegmentSize = 1_000, TextLength = 4_000, Flags = TcpFlags.Ack | TcpFlags.Urg, UrgentPointer = 2_000 });

        Assert.Equal([TcpFlags.Ack | TcpFlags.Urg, TcpFlags.Ack | TcpFlags.Urg, TcpFlags.Ack, TcpFlags.Ack], _wire.Frames.Select(FlagsOf));
        Assert.Equal([2_000, 1_000, 0, 0], _wire.Frames.Select(f => (int)BinaryPrimitives.ReadUInt16BigEndian(f.AsSpan(20 + 18))));
        Assert.All(_wire.Frames, f => Assert.True(PlainChecksum.IsTcpRight(f, 20)));
    }

    [Fact]
    public void Without_room_for_all_pieces_none_is_sent()
    {
        FrameList wire = new() { Capacity = 4 };
        SoftwareSegmentation link = new(wire);
        HandMadePacket one = new() { TextLength = 10 };
        HandMadePacket four = new() { TextLength = 4 * 1_448 };
        Assert.True(link.Transmit(one.Packet()));

        Assert.False(link.Transmit(four.Packet()));
        Assert.Single(wire.Frames);

        wire.Frames.Clear();
        Assert.True(link.Transmit(four.Packet()));
        Assert.Equal(4, wire.Frames.Count);
    }

    [Fact]
    public void Cutting_allocates_nothing()
    {
        SoftwareSegmentation link = new(new Nowhere());
        OutboundPacket packet = new HandMadePacket { TextLength = 65_536, PageOffset = 5 }.Packet();
        for (int i = 0; i < 10; i++) link.Transmit(packet);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) link.Transmit(packet);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Text(int offset, int length)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = HandMadePacket.TextAt(offset + i);
        return text;
    }

    /// <summary>The piece as it must be; the checksums, which are verified apart, are taken over from <paramref name="actual"/>.</summary>
    private static byte[] Expected(HandMadePacket packet, byte[] actual, int offset, int text)
    {
        byte[] frame = [.. packet.Header(), .. Text(offset, text)];
        Span<byte> ip = frame;
        Span<byte> tcp = ip[packet.TransportOffset..];
        if (packet.Ipv6) BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(frame.Length - 40));
        else BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)frame.Length);
        if (!packet.Ipv6) actual.AsSpan(10, 2).CopyTo(ip[10..]);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], unchecked(packet.Seq + (uint)offset));
        if (offset + text < packet.TextLength) tcp[13] &= 0xFF ^ (int)(TcpFlags.Psh | TcpFlags.Fin);
        actual.AsSpan(packet.TransportOffset + 16, 2).CopyTo(tcp[16..]);
        return frame;
    }

    private static TcpFlags FlagsOf(byte[] frame) => (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(20 + 12)) & 0x1FF);

    private void Send(HandMadePacket packet) => Assert.True(_link.Transmit(packet.Packet()));

    private sealed class Nowhere : IFrameSink
    {
        private readonly byte[] _frame = new byte[1_500];

        public int Mtu => _frame.Length;

        public bool HasRoom(int frames) => true;

        public Span<byte> GetFrame(int length) => _frame.AsSpan(0, length);

        public void Commit()
        {
        }
    }
}
