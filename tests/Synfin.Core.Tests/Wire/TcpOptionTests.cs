using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class TcpOptionTests
{
    private static WireError Parse(ReadOnlySpan<byte> octets, out TcpOptions options)
    {
        options = default;
        options.SetMaximumSegmentSize(1); // what was there before must not show
        return TcpOptionParser.Parse(octets, ref options);
    }

    private static TcpOptions Parsed(params byte[] octets)
    {
        Assert.Equal(WireError.None, Parse(octets, out TcpOptions options));
        return options;
    }

    private static byte[] Written(in TcpOptions options)
    {
        var octets = new byte[TcpOptionWriter.MaxLength];
        int length = TcpOptionWriter.Write(octets, in options);
        Assert.Equal(TcpOptionWriter.Length(in options), length);
        Assert.Equal(0, length % 4);
        return octets[..length];
    }

    /// <summary>The lengths that RFCs allow an option of this kind; anything from 2 if the kind is not read here.</summary>
    private static bool IsLegal(int kind, int length) => kind switch
    {
        2 => length == 4,
        3 => length == 3,
        4 => length == 2,
        5 => length is 10 or 18 or 26 or 34,
        8 => length == 10,
        28 => length == 4,
        34 => length is 2 or 6 or 8 or 10 or 12 or 14 or 16 or 18,
        _ => length >= 2,
    };

    [Fact]
    [Trait("Rfc9293", "MUST-4")]
    [Trait("Rfc9293", "MUST-68")]
    public void No_option_and_padding_are_no_options()
    {
        Assert.Equal(TcpOptionKinds.None, Parsed().Present);
        Assert.Equal(TcpOptionKinds.None, Parsed(1, 1, 1, 1).Present);
        Assert.Equal(TcpOptionKinds.None, Parsed(0, 0, 0, 0).Present);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-69")]
    public void Nothing_counts_after_the_end_of_the_list() =>
        Assert.Equal(TcpOptionKinds.WindowScale, Parsed(3, 3, 7, 0, 2, 4, 5, 180).Present);

    [Fact]
    [Trait("Rfc9293", "MUST-6")]
    [Trait("Rfc9293", "MUST-7")]
    [Trait("Threat", "51")]
    public void Every_kind_with_every_length_is_read_or_skipped_or_refused()
    {
        for (int kind = 2; kind <= byte.MaxValue; kind++)
        {
            for (int length = 0; length <= byte.MaxValue; length++)
            {
                for (int room = 2; room <= 40; room++)
                {
                    var octets = new byte[room];
                    octets.AsSpan().Fill(1); // NOP, which is also a fine value
                    octets[0] = (byte)kind;
                    octets[1] = (byte)length;
                    WireError expected = length <= room && IsLegal(kind, length) ? WireError.None : WireError.BadOptionLength;
                    WireError error = Parse(octets, out TcpOptions options);
                    if (expected != error) Assert.Fail($"kind {kind} length {length} in {room} octets: {error}");
                    Assert.Equal(error == WireError.None, options.Present != TcpOptionKinds.None);
                }
            }
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-7")]
    [Trait("Threat", "51")]
    [Trait("Threat", "53")]
    public void A_kind_without_room_for_its_length_is_refused()
    {
        for (int kind = 2; kind <= byte.MaxValue; kind++)
        {
            Assert.Equal(WireError.BadOptionLength, Parse([1, 1, 1, (byte)kind], out TcpOptions options));
            Assert.Equal(TcpOptionKinds.None, options.Present);
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-7")]
    public void An_error_leaves_nothing_of_the_options_before_it()
    {
        Assert.Equal(WireError.BadOptionLength, Parse([2, 4, 5, 180, 3, 3, 7, 8, 10], out TcpOptions options));
        Assert.Equal(TcpOptionKinds.None, options.Present);
        Assert.Equal(0, options.MaximumSegmentSize);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-64")]
    public void Options_may_stand_at_any_octet()
    {
        byte[] all = [2, 4, 5, 180, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
        for (int nops = 0; nops <= 40 - all.Length; nops++)
        {
            byte[] octets = [.. Enumerable.Repeat((byte)1, nops), .. all];
            TcpOptions options = Parsed(octets);
            Assert.Equal(1460, options.MaximumSegmentSize);
            Assert.Equal(7, options.WindowScale);
            Assert.True(options.Has(TcpOptionKinds.SackPermitted));
            Assert.Equal((1u, 2u), (options.TimestampValue, options.TimestampEchoReply));
        }
    }

    [Fact]
    public void The_aligned_timestamps_are_read_as_any_other()
    {
        byte[] aligned = [1, 1, 8, 10, 0xFF, 0xFE, 0xFD, 0xFC, 1, 2, 3, 4];
        byte[] loose = [8, 10, 0xFF, 0xFE, 0xFD, 0xFC, 1, 2, 3, 4, 1, 1];
        foreach (byte[] octets in (byte[][])[aligned, loose])
        {
            TcpOptions options = Parsed(octets);
            Assert.Equal(TcpOptionKinds.Timestamps, options.Present);
            Assert.Equal(0xFFFE_FDFC, options.TimestampValue);
            Assert.Equal(0x0102_0304u, options.TimestampEchoReply);
        }
    }

    [Fact]
    public void Of_an_option_that_comes_twice_the_last_counts()
    {
        TcpOptions options = Parsed(2, 4, 0, 1, 2, 4, 5, 180, 3, 3, 1, 3, 3, 9);
        Assert.Equal(1460, options.MaximumSegmentSize);
        Assert.Equal(9, options.WindowScale);
        options = Parsed([5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 5, 10, 0, 0, 0, 5, 0, 0, 0, 6]);
        Assert.Equal(1, options.SackCount);
        Assert.Equal(new SackBlock(new SequenceNumber(5), new SequenceNumber(6)), options.SackBlocks[0]);
    }

    [Fact]
    [Trait("Rfc", "7323 2.3")]
    public void A_window_scale_beyond_14_is_kept_as_it_stands() => Assert.Equal(255, Parsed(3, 3, 255, 1).WindowScale);

    [Fact]
    public void Forty_octets_hold_four_SACK_blocks_and_no_fifth()
    {
        TcpOptions options = default;
        for (uint i = 0; i < 5; i++) options.AddSack(new SequenceNumber(i * 100), new SequenceNumber(i * 100 + 50));
        byte[] octets = Written(in options);
        Assert.Equal(36, octets.Length);
        TcpOptions read = Parsed(octets);
        Assert.Equal(4, read.SackCount);
        for (int i = 0; i < 4; i++) Assert.Equal(options.SackBlocks[i], read.SackBlocks[i]);
    }

    [Fact]
    [Trait("Rfc", "5482 3")]
    public void The_user_timeout_counts_minutes_or_seconds_and_zero_is_ignored()
    {
        Assert.Equal(300, Parsed(28, 4, 0x01, 0x2C).UserTimeoutSeconds);
        Assert.Equal(300 * 60, Parsed(28, 4, 0x81, 0x2C).UserTimeoutSeconds);
        Assert.Equal(0x7FFF * 60, Parsed(28, 4, 0xFF, 0xFF).UserTimeoutSeconds);
        Assert.False(Parsed(28, 4, 0, 0).Has(TcpOptionKinds.UserTimeout));
        Assert.False(Parsed(28, 4, 0x80, 0).Has(TcpOptionKinds.UserTimeout));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(32767, 32767)]
    [InlineData(32768, 32820)] // 547 minutes
    [InlineData(0x7FFF * 60, 0x7FFF * 60)]
    [InlineData(int.MaxValue, 0x7FFF * 60)]
    [InlineData(0, 1)]
    public void A_written_user_timeout_is_never_shorter_than_asked_for(int seconds, int read)
    {
        var options = new TcpOptions { Present = TcpOptionKinds.UserTimeout, UserTimeoutSeconds = seconds };
        Assert.Equal(read, Parsed(Written(in options)).UserTimeoutSeconds);
    }

    [Fact]
    [Trait("Rfc", "7413 4.1.1")]
    public void A_Fast_Open_cookie_of_each_length_comes_back()
    {
        foreach (byte length in (byte[])[0, 4, 6, 8, 10, 12, 14, 16])
        {
            var options = new TcpOptions { Present = TcpOptionKinds.FastOpen, FastOpenCookieLength = length };
            for (int i = 0; i < length; i++) options.FastOpenCookie[i] = (byte)(i + 1);
            TcpOptions read = Parsed(Written(in options));
            Assert.Equal(TcpOptionKinds.FastOpen, read.Present);
            Assert.Equal(length, read.FastOpenCookieLength);
            for (int i = 0; i < 16; i++) Assert.Equal(i < length ? i + 1 : 0, read.FastOpenCookie[i]);
        }
    }

    [Fact]
    public void Accurate_ECN_and_unknown_kinds_are_noted()
    {
        Assert.Equal(TcpOptionKinds.AccurateEcn, Parsed(172, 11, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1).Present);
        Assert.Equal(TcpOptionKinds.AccurateEcn, Parsed(174, 2, 1, 1).Present);
        Assert.Equal(TcpOptionKinds.Unknown | TcpOptionKinds.WindowScale, Parsed(253, 4, 0, 0, 3, 3, 1, 1).Present);
    }

    [Fact]
    public void A_SYN_is_laid_out_as_Linux_does()
    {
        TcpOptions options = default;
        options.SetMaximumSegmentSize(1460);
        options.SetWindowScale(7);
        options.Present |= TcpOptionKinds.SackPermitted;
        Assert.Equal([2, 4, 0x05, 0xB4, 1, 1, 4, 2, 1, 3, 3, 7], Written(in options));
        options.SetTimestamps(0x0A0B_0C0D, 0);
        Assert.Equal([2, 4, 0x05, 0xB4, 4, 2, 8, 10, 0x0A, 0x0B, 0x0C, 0x0D, 0, 0, 0, 0, 1, 3, 3, 7], Written(in options));
    }

    [Fact]
    public void A_data_segment_is_laid_out_as_Linux_does()
    {
        TcpOptions options = default;
        options.SetTimestamps(1, 2);
        Assert.Equal([1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2], Written(in options));
        for (uint i = 0; i < 4; i++) options.AddSack(new SequenceNumber(i), new SequenceNumber(i + 1));
        byte[] octets = Written(in options);
        Assert.Equal(40, octets.Length);
        Assert.Equal([1, 1, 5, 26, 0, 0, 0, 0, 0, 0, 0, 1], octets[12..24]); // three blocks beside the timestamps
    }

    [Fact]
    [Trait("Threat", "51")]
    public void Any_set_of_options_fits_forty_octets_and_comes_back()
    {
        for (int set = 0; set < 128; set++)
        {
            for (int blocks = 0; blocks <= 4; blocks++)
            {
                var options = new TcpOptions { Present = (TcpOptionKinds)set & ~TcpOptionKinds.Sack };
                if (options.Has(TcpOptionKinds.MaximumSegmentSize)) options.SetMaximumSegmentSize(536);
                if (options.Has(TcpOptionKinds.WindowScale)) options.SetWindowScale(14);
                if (options.Has(TcpOptionKinds.Timestamps)) options.SetTimestamps(uint.MaxValue, 1);
                if (options.Has(TcpOptionKinds.UserTimeout)) options.UserTimeoutSeconds = 90;
                if (options.Has(TcpOptionKinds.FastOpen)) options.FastOpenCookieLength = 8;
                if ((set & (int)TcpOptionKinds.Sack) != 0)
                {
                    for (uint i = 0; i < blocks; i++) options.AddSack(new SequenceNumber(i), new SequenceNumber(i + 9));
                }
                TcpOptions read = Parsed(Written(in options));
                const TcpOptionKinds MayNotFit = TcpOptionKinds.FastOpen | TcpOptionKinds.Sack;
                Assert.Equal(options.Present & ~MayNotFit, read.Present & ~MayNotFit);
                Assert.Equal(options.MaximumSegmentSize, read.MaximumSegmentSize);
                Assert.Equal(options.WindowScale, read.WindowScale);
                Assert.Equal(options.TimestampValue, read.TimestampValue);
                Assert.Equal(options.UserTimeoutSeconds, read.UserTimeoutSeconds);
                Assert.InRange(read.SackCount, options.SackCount == 0 ? 0 : 1, options.SackCount);
            }
        }
    }

    [Fact]
    [Trait("Threat", "51")]
    [Trait("Threat", "52")]
    public void Arbitrary_octets_end_in_options_or_in_an_error()
    {
        byte[] kinds = [0, 1, 2, 3, 4, 5, 8, 28, 34, 172, 253];
        var random = new TestOctets(8);
        int good = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] octets = random.Take(random.Below(41));
            for (int i = 0; i < octets.Length; i++)
            {
                if (random.Below(3) != 0) octets[i] = kinds[random.Below(kinds.Length)];
            }
            if (Parse(octets, out TcpOptions options) != WireError.None) continue;
            good++;
            Assert.InRange(options.SackCount, 0, TcpOptions.MaxSackBlocks);
            Assert.InRange(options.FastOpenCookieLength, 0, 16);
            Assert.Equal(WireError.None, Parse(Written(in options), out _));
        }
        Assert.True(good > 1000);
    }
}
