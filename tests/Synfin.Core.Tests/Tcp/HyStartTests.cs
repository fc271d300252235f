using Synfin.Tcp.CongestionControl;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

/// <summary>HyStart++ (RFC 9406) and Linux's HyStart, fed with rounds of ACKs.</summary>
public sealed class HyStartTests
{
    private const int Mss = 1000;

    private uint _una;
    private double _now;

    private static Cubic Started(SlowStartExit exit, int segments = 20)
    {
        var cubic = new Cubic(exit, wholeSegments: exit is SlowStartExit.HyStart);
        cubic.Start(segments * Mss, Mss);
        return cubic;
    }

    /// <summary>A window's worth of segments is acknowledged one by one, each after that round trip, so far apart.</summary>
    private void Round(Cubic cubic, double roundTrip, double spacing = 3, int acks = 10)
    {
        uint end = _una + 1_000_000;
        for (int i = 1; i <= acks; i++)
        {
            _una = i == acks ? end : _una + Mss;
            _now += spacing;
            Duration length = new((long)(roundTrip * 1e6));
            cubic.Acknowledged(new AckSample(
                new Timestamp((long)(_now * 1e6)), Mss, Mss, length, length, length, true, false, new SequenceNumber(_una),
                new SequenceNumber(end + (i == acks ? 1_000_000u : 0))));
        }
    }

    [Fact]
    [Trait("Rfc", "9406 4.2")]
    public void While_the_round_trip_is_steady_slow_start_goes_on()
    {
        Cubic cubic = Started(SlowStartExit.HyStartPlusPlus);
        for (int i = 0; i < 20; i++) Round(cubic, 100 + i % 2);
        Assert.Equal((220 * Mss, int.MaxValue), (cubic.Window, cubic.SlowStartThreshold));
    }

    [Fact]
    [Trait("Rfc", "9406 4.2")]
    public void When_it_grows_by_an_eighth_five_rounds_follow_at_a_quarter_of_the_pace()
    {
        Cubic cubic = Started(SlowStartExit.HyStartPlusPlus);
        Round(cubic, 100);
        Round(cubic, 100);
        Assert.Equal(40 * Mss, cubic.Window);
        Round(cubic, 113); // 12.5 ms are the threshold; seen with the eighth sample
        Assert.Equal(48_500, cubic.Window); // eight at full pace, two at a quarter of it
        for (int i = 0; i < 3; i++) Round(cubic, 113);
        Assert.Equal((56_000, int.MaxValue), (cubic.Window, cubic.SlowStartThreshold));
        Round(cubic, 113); // the fifth, the round in which it began included
        Assert.InRange(cubic.SlowStartThreshold, 56_000, 58_500);
    }

    [Fact]
    [Trait("Rfc", "9406 4.2")]
    public void If_the_delay_was_passing_slow_start_takes_over_again()
    {
        Cubic cubic = Started(SlowStartExit.HyStartPlusPlus);
        Round(cubic, 100);
        Round(cubic, 100);
        Round(cubic, 115);
        Round(cubic, 101); // less than the baseline
        int before = cubic.Window;
        Round(cubic, 101);
        Assert.Equal((before + 10 * Mss, int.MaxValue), (cubic.Window, cubic.SlowStartThreshold));
    }

    [Fact]
    [Trait("Rfc", "9406 4.3")]
    public void An_ACK_of_many_segments_counts_as_eight()
    {
        Cubic cubic = Started(SlowStartExit.HyStartPlusPlus);
        cubic.Acknowledged(new AckSample(
            default, 20 * Mss, Mss, default, default, default, true, false, new SequenceNumber(1), new SequenceNumber(2)));
        Assert.Equal(28 * Mss, cubic.Window);
    }

    [Fact]
    public void Linux_ends_slow_start_at_once_when_the_delay_has_grown()
    {
        Cubic cubic = Started(SlowStartExit.HyStart);
        Round(cubic, 100);
        Round(cubic, 100);
        Assert.Equal(int.MaxValue, cubic.SlowStartThreshold);
        Round(cubic, 113);
        Assert.InRange(cubic.SlowStartThreshold, 45 * Mss, 50 * Mss);
        Assert.True(cubic.Window < 52 * Mss, "from there on it avoids congestion");
    }

    [Fact]
    public void Linux_ends_it_when_ACKs_come_in_a_train_of_half_a_round_trip()
    {
        Cubic cubic = Started(SlowStartExit.HyStart);
        Round(cubic, 100, spacing: 1.5, acks: 30);
        Assert.Equal(int.MaxValue, cubic.SlowStartThreshold);
        Round(cubic, 100, spacing: 1.5, acks: 40);
        Assert.NotEqual(int.MaxValue, cubic.SlowStartThreshold);
    }

    [Fact]
    public void Linux_lets_a_small_window_alone()
    {
        Cubic cubic = Started(SlowStartExit.HyStart, segments: 4);
        Round(cubic, 100, acks: 9);
        Round(cubic, 200, acks: 2);
        Assert.Equal(int.MaxValue, cubic.SlowStartThreshold);
    }
}
