using Synfin.Tcp.CongestionControl;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

/// <summary>RFC 9438 against numbers worked out by hand: C = 0.4, beta = 0.7, windows in segments of 1000 octets.</summary>
[Trait("Rfc9293", "MUST-19")]
public sealed class CubicTests
{
    private const int Mss = 1000;

    private static Timestamp At(double seconds) => new((long)(seconds * 1e9));

    private static Duration Ms(double milliseconds) => new((long)(milliseconds * 1e6));

    private static AckSample Sample(Timestamp now, int octets = Mss, double roundTrip = 100, bool limited = true) => new(
        now, octets, Mss, Ms(roundTrip), Ms(roundTrip), Ms(roundTrip), limited, AfterTimeout: false,
        new SequenceNumber(1), new SequenceNumber(2));

    private static Cubic Reduced(int segments, bool wholeSegments = false)
    {
        var cubic = new Cubic(SlowStartExit.Loss, wholeSegments);
        cubic.Start(segments * Mss, Mss);
        cubic.EnterRecovery(segments * Mss, Mss);
        return cubic;
    }

    [Fact]
    [Trait("Rfc", "9438 4.2")]
    public void The_curve_passes_through_the_reduced_window_and_W_max()
    {
        var epoch = new CubicEpoch();
        epoch.Reduced(100);
        epoch.Growth(70, 1, At(0), Duration.Zero);
        Assert.Equal(4.217163, epoch.K, 6); // cbrt((100 - 70) / 0.4)
        Assert.Equal(70, epoch.At(0), 6);
        Assert.Equal(100, epoch.At(epoch.K), 6);
        Assert.Equal(130, epoch.At(2 * epoch.K), 6);
        Assert.Equal(86.6808, epoch.At(1), 4); // 100 - 0.4 * 3.217163^3
    }

    [Fact]
    [Trait("Rfc", "9438 4.4")]
    public void An_ACK_moves_cwnd_towards_where_the_curve_is_a_round_trip_later()
    {
        var epoch = new CubicEpoch();
        epoch.Reduced(100);
        epoch.Growth(70, 1, At(0), Ms(100));
        // W_cubic(1.1) = 100 - 0.4 * 3.117163^3 = 87.8844; (87.8844 - 70) / 70.
        Assert.Equal(0.255492, epoch.Growth(70, 1, At(1), Ms(100)), 4);
        Assert.Equal(0.5, epoch.Growth(70, 1, At(60), Ms(100)), 6); // never more than half of cwnd a round trip (4.2: 1.5 * cwnd)
    }

    [Fact]
    [Trait("Rfc", "9438 4.3")]
    public void In_the_Reno_friendly_region_it_is_as_fast_as_Reno_at_that_reduction()
    {
        var epoch = new CubicEpoch();
        epoch.Reduced(10);
        double window = 7;
        Timestamp now = At(0);
        for (int i = 0; i < 70; i++)
        {
            now += Ms(1); // ten windows in 70 ms: the cube has not moved
            window += epoch.Growth(window, 1, now, Ms(7));
        }
        // Ten round trips at 3 * 0.3 / 1.7 = 0.529 segments each, a little fewer since the window grows meanwhile; over W_max it is 1.
        Assert.InRange(window, 7 + 8 * 0.529, 7 + 10 * 0.529 + 1.5);
    }

    [Fact]
    [Trait("Rfc", "9438 4.6")]
    public void A_loss_leaves_seven_tenths_of_what_was_in_flight()
    {
        Cubic cubic = Reduced(100);
        Assert.Equal((70_000, 70_000), (cubic.Window, cubic.SlowStartThreshold));
        cubic.EnterRecovery(30_000, Mss); // the application used less than cwnd
        Assert.Equal(21_000, cubic.SlowStartThreshold);
        Assert.Equal(2 * Mss, Reduced(2).SlowStartThreshold);
    }

    [Fact]
    [Trait("Rfc", "9438 4.6")]
    public void Linux_reduces_cwnd_by_whole_segments()
    {
        foreach ((int before, int after) in new[] { (10, 7), (11, 7), (12, 8), (100, 70), (3, 2), (2, 2) })
            Assert.Equal(after * Mss, Reduced(before, wholeSegments: true).SlowStartThreshold);
    }

    [Fact]
    [Trait("Rfc", "9438 4.7")]
    public void A_second_loss_below_the_first_makes_room_for_others()
    {
        var epoch = new CubicEpoch();
        epoch.Reduced(100);
        epoch.Reduced(80);
        Assert.Equal(68, epoch.WindowMax, 6); // 80 * (1 + 0.7) / 2
        epoch.Reduced(90);
        Assert.Equal(90, epoch.WindowMax, 6);
    }

    [Fact]
    [Trait("Rfc", "9438 4.8")]
    public void After_a_timeout_the_curve_begins_flat_at_its_own_window()
    {
        var epoch = new CubicEpoch();
        epoch.Reduced(100);
        epoch.TimedOut();
        epoch.Growth(50, 1, At(0), Duration.Zero);
        Assert.Equal((0, 50), (epoch.K, epoch.At(0)));
    }

    [Fact]
    [Trait("Rfc", "9438 4.9")]
    public void A_needless_reduction_is_undone()
    {
        Cubic cubic = Reduced(100);
        cubic.Undo(100 * Mss, int.MaxValue);
        Assert.Equal((100 * Mss, int.MaxValue), (cubic.Window, cubic.SlowStartThreshold));
    }

    [Fact]
    [Trait("Rfc", "9438 5.8")]
    public void Idle_time_does_not_count()
    {
        Cubic cubic = Reduced(100);
        Cubic busy = Reduced(100);
        cubic.Acknowledged(Sample(At(0)));
        busy.Acknowledged(Sample(At(0)));
        cubic.Resume(At(100), Duration.FromSeconds(100));
        cubic.Acknowledged(Sample(At(100.5), 10 * Mss));
        busy.Acknowledged(Sample(At(0.5), 10 * Mss));
        Assert.Equal(busy.Window, cubic.Window);
    }

    [Fact]
    [Trait("Rfc", "9438 4.2")]
    public void After_the_time_K_it_is_back_where_it_was()
    {
        Cubic cubic = Reduced(100);
        double now = 0;
        while (now < 4.217)
        {
            int window = cubic.Window;
            for (int octets = 0; octets < window; octets += 2 * Mss) cubic.Acknowledged(Sample(At(now += 0.2 / window * Mss), 2 * Mss));
        }
        Assert.InRange(cubic.Window, 98 * Mss, 102 * Mss);
    }

    [Fact]
    public void A_window_that_does_not_limit_does_not_grow()
    {
        Cubic cubic = Reduced(100);
        for (int i = 0; i < 1_000; i++) cubic.Acknowledged(Sample(At(i), limited: false));
        Assert.Equal(70 * Mss, cubic.Window);
    }

    [Theory]
    [InlineData(SlowStartExit.Loss, false)]
    [InlineData(SlowStartExit.HyStartPlusPlus, false)]
    [InlineData(SlowStartExit.HyStart, true)]
    [Trait("Threat", "17")]
    public void Whatever_the_clock_and_the_peer_do_the_window_stays_in_its_bounds(SlowStartExit exit, bool wholeSegments)
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var cubic = new Cubic(exit, wholeSegments);
            int mss = random.Next(2) == 0 ? 36 : 65_000;
            cubic.Start(random.Next(3) == 0 ? 1 << 30 : 10 * mss, mss);
            long now = 0;
            for (int i = 0; i < 2_000; i++)
            {
                now += random.Next(20) switch
                {
                    0 => 86_400_000_000_000L * random.Next(1, 1_000), // years of silence
                    1 => -random.Next(1_000_000_000), // a clock that steps back
                    _ => random.Next(50_000_000),
                };
                Step(cubic, random, mss, new Timestamp(Math.Clamp(now, 0, long.MaxValue / 4)));
                Assert.True(cubic.Window is > 0 and <= 1 << 30, $"seed {seed}, step {i}: cwnd {cubic.Window}");
                Assert.True(cubic.SlowStartThreshold >= 2 * mss, $"seed {seed}, step {i}: ssthresh {cubic.SlowStartThreshold}");
            }
        }
    }

    private static void Step(Cubic cubic, Random random, int mss, Timestamp now)
    {
        int flight = random.Next(cubic.Window);
        switch (random.Next(40))
        {
            case 0:
                cubic.EnterRecovery(flight, mss);
                break;
            case 1:
                cubic.TimedOut(flight, mss, random.Next(2) == 0);
                break;
            case 2:
                cubic.Undo(Math.Max(cubic.Window, flight + 1), int.MaxValue);
                break;
            case 3:
                cubic.Resume(now, Duration.FromSeconds(random.Next(1_000_000)));
                break;
            default:
                int octets = random.Next(4) == 0 ? random.Next(1 << 30) : random.Next(1, 10 * mss);
                Duration roundTrip = Duration.FromMicroseconds(random.Next(6) == 0 ? random.Next() * 1_000L : random.Next(100_000));
                var una = new SequenceNumber((uint)random.NextInt64(1L << 32));
                cubic.Acknowledged(new AckSample(
                    now, octets, mss, roundTrip, roundTrip, roundTrip, random.Next(4) != 0, random.Next(8) == 0, una, una + flight));
                break;
        }
    }
}
