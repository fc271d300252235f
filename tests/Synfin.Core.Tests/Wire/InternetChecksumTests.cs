using System.Buffers.Binary;
using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class InternetChecksumTests
{
    /// <summary>RFC 1071 4.1, word by word.</summary>
    private static ushort PlainChecksum(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (int i = 0; i < data.Length; i += 2)
        {
            sum += (uint)(data[i] << 8 | (i + 1 < data.Length ? data[i + 1] : 0));
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (ushort)~sum;
    }

    [Fact]
    [Trait("Rfc9293", "MUST-2")]
    public void The_sum_agrees_with_the_plain_one_for_every_length_and_offset()
    {
        byte[] octets = new TestOctets(1).Take(400);
        for (int offset = 0; offset < 8; offset++)
        {
            for (int length = 0; length <= 300; length++)
            {
                ReadOnlySpan<byte> data = octets.AsSpan(offset, length);
                Assert.Equal(PlainChecksum(data), InternetChecksum.Finish(InternetChecksum.Sum(data)));
            }
        }
    }

    [Theory]
    [InlineData(1460)]
    [InlineData(9001)]
    [InlineData(65535)]
    public void The_sum_agrees_with_the_plain_one_for_long_input(int length)
    {
        byte[] octets = new TestOctets(2).Take(length);
        Assert.Equal(PlainChecksum(octets), InternetChecksum.Finish(InternetChecksum.Sum(octets)));
        octets.AsSpan().Fill(0xFF); // every carry there is
        Assert.Equal(PlainChecksum(octets), InternetChecksum.Finish(InternetChecksum.Sum(octets)));
    }

    [Fact]
    public void The_example_of_RFC_1071_sums_to_DDF2()
    {
        byte[] octets = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7];
        Assert.Equal(0xDDF2, InternetChecksum.Fold(InternetChecksum.Sum(octets)));
        Assert.Equal(0x220D, InternetChecksum.Finish(InternetChecksum.Sum(octets)));
    }

    [Fact]
    public void Copying_and_summing_copies_and_sums_and_touches_nothing_else()
    {
        byte[] octets = new TestOctets(3).Take(400);
        for (int offset = 0; offset < 8; offset++)
        {
            for (int length = 0; length <= 300; length++)
            {
                ReadOnlySpan<byte> data = octets.AsSpan(offset, length);
                var copy = new byte[length + 9];
                copy.AsSpan().Fill(0xEE);
                Assert.Equal(InternetChecksum.Sum(data, 7), InternetChecksum.CopyAndSum(data, copy.AsSpan(1), 7));
                Assert.Equal(data, copy.AsSpan(1, length));
                Assert.Equal(0xEE, copy[0]);
                Assert.True(copy.AsSpan(length + 1).IndexOfAnyExcept((byte)0xEE) < 0);
            }
        }
        Assert.Throws<ArgumentException>(() => InternetChecksum.CopyAndSum(octets, new byte[399]));
    }

    [Fact]
    public void Sums_of_even_parts_may_be_added()
    {
        byte[] octets = new TestOctets(4).Take(301);
        for (int cut = 0; cut <= 300; cut += 2)
        {
            ulong sum = InternetChecksum.Sum(octets.AsSpan(0, cut)) + InternetChecksum.Sum(octets.AsSpan(cut));
            Assert.Equal(PlainChecksum(octets), InternetChecksum.Finish(sum));
        }
    }

    [Fact]
    public void An_accumulator_takes_slices_of_any_length()
    {
        var random = new TestOctets(5);
        byte[] octets = random.Take(700);
        var copy = new byte[700];
        for (int round = 0; round < 2000; round++)
        {
            int length = random.Below(700);
            var accumulator = new ChecksumAccumulator(0);
            for (int at = 0; at < length;)
            {
                int part = Math.Min(random.Below(random.Below(8) == 0 ? 200 : 6), length - at);
                if ((part & 2) == 0) accumulator.Add(octets.AsSpan(at, part));
                else accumulator.CopyAndAdd(octets.AsSpan(at, part), copy.AsSpan(at));
                at += part;
                Assert.Equal(PlainChecksum(octets.AsSpan(0, at)), accumulator.Finish());
            }
        }
    }

    [Fact]
    [Trait("Threat", "61")]
    public void Folding_is_reduction_modulo_65535_and_only_zero_gives_zero()
    {
        ulong[] bases = [0, 1UL << 16, 1UL << 32, 1UL << 48, 1UL << 62, ulong.MaxValue - 0x1FFFF, 0xFFFF_FFFF_0000, 0xFFFF_0000_FFFF];
        foreach (ulong start in bases)
        {
            for (uint i = 0; i <= 0x1FFFF; i++)
            {
                ulong sum = start + i;
                ulong expected = sum == 0 ? 0 : sum % 0xFFFF == 0 ? 0xFFFF : sum % 0xFFFF;
                if (InternetChecksum.Fold16(sum) != expected) Assert.Fail($"fold of {sum:x}");
            }
        }
    }

    [Fact]
    [Trait("Rfc", "1624 4")]
    public void The_example_of_RFC_1624_gives_0000_and_not_FFFF() => Assert.Equal(0x0000, InternetChecksum.Update(0xDD2F, 0x5555, 0x3285));

    [Fact]
    [Trait("Rfc", "1624 3")]
    [Trait("Threat", "61")]
    public void An_updated_checksum_is_the_computed_one()
    {
        ushort[] edges = [0, 1, 0x00FF, 0x5555, 0x7FFF, 0x8000, 0xFF00, 0xFFFE, 0xFFFF];
        Span<byte> octets = stackalloc byte[6];
        foreach (ushort oldWord in edges)
        {
            foreach (ushort newWord in edges)
            {
                for (int rest = 1; rest <= ushort.MaxValue; rest++)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)rest);
                    BinaryPrimitives.WriteUInt16BigEndian(octets[2..], oldWord);
                    ushort before = PlainChecksum(octets);
                    BinaryPrimitives.WriteUInt16BigEndian(octets[2..], newWord);
                    ushort after = InternetChecksum.Update(before, oldWord, newWord);
                    if (PlainChecksum(octets) != after) Assert.Fail($"{rest:x} {oldWord:x} -> {newWord:x}: {after:x}");
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc9293", "MUST-3")]
    [Trait("Threat", "61")]
    public void Every_checksum_value_verifies_and_both_zeros_count_as_one(bool v6)
    {
        InternetAddress source = v6 ? Packets.A6 : Packets.A4, destination = v6 ? Packets.B6 : Packets.B4;
        byte[] segment = Packets.TcpSegment(v6, text: 4);
        int zeros = 0;
        for (int word = 0; word <= ushort.MaxValue; word++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(segment.Length - 2), (ushort)word);
            TcpHeaderWriter.WriteChecksum(segment, source, destination);
            if (!InternetChecksum.Verify(source, destination, IpProtocol.Tcp, segment)) Assert.Fail($"word {word:x}");
            Span<byte> field = segment.AsSpan(TcpHeader.ChecksumOffset, 2);
            ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(field);
            Assert.NotEqual(0xFFFF, checksum);
            if (checksum != 0) continue;
            zeros++;
            field.Fill(0xFF);
            Assert.True(InternetChecksum.Verify(source, destination, IpProtocol.Tcp, segment));
        }
        Assert.Equal(1, zeros);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc9293", "MUST-3")]
    public void A_flipped_bit_never_verifies(bool v6)
    {
        InternetAddress source = v6 ? Packets.A6 : Packets.A4, destination = v6 ? Packets.B6 : Packets.B4;
        byte[] segment = Packets.TcpSegment(v6, text: 33);
        for (int bit = 0; bit < segment.Length * 8; bit++)
        {
            segment[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.False(InternetChecksum.Verify(source, destination, IpProtocol.Tcp, segment));
            segment[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
        Assert.False(InternetChecksum.Verify(source, destination, IpProtocol.Udp, segment));
        Assert.False(InternetChecksum.Verify(source, source, IpProtocol.Tcp, segment));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_pseudo_header_sums_as_it_would_lie_in_memory(bool v6)
    {
        InternetAddress source = v6 ? Packets.A6 : Packets.A4, destination = v6 ? Packets.B6 : Packets.B4;
        foreach (int length in (int[])[0, 20, 1480, 65535, 70000])
        {
            if (!v6 && length > ushort.MaxValue) continue;
            var octets = new byte[40];
            int at = source.WriteTo(octets);
            at += destination.WriteTo(octets.AsSpan(at));
            BinaryPrimitives.WriteInt32BigEndian(octets.AsSpan(at), length);
            octets[at + 7] = IpProtocol.Tcp;
            Assert.Equal(
                PlainChecksum(octets.AsSpan(0, at + 8)),
                InternetChecksum.Finish(InternetChecksum.PseudoHeader(source, destination, IpProtocol.Tcp, length)));
        }
    }
}
