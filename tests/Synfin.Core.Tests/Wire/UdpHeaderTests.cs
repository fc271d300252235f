using System.Buffers.Binary;
using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

/// <summary>UDP on the wire (RFC 768, RFC 8200 8.1).</summary>
[Trait("Rfc", "768 Format")]
public sealed class UdpHeaderTests
{
    private static InternetAddress A(bool v6) => v6 ? Packets.A6 : Packets.A4;

    private static InternetAddress B(bool v6) => v6 ? Packets.B6 : Packets.B4;

    private static byte[] Made(bool v6, ReadOnlySpan<byte> data)
    {
        var datagram = new byte[UdpHeader.HeaderLength + data.Length];
        Assert.Equal(8, UdpHeaderWriter.Write(datagram, 40_000, 53, data.Length));
        data.CopyTo(datagram.AsSpan(8));
        UdpHeaderWriter.WriteChecksum(datagram, A(v6), B(v6));
        return datagram;
    }

    private static WireError Parse(bool v6, ReadOnlySpan<byte> udp, bool verified = false) =>
        UdpHeader.TryParse(udp, A(v6), B(v6), verified, out _);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_again_at_every_length(bool v6)
    {
        var octets = new TestOctets(1);
        for (int length = 0; length < 300; length++)
        {
            byte[] data = octets.Take(length);
            Assert.Equal(WireError.None, UdpHeader.TryParse(Made(v6, data), A(v6), B(v6), false, out UdpHeader header));
            Assert.Equal((40_000, 53), (header.SourcePort, header.DestinationPort));
            Assert.Equal(data, header.Data.ToArray());
            Assert.NotEqual(0, header.Checksum);
        }
    }

    [Theory]
    [InlineData("", 0xEBD8)] // 0a00 0001 0a00 0002 0011 0008, 0001 0002 0008: the complement of 1427
    [InlineData("00", 0xEBD6)]
    [InlineData("8000", 0x6BD4)]
    [InlineData("EBD4", 0xFFFF)] // the sum is FFFF, so its complement is 0, which would mean that there is none
    public void Checksums_worked_out_by_hand(string data, int checksum)
    {
        byte[] octets = Convert.FromHexString(data);
        var datagram = new byte[8 + octets.Length];
        UdpHeaderWriter.Write(datagram, 1, 2, octets.Length);
        octets.CopyTo(datagram, 8);
        InternetAddress from = InternetAddress.Parse("10.0.0.1"), to = InternetAddress.Parse("10.0.0.2");
        UdpHeaderWriter.WriteChecksum(datagram, from, to);
        Assert.Equal(checksum, BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(6)));
        Assert.Equal(WireError.None, UdpHeader.TryParse(datagram, from, to, false, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "1122 4.1.3.4")]
    public void A_flipped_bit_is_found_wherever_it_is(bool v6)
    {
        byte[] datagram = Made(v6, [1, 2, 3, 4, 5]);
        for (int bit = 0; bit < datagram.Length * 8; bit++)
        {
            byte[] damaged = [.. datagram];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(WireError.None, Parse(v6, damaged));
        }
        Assert.Equal(WireError.BadChecksum, UdpHeader.TryParse(datagram, A(v6), A(v6), false, out _));
    }

    [Fact]
    [Trait("Rfc", "8200 8.1")]
    public void No_checksum_is_fine_over_IPv4_and_refused_over_IPv6()
    {
        var datagram = new byte[12];
        UdpHeaderWriter.Write(datagram, 1, 2, 4);
        Assert.Equal(WireError.None, Parse(v6: false, datagram));
        Assert.Equal(WireError.MissingUdpChecksum, Parse(v6: true, datagram));
        Assert.Equal(WireError.MissingUdpChecksum, Parse(v6: true, datagram, verified: true));
    }

    [Fact]
    public void What_the_link_has_verified_is_not_verified_again()
    {
        byte[] datagram = Made(v6: false, [1, 2, 3]);
        datagram[6] ^= 1;
        Assert.Equal(WireError.BadChecksum, Parse(v6: false, datagram));
        Assert.Equal(WireError.None, Parse(v6: false, datagram, verified: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "51")]
    public void Lengths_that_lie_are_refused(bool v6)
    {
        byte[] datagram = Made(v6, [1, 2, 3, 4]);
        for (int length = 0; length < 8; length++) Assert.Equal(WireError.TruncatedUdpHeader, Parse(v6, datagram.AsSpan(0, length)));
        for (int length = 8; length < 12; length++) Assert.Equal(WireError.BadUdpLength, Parse(v6, datagram.AsSpan(0, length)));
        foreach (ushort length in (ushort[])[0, 1, 7, 13, 65_535])
        {
            byte[] lying = [.. datagram];
            BinaryPrimitives.WriteUInt16BigEndian(lying.AsSpan(4), length);
            Assert.Equal(WireError.BadUdpLength, Parse(v6, lying));
        }
    }

    [Fact]
    public void Octets_beyond_the_datagrams_own_length_are_not_of_it()
    {
        byte[] padded = [.. Made(v6: false, [1, 2, 3]), 9, 9, 9];
        Assert.Equal(WireError.None, UdpHeader.TryParse(padded, A(false), B(false), false, out UdpHeader header));
        Assert.Equal([1, 2, 3], header.Data.ToArray());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65_528)]
    public void A_length_that_the_field_cannot_count_is_refused(int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpHeaderWriter.Write(new byte[8], 1, 2, length));
    }

    [Fact]
    [Trait("Threat", "51")]
    public void Arbitrary_octets_never_throw_and_what_is_read_lies_inside()
    {
        var octets = new TestOctets(7);
        int read = 0;
        for (int round = 0; round < 50_000; round++)
        {
            byte[] udp = octets.Take(octets.Below(40));
            if (udp.Length >= 6 && octets.Below(2) == 0) BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)octets.Below(44));
            bool v6 = octets.Below(2) == 0;
            WireError error = UdpHeader.TryParse(udp, A(v6), B(v6), checksumVerified: true, out UdpHeader header);
            if (error is not WireError.None) continue;
            read++;
            Assert.InRange(header.Data.Length, 0, udp.Length - 8);
        }
        Assert.InRange(read, 1_000, 49_000);
    }
}
