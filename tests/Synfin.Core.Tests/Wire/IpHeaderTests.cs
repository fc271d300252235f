using System.Buffers.Binary;
using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class IpHeaderTests
{
    private static WireError Parse(ReadOnlySpan<byte> packet) => IpHeader.TryParse(packet, out _);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_written_header_is_read_back(bool v6)
    {
        byte[] packet = Packets.Ip(v6, IpProtocol.Tcp, new byte[33], trafficClass: 0xB9, timeToLive: 3);
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader header));
        Assert.Equal(v6 ? Packets.A6 : Packets.A4, header.Source);
        Assert.Equal(v6 ? Packets.B6 : Packets.B4, header.Destination);
        Assert.Equal(v6 ? 6 : 4, header.Version);
        Assert.Equal(IpProtocol.Tcp, header.Protocol);
        Assert.Equal(3, header.TimeToLive);
        Assert.Equal((0xB9, 46, 1), (header.TrafficClass, header.Dscp, header.Ecn));
        Assert.Equal(v6 ? 0xABCDEu : 0, header.FlowLabel);
        Assert.Equal((v6 ? 40 : 20, 33), (header.PayloadOffset, header.PayloadLength));
        Assert.Equal(33, header.Payload(packet).Length);
        Assert.False(header.IsFragment);
    }

    [Fact]
    [Trait("Rfc", "6864 4.1")]
    [Trait("Threat", "35")]
    public void An_IPv4_header_is_atomic_and_its_identification_tells_nothing()
    {
        byte[] packet = Packets.Ip(v6: false, IpProtocol.Tcp, []);
        Assert.Equal([0x45, 0, 0, 20, 0, 0, 0x40, 0, 64, 6], packet[..10]);
    }

    [Fact]
    public void A_known_header_has_its_known_checksum()
    {
        byte[] packet = Convert.FromHexString("450000730000400040110000c0a80001c0a800c7");
        Assert.Equal("B861", Convert.ToHexString(Packets.WithIpv4Checksum(packet).AsSpan(10, 2)));
    }

    [Theory]
    [InlineData(false, 65515)]
    [InlineData(true, 65535)]
    public void The_largest_payload_is_written_and_a_larger_one_refused(bool v6, int most)
    {
        byte[] packet = Packets.Ip(v6, IpProtocol.Udp, new byte[most]);
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader header));
        Assert.Equal(most, header.PayloadLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => Packets.Ip(v6, IpProtocol.Udp, new byte[most + 1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "51")]
    public void Every_prefix_of_a_packet_is_truncated(bool v6)
    {
        byte[] packet = Packets.Ip(v6, IpProtocol.Tcp, Packets.TcpSegment(v6, text: 9));
        for (int length = 0; length < packet.Length; length++)
        {
            WireError expected = length < (v6 ? 40 : 20) ? WireError.TruncatedIpHeader : WireError.TruncatedPacket;
            Assert.Equal(expected, Parse(packet.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_link_padded_is_not_payload(bool v6)
    {
        byte[] packet = [.. Packets.Ip(v6, IpProtocol.Tcp, new byte[20]), .. new byte[26]];
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader header));
        Assert.Equal(20, header.PayloadLength);
    }

    [Fact]
    public void Other_versions_are_refused()
    {
        byte[] packet = Packets.Ip(v6: false, IpProtocol.Tcp, new byte[40]);
        foreach (int version in (int[])[0, 1, 2, 3, 5, 7, 8, 15])
        {
            packet[0] = (byte)(version << 4 | 5);
            Assert.Equal(WireError.BadVersion, Parse(packet));
        }
    }

    [Fact]
    [Trait("Threat", "52")]
    [Trait("Threat", "53")]
    public void IPv4_lengths_must_agree_with_each_other()
    {
        for (int words = 0; words < 16; words++)
        {
            for (int total = 0; total <= 70; total++)
            {
                byte[] packet = Packets.Ip(v6: false, IpProtocol.Tcp, new byte[30]);
                packet[0] = (byte)(0x40 | words);
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)total);
                bool headerFits = words >= 5 && words * 4 <= packet.Length;
                if (headerFits) Packets.WithIpv4Checksum(packet);
                WireError expected = !headerFits ? WireError.BadHeaderLength
                    : total < words * 4 ? WireError.BadTotalLength
                    : total > packet.Length ? WireError.TruncatedPacket
                    : WireError.None;
                Assert.Equal(expected, Parse(packet));
            }
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-50")]
    [Trait("Threat", "60")]
    public void IPv4_options_are_skipped_whatever_they_are()
    {
        var random = new TestOctets(9);
        for (int words = 6; words <= 15; words++)
        {
            byte[] packet = Packets.Ip(v6: false, IpProtocol.Tcp, new byte[60]);
            packet[0] = (byte)(0x40 | words);
            random.Take(words * 4 - 20).CopyTo(packet, 20);
            Packets.WithIpv4Checksum(packet);
            Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader header));
            Assert.Equal((words * 4, 80 - words * 4), (header.PayloadOffset, header.PayloadLength));
        }
    }

    [Fact]
    public void A_flipped_bit_in_an_IPv4_header_is_noticed()
    {
        byte[] packet = Packets.Ip(v6: false, IpProtocol.Tcp, new byte[60]);
        for (int bit = 0; bit < 160; bit++)
        {
            if (bit == 5) continue; // this one makes it IPv6, which has no checksum
            packet[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.NotEqual(WireError.None, Parse(packet));
            packet[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
        packet[8]--;
        Assert.Equal(WireError.BadChecksum, Parse(packet));
    }

    [Theory]
    [InlineData(0x0000, 16, WireError.None, false)]
    [InlineData(0x4000, 16, WireError.None, false)] // don't fragment
    [InlineData(0x8000, 16, WireError.None, false)] // the reserved bit
    [InlineData(0x2000, 16, WireError.None, true)] // the first of several
    [InlineData(0x2000, 15, WireError.BadFragment, true)] // of which only the last may be odd
    [InlineData(0x2000, 0, WireError.BadFragment, true)]
    [InlineData(0x0001, 15, WireError.None, true)] // the last
    [InlineData(0x1FFD, 3, WireError.None, true)] // ends at 65,535 with its header
    [InlineData(0x1FFF, 15, WireError.BadFragment, true)] // beyond: the "ping of death"
    [Trait("Threat", "59")]
    public void IPv4_fragments_are_told_from_whole_datagrams(int field, int payload, WireError error, bool isFragment)
    {
        byte[] packet = Packets.Ip(v6: false, IpProtocol.Icmp, new byte[payload]);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)field);
        Packets.WithIpv4Checksum(packet);
        Assert.Equal(error, IpHeader.TryParse(packet, out IpHeader header));
        if (error != WireError.None) return;
        Assert.Equal(isFragment, header.IsFragment);
        Assert.Equal((field & 0x1FFF) * 8, header.FragmentOffset);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "2001:db8::1")]
    [InlineData("2001:db8::1", "::ffff:10.0.0.1")]
    public void An_IPv6_packet_cannot_pass_for_IPv4(string source, string destination)
    {
        byte[] packet = Packets.Ip(v6: true, IpProtocol.Tcp, new byte[20]);
        Mapped(source).CopyTo(packet, 8);
        Mapped(destination).CopyTo(packet, 24);
        Assert.Equal(WireError.MappedAddress, Parse(packet));

        static byte[] Mapped(string text) => System.Net.IPAddress.Parse(text).GetAddressBytes();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "51")]
    [Trait("Threat", "52")]
    public void Damaged_packets_are_read_or_refused_and_what_is_read_lies_inside(bool v6)
    {
        var random = new TestOctets(10);
        byte[] good = Packets.Ip(v6, IpProtocol.Tcp, Packets.TcpSegment(v6, text: 40));
        int read = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] packet = good[..(random.Below(4) == 0 ? random.Below(good.Length + 1) : good.Length)];
            int hits = packet.Length == 0 ? 0 : random.Below(4);
            for (; hits > 0; hits--) packet[random.Below(packet.Length)] = (byte)random.Next();
            if (!v6 && packet.Length >= 60 && (packet[0] & 0xF) >= 5) Packets.WithIpv4Checksum(packet);
            if (IpHeader.TryParse(packet, out IpHeader header) != WireError.None) continue;
            read++;
            ReadOnlySpan<byte> payload = header.Payload(packet);
            Segment segment = default;
            if (TcpHeader.TryParse(payload, ref segment) == WireError.None) Assert.InRange(segment.Text.Length, 0, payload.Length - 20);
        }
        Assert.True(read > 10_000);
    }
}
