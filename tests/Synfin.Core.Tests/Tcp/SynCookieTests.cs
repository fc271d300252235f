using Synfin.Core.Tests.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

[Trait("Rfc", "4987 3.6")]
[Trait("Threat", "42")]
public sealed class SynCookieTests
{
    private static readonly SequenceNumber Irs = new(1_000_000);
    private static readonly Timestamp Start = Timestamp.Zero + Duration.FromSeconds(64 * 100);

    private readonly SynCookie _cookies = new(Tuples.Secret);
    private readonly FourTuple _tuple = Tuples.V4(7);

    [Theory]
    [InlineData(65535, 8960)]
    [InlineData(8960, 8960)]
    [InlineData(8959, 1460)]
    [InlineData(1460, 1460)]
    [InlineData(1452, 1440)]
    [InlineData(1440, 1440)]
    [InlineData(1439, 1400)]
    [InlineData(1380, 1360)]
    [InlineData(1220, 1200)]
    [InlineData(1199, 536)]
    [InlineData(536, 536)]
    [InlineData(535, 48)]
    [InlineData(48, 48)]
    [InlineData(0, 48)]
    public void The_mss_comes_back_as_the_largest_one_that_is_not_larger(int sent, int expected)
    {
        SequenceNumber cookie = _cookies.Create(in _tuple, Irs, sent, Start);
        Assert.True(_cookies.TryOpen(in _tuple, Irs, cookie, Start, out int mss));
        Assert.Equal(expected, mss);
    }

    [Fact]
    public void A_cookie_lives_for_64_to_128_seconds()
    {
        Timestamp late = Start + Duration.FromSeconds(63.9);
        SequenceNumber early = _cookies.Create(in _tuple, Irs, 1460, Start);
        SequenceNumber atTheEnd = _cookies.Create(in _tuple, Irs, 1460, late);
        Assert.Equal(early, atTheEnd);

        Assert.True(_cookies.TryOpen(in _tuple, Irs, early, Start + Duration.FromSeconds(127.9), out _));
        Assert.False(_cookies.TryOpen(in _tuple, Irs, early, Start + Duration.FromSeconds(128), out int mss));
        Assert.Equal(0, mss);
    }

    [Fact]
    public void A_cookie_is_not_good_again_when_the_time_counter_would_have_wrapped()
    {
        SequenceNumber cookie = _cookies.Create(in _tuple, Irs, 1460, Start);
        for (int periods = 2; periods <= 600; periods++)
        {
            Timestamp later = Start + SynCookie.Period * periods;
            FourTuple busy = Tuples.V4(periods);
            _cookies.Create(in busy, Irs, 1460, later);
            Assert.False(_cookies.TryOpen(in _tuple, Irs, cookie, later, out _));
        }
    }

    [Fact]
    public void A_cookie_is_good_for_its_connection_and_its_SYN_only()
    {
        SequenceNumber cookie = _cookies.Create(in _tuple, Irs, 1460, Start);
        FourTuple port = _tuple with { RemotePort = (ushort)(_tuple.RemotePort + 1) };
        FourTuple address = _tuple with { RemoteAddress = InternetAddress.FromIpv4(11, 0, 0, 99) };

        Assert.False(_cookies.TryOpen(in port, Irs, cookie, Start, out _));
        Assert.False(_cookies.TryOpen(in address, Irs, cookie, Start, out _));
        Assert.False(_cookies.TryOpen(in _tuple, Irs + 1, cookie, Start, out _));
        Assert.True(_cookies.TryOpen(in _tuple, Irs, cookie, Start, out _));
    }

    [Fact]
    public void Another_stacks_cookie_is_not_good()
    {
        var other = new SynCookie(Tuples.OtherSecret);
        SequenceNumber cookie = other.Create(in _tuple, Irs, 1460, Start);
        _cookies.Create(in _tuple, Irs, 1460, Start);
        Assert.False(_cookies.TryOpen(in _tuple, Irs, cookie, Start, out _));
    }

    [Fact]
    public void No_single_changed_bit_is_accepted()
    {
        SequenceNumber cookie = _cookies.Create(in _tuple, Irs, 1460, Start);
        for (int bit = 0; bit < 32; bit++)
        {
            Assert.False(_cookies.TryOpen(in _tuple, Irs, new SequenceNumber(cookie.Value ^ 1u << bit), Start, out _));
        }
    }

    [Fact]
    public void Of_300_000_guesses_none_is_accepted()
    {
        _cookies.Create(in _tuple, Irs, 1460, Start);
        var random = new Random(42);
        int accepted = 0;
        for (int i = 0; i < 300_000; i++)
        {
            if (_cookies.TryOpen(in _tuple, Irs, new SequenceNumber((uint)random.NextInt64(1L << 32)), Start, out _)) accepted++;
        }
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void Nothing_is_accepted_if_no_cookie_was_sent_recently()
    {
        var attacked = new SynCookie(Tuples.Secret);
        SequenceNumber cookie = attacked.Create(in _tuple, Irs, 1460, Start);

        Assert.False(_cookies.WasSentRecently(Start));
        Assert.False(_cookies.TryOpen(in _tuple, Irs, cookie, Start, out _));
        _cookies.Create(in _tuple, Irs, 536, Start);
        Assert.True(_cookies.WasSentRecently(Start + Duration.FromSeconds(127)));
        Assert.False(_cookies.WasSentRecently(Start + Duration.FromSeconds(128)));
        Assert.True(_cookies.TryOpen(in _tuple, Irs, cookie, Start, out _));
    }

    [Fact]
    public void The_options_come_back_from_the_timestamp()
    {
        for (uint now = 0xFFFF_FF00; now != 0x100; now++)
        {
            for (int scale = -1; scale <= 14; scale++)
            {
                TcpOptions peer = Options(scale, sack: scale % 2 == 0);
                uint value = SynCookie.EncodeTimestamp(now, in peer);
                Assert.InRange(unchecked(now - value), 0u, 63u);

                TcpOptions restored = default;
                restored.SetTimestamps(1, value);
                SynCookie.DecodeTimestamp(value, ref restored);
                Assert.Equal(peer.Present | TcpOptionKinds.Timestamps, restored.Present);
                if (scale >= 0) Assert.Equal(scale, restored.WindowScale);
            }
        }
    }

    [Fact]
    [Trait("Rfc", "7323 2.3")]
    public void A_window_scale_above_14_comes_back_as_14()
    {
        TcpOptions peer = Options(200, sack: true);
        TcpOptions restored = default;
        SynCookie.DecodeTimestamp(SynCookie.EncodeTimestamp(12_345, in peer), ref restored);
        Assert.Equal(14, restored.WindowScale);
    }

    [Fact]
    public void Options_of_the_ACK_itself_do_not_survive_the_timestamp()
    {
        TcpOptions none = default;
        TcpOptions restored = Options(9, sack: true);
        SynCookie.DecodeTimestamp(SynCookie.EncodeTimestamp(12_345, in none), ref restored);
        Assert.Equal(TcpOptionKinds.None, restored.Present);
    }

    private static TcpOptions Options(int scale, bool sack)
    {
        TcpOptions options = default;
        if (scale >= 0) options.SetWindowScale(scale);
        if (sack) options.Present |= TcpOptionKinds.SackPermitted;
        return options;
    }
}
