using System.Numerics;
using System.Runtime.CompilerServices;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Tcp;

[Trait("Rfc9293", "MUST-18")]
public sealed class RttEstimatorTests
{
    private static readonly TcpProfile Profile = TcpProfile.Default;

    private static Duration Ms(double milliseconds) => new((long)(milliseconds * 1e6));

    [Fact]
    public void It_takes_40_octets()
    {
        Assert.Equal(40, Unsafe.SizeOf<RttEstimator>());
    }

    [Fact]
    [Trait("Rfc", "6298 2.1")]
    public void Before_the_first_sample_the_RTO_is_the_initial_one()
    {
        var rtt = new RttEstimator(Profile);
        Assert.False(rtt.HasSample);
        Assert.Equal(Duration.FromSeconds(1), rtt.Rto);
    }

    [Fact]
    [Trait("Rfc", "6298 2.2")]
    [Trait("Rfc", "6298 2.3")]
    [Trait("Clause", "RFC6298-2")]
    [Trait("Clause", "RFC6298-3")]
    public void Worked_numbers_of_three_samples()
    {
        var rtt = new RttEstimator(Profile);

        rtt.Sample(Ms(100), Profile);
        Assert.Equal((Ms(100), Ms(50), Ms(300)), (rtt.Srtt, rtt.Rttvar, rtt.Rto));

        // RTTVAR = 3/4 * 50 + 1/4 * |100 - 180|, SRTT = 7/8 * 100 + 1/8 * 180
        rtt.Sample(Ms(180), Profile);
        Assert.Equal((Ms(110), Ms(57.5), Ms(340)), (rtt.Srtt, rtt.Rttvar, rtt.Rto));

        // RTTVAR = 3/4 * 57.5 + 1/4 * |110 - 30|, SRTT = 7/8 * 110 + 1/8 * 30
        rtt.Sample(Ms(30), Profile);
        Assert.Equal((Ms(100), Ms(63.125), Ms(352.5)), (rtt.Srtt, rtt.Rttvar, rtt.Rto));
    }

    [Fact]
    [Trait("Rfc", "6298 2.4")]
    public void A_short_round_trip_has_the_minimum_RTO()
    {
        var rtt = new RttEstimator(Profile);
        rtt.Sample(Ms(10), Profile);
        Assert.Equal(Ms(200), rtt.Rto);

        var rfc = new RttEstimator(TcpProfile.Rfc);
        rfc.Sample(Ms(100), TcpProfile.Rfc);
        Assert.Equal(Duration.FromSeconds(1), rfc.Rto);
    }

    [Fact]
    [Trait("Rfc", "6298 2.5")]
    [Trait("Clause", "RFC6298-5")]
    public void The_maximum_holds_for_samples_and_for_back_off()
    {
        var rtt = new RttEstimator(Profile);
        rtt.Sample(Duration.FromSeconds(100), Profile);
        Assert.Equal(Profile.MaximumRto, rtt.Rto);
        rtt.BackOff(Profile);
        Assert.Equal(Profile.MaximumRto, rtt.Rto);
    }

    [Fact]
    public void The_variation_never_counts_less_than_the_clocks_grain()
    {
        var rtt = new RttEstimator(Profile);
        for (int i = 0; i < 200; i++) rtt.Sample(Ms(300), Profile);
        Assert.Equal(Ms(300), rtt.Srtt);
        Assert.Equal(Ms(301), rtt.Rto);
    }

    [Fact]
    public void The_minimum_on_the_variation_leaves_a_steady_path_time_for_a_delayed_ACK()
    {
        var rtt = new RttEstimator(TcpProfile.Linux, minimumOnVariation: true);
        rtt.Sample(Ms(10), TcpProfile.Linux);
        Assert.Equal(Ms(210), rtt.Rto);
        for (int i = 0; i < 200; i++) rtt.Sample(Ms(300), TcpProfile.Linux);
        Assert.InRange(Ms(500).Nanoseconds - rtt.Rto.Nanoseconds, 0, 8);
    }

    [Fact]
    public void A_round_trip_of_no_time_is_a_sample()
    {
        var rtt = new RttEstimator(Profile);
        rtt.Sample(Duration.Zero, Profile);
        Assert.True(rtt.HasSample);
        Assert.Equal((Duration.Zero, Ms(200)), (rtt.Srtt, rtt.Rto));

        // Not taken for the first one: RTTVAR = 1/4 * 80, SRTT = 1/8 * 80.
        rtt.Sample(Ms(80), Profile);
        Assert.Equal((Ms(10), Ms(20)), (rtt.Srtt, rtt.Rttvar));
    }

    [Fact]
    public void Samples_of_days_of_infinity_and_of_less_than_nothing_do_no_harm()
    {
        var rtt = new RttEstimator(Profile);
        rtt.Sample(Duration.FromSeconds(3 * 86_400), Profile);
        Assert.Equal(Duration.FromSeconds(3 * 86_400), rtt.Srtt);
        Assert.Equal(Profile.MaximumRto, rtt.Rto);
        for (int i = 0; i < 100; i++) rtt.Sample(Duration.Infinite, Profile);
        Assert.Equal(Profile.MaximumRto, rtt.Rto);
        Assert.True(rtt.Srtt > Duration.FromSeconds(400 * 86_400.0));

        rtt.Sample(new Duration(long.MinValue), Profile);
        for (int i = 0; i < 300; i++) rtt.Sample(Ms(-5), Profile);
        Assert.Equal(Ms(200), rtt.Rto);
    }

    [Fact]
    [Trait("Rfc", "6298 5.5")]
    [Trait("Rfc9293", "MUST-19")]
    [Trait("Clause", "RFC6298-13")]
    public void Each_time_out_doubles_the_RTO_and_a_sample_ends_it()
    {
        var rtt = new RttEstimator(Profile);
        rtt.Sample(Ms(100), Profile);
        foreach (double expected in new double[] { 600, 1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 76_800, 128_000, 128_000 })
        {
            rtt.BackOff(Profile);
            Assert.Equal(Ms(expected), rtt.Rto);
        }
        Assert.Equal(10, rtt.BackOffs);

        rtt.Sample(Ms(100), Profile);
        Assert.Equal(0, rtt.BackOffs);
        Assert.Equal(Ms(250), rtt.Rto);
    }

    [Fact]
    public void The_back_off_can_end_without_a_sample()
    {
        var rtt = new RttEstimator(Profile);
        rtt.Sample(Ms(100), Profile);
        for (int i = 0; i < 300; i++) rtt.BackOff(Profile);
        Assert.Equal(255, rtt.BackOffs);
        rtt.ResetBackOff(Profile);
        Assert.Equal((0, Ms(300)), (rtt.BackOffs, rtt.Rto));
    }

    [Fact]
    [Trait("Rfc", "6298 5.7")]
    public void After_the_loss_of_a_SYN_the_RTO_is_3_seconds_until_there_is_a_sample()
    {
        var rtt = new RttEstimator(Profile);
        rtt.BackOff(Profile);
        rtt.BackOff(Profile);
        Assert.Equal(Duration.FromSeconds(4), rtt.Rto);

        rtt.AfterSynLoss(Profile);
        Assert.Equal(Duration.FromSeconds(3), rtt.Rto);
        rtt.BackOff(Profile);
        Assert.Equal(Duration.FromSeconds(6), rtt.Rto);
        rtt.ResetBackOff(Profile);
        Assert.Equal(Duration.FromSeconds(3), rtt.Rto);

        rtt.Sample(Ms(100), Profile);
        Assert.Equal(Ms(300), rtt.Rto);
    }

    [Fact]
    public void A_sample_by_timestamps_is_better_than_the_3_seconds()
    {
        var rtt = new RttEstimator(Profile);
        rtt.BackOff(Profile);
        rtt.Sample(Ms(100), Profile);
        rtt.AfterSynLoss(Profile);
        Assert.Equal(Ms(300), rtt.Rto);
    }

    [Fact]
    [Trait("Rfc", "7323 G")]
    public void Many_samples_a_round_trip_count_less_each()
    {
        var rtt = new RttEstimator(Profile);
        rtt.Sample(Ms(100), Profile);

        // beta / 10 = 1/40, alpha / 10 = 1/80
        rtt.Sample(Ms(180), Profile, expectedSamples: 10);
        Assert.Equal((Ms(101), Ms(50.75)), (rtt.Srtt, rtt.Rttvar));
    }

    [Fact]
    public void It_stays_within_a_few_nanoseconds_of_exact_fractions()
    {
        var random = new Random(6298);
        var rtt = new RttEstimator(Profile);
        // Both in units of 2^-64 ns.
        BigInteger srtt = 0, rttvar = 0;
        for (int i = 0; i < 2_000; i++)
        {
            long sample = random.NextInt64(1_000_000_000);
            BigInteger r = (BigInteger)sample << 64;
            rttvar = i == 0 ? r / 2 : (3 * rttvar + BigInteger.Abs(srtt - r)) / 4;
            srtt = i == 0 ? r : (7 * srtt + r) / 8;
            rtt.Sample(new Duration(sample), Profile);

            Assert.InRange(rtt.Srtt.Nanoseconds - (long)(srtt >> 64), -8, 8);
            Assert.InRange(rtt.Rttvar.Nanoseconds - (long)(rttvar >> 64), -16, 16);
        }
    }
}
