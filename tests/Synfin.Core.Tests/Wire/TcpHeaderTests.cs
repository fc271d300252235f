using System.Buffers.Binary;
using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class TcpHeaderTests
{
    [Fact]
    public void A_written_header_is_read_back()
    {
        TcpOptions options = default;
        options.SetMaximumSegmentSize(1220);
        options.SetTimestamps(5, 6);
        var octets = new byte[100];
        SequenceNumber seq = new(uint.MaxValue), ack = new(0x8000_0000);
        int length = TcpHeaderWriter.Write(octets, 1, 65535, seq, ack, TcpFlags.Syn | TcpFlags.Ece, 65535, 9, in options);
        Assert.Equal(36, length);

        Segment segment = default;
        Assert.Equal(WireError.None, TcpHeader.TryParse(octets.AsSpan(0, length + 3), ref segment));
        Assert.Equal((1, 65535), (segment.SourcePort, segment.DestinationPort));
        Assert.Equal((uint.MaxValue, 0x8000_0000), (segment.Seq.Value, segment.Ack.Value));
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ece, segment.Flags);
        Assert.Equal((65535, 9), (segment.Wnd, segment.Up));
        Assert.Equal(TcpOptionKinds.MaximumSegmentSize | TcpOptionKinds.Timestamps, segment.Options.Present);
        Assert.Equal(3, segment.Text.Length);
        Assert.Equal(4, segment.Len); // the SYN counts
    }

    [Fact]
    public void The_octets_are_those_of_Figure_1()
    {
        var octets = new byte[20];
        octets.AsSpan().Fill(0xEE);
        TcpOptions none = default;
        SequenceNumber seq = new(0x05060708), ack = new(0x090A0B0C);
        int length = TcpHeaderWriter.Write(octets, 0x0102, 0x0304, seq, ack, TcpFlags.Fin | TcpFlags.Ack, 0x0D0E, 0x0F10, in none);
        Assert.Equal(20, length);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x50, 0x11, 13, 14, 0, 0, 15, 16], octets);
    }

    [Fact]
    [Trait("Threat", "56")]
    public void All_nine_flags_are_carried_and_reserved_bits_are_ignored()
    {
        TcpOptions none = default;
        var octets = new byte[20];
        for (int flags = 0; flags < 512; flags++)
        {
            TcpHeaderWriter.Write(octets, 1, 2, default, default, (TcpFlags)flags, 0, 0, in none);
            for (int reserved = 0; reserved < 8; reserved++)
            {
                octets[12] = (byte)(octets[12] & 0xF1 | reserved << 1);
                Segment segment = default;
                Assert.Equal(WireError.None, TcpHeader.TryParse(octets, ref segment));
                Assert.Equal((TcpFlags)flags, segment.Flags);
            }
        }
    }

    [Fact]
    public void Flags_that_do_not_exist_are_not_written()
    {
        TcpOptions none = default;
        var octets = new byte[20];
        TcpHeaderWriter.Write(octets, 1, 2, default, default, (TcpFlags)0xFFFF, 0, 0, in none);
        Assert.Equal(0x51, octets[12]);
    }

    [Fact]
    [Trait("Threat", "51")]
    public void A_data_offset_must_lie_in_the_segment_and_behind_the_fixed_header()
    {
        for (int length = 0; length <= 64; length++)
        {
            for (int offset = 0; offset < 16; offset++)
            {
                var octets = new byte[length]; // zeros: an end of list, whatever the offset
                if (length > 12) octets[12] = (byte)(offset << 4);
                Segment segment = default;
                WireError expected = length < 20 ? WireError.TruncatedTcpHeader
                    : offset < 5 || offset * 4 > length ? WireError.BadDataOffset
                    : WireError.None;
                Assert.Equal(expected, TcpHeader.TryParse(octets, ref segment));
                if (expected == WireError.None) Assert.Equal(length - offset * 4, segment.Text.Length);
            }
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-5")]
    public void Options_are_read_with_any_flags()
    {
        byte[] octets = Packets.TcpSegment(v6: false, text: 5);
        foreach (TcpFlags flags in (TcpFlags[])[TcpFlags.Syn, TcpFlags.Rst, TcpFlags.Fin | TcpFlags.Ack, TcpFlags.None])
        {
            octets[13] = (byte)flags;
            Segment segment = default;
            Assert.Equal(WireError.None, TcpHeader.TryParse(octets, ref segment));
            Assert.Equal(TcpOptionKinds.Timestamps | TcpOptionKinds.Sack, segment.Options.Present);
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-7")]
    public void A_segment_with_a_bad_option_is_an_error()
    {
        byte[] octets = Packets.TcpSegment(v6: false, text: 5);
        octets[23] = 11; // the length of the timestamps
        Segment segment = default;
        Assert.Equal(WireError.BadOptionLength, TcpHeader.TryParse(octets, ref segment));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc9293", "MUST-2")]
    public void A_written_checksum_verifies_for_odd_and_even_lengths(bool v6)
    {
        for (int text = 0; text <= 130; text++)
        {
            byte[] octets = Packets.TcpSegment(v6, text);
            Assert.True(InternetChecksum.Verify(v6 ? Packets.A6 : Packets.A4, v6 ? Packets.B6 : Packets.B4, IpProtocol.Tcp, octets));
        }
    }

    [Fact]
    public void A_known_segment_has_its_known_checksum()
    {
        // A SYN by hand: 127.0.0.1:80 to 127.0.0.1:80, all else zero. Words: 7f00 0001 7f00 0001 0006 0014 0050 0050 5002 -> 4ebf.
        var octets = new byte[20];
        TcpOptions none = default;
        TcpHeaderWriter.Write(octets, 80, 80, default, default, TcpFlags.Syn, 0, 0, in none);
        TcpHeaderWriter.WriteChecksum(octets, InternetAddress.Parse("127.0.0.1"), InternetAddress.Parse("127.0.0.1"));
        Assert.Equal(0xFFFF - 0x4EBF, BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(16)));
    }
}
