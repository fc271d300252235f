using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>RFC 8985 7: tail loss probes. SRTT is 100 ms and the RTO 300 ms.</summary>
[Trait("Rfc9293", "MUST-18")]
public sealed class TailLossProbeTests
{
    private static readonly TcpProfile Linux = TcpProfile.Linux;

    [Fact]
    [Trait("Rfc", "8985 7.2")]
    public void After_two_round_trips_the_last_segment_goes_again()
    {
        Given given = Open(Linux).Writes(4 * Mss).SendsSegments(0, 4);
        Assert.Equal(TcpTimerKind.LossProbe, given.Status().NextTimer);
        given.After(201).SendsNothing().After(2).SendsSegments(3).SendsNothing();
        Assert.Equal((1L, 0, 0), (given.Stack.Counters.TailLossProbes, given.Status().RetransmittedSegments, given.Status().LostSegments));

        // RFC 8985 7.3: the RTO counts from the probe, and there is one probe a time.
        given.After(298).SendsNothing().After(3).SendsSegments(0).SendsNothing();
        Assert.Equal((1L, 1L), (given.Stack.Counters.TailLossProbes, given.Stack.Counters.RetransmissionTimeouts));
    }

    [Fact]
    [Trait("Rfc", "8985 7.2")]
    public void A_single_segment_is_given_time_for_a_delayed_ACK()
    {
        Given given = Open(Linux).Writes(Mss).SendsSegments(0);
        given.After(299).SendsNothing().After(2).SendsSegments(0).SendsNothing(); // 2 * 100 + 200 would be beyond the RTO
        Assert.Equal((1L, 0L), (given.Stack.Counters.TailLossProbes, given.Stack.Counters.RetransmissionTimeouts));
    }

    [Fact]
    [Trait("Rfc", "8985 7.3")]
    public void New_data_is_the_better_probe_though_the_window_is_full()
    {
        Given given = Open(Linux).Writes(12 * Mss).SendsSegments(0, 10).SendsNothing();
        given.After(203).SendsSegments(10).SendsNothing();
        Assert.Equal(0, given.Status().RetransmittedSegments);
    }

    [Fact]
    [Trait("Rfc", "8985 7.1")]
    public void The_SACK_of_a_probe_starts_fast_recovery_long_before_the_timer()
    {
        Given given = Open(Linux).Writes(10 * Mss).SendsSegments(0, 10).After(RoundTrip).Receives(Ack(5)).SendsNothing();
        given.After(203).SendsSegments(9).After(RoundTrip).Receives(Ack(5, (9, 10))).SendsSegments(5);
        Assert.Equal((1L, 0L), (given.Stack.Counters.FastRecoveries, given.Stack.Counters.RetransmissionTimeouts));
    }

    [Fact]
    [Trait("Rfc", "8985 7.4.2")]
    public void If_the_probe_mended_a_loss_that_nothing_else_told_of_the_window_is_reduced()
    {
        Given given = Open(Linux).Writes(4 * Mss).SendsSegments(0, 4).After(RoundTrip).Receives(Ack(3));
        given.After(400).SendsSegments(3).After(RoundTrip).Receives(Ack(4));
        int before = given.Window();
        given.Writes(Mss).SendsSegments(4).After(RoundTrip).Receives(Ack(5));
        Assert.Equal(before * 7 / 10, given.Window());
    }

    [Fact]
    [Trait("Rfc", "8985 7.4.2")]
    public void If_a_DSACK_says_that_both_arrived_it_is_not()
    {
        Given given = Open(Linux).Writes(4 * Mss).SendsSegments(0, 4).After(RoundTrip).Receives(Ack(3));
        given.After(400).SendsSegments(3).Receives(Ack(4));
        int before = given.Window();
        given.Receives($". seq 1 ack {At(4)} <sack {At(3)}:{At(4)}>");
        given.Writes(Mss).SendsSegments(4).After(RoundTrip).Receives(Ack(5));
        Assert.True(given.Window() >= before);
    }

    [Fact]
    [Trait("Rfc", "8985 7.3")]
    public void A_FIN_alone_is_probed_too()
    {
        Given given = Open(Linux).ShutsDown().Sends("F. seq 1");
        given.After(299).SendsNothing().After(2).Sends("F. seq 1").SendsNothing();
        Assert.Equal(1, given.Stack.Counters.TailLossProbes);
    }

    [Fact]
    [Trait("Rfc", "8985 7.2")]
    public void Without_SACK_and_behind_a_closed_window_there_is_none()
    {
        Open(Linux, "mss 1000").Writes(4 * Mss).SendsSegments(0, 4).After(299).SendsNothing().After(2).SendsSegments(0)
            .And(g => Assert.Equal(0, g.Stack.Counters.TailLossProbes));
        Open(Linux).Writes(4 * Mss).SendsSegments(0, 4).Receives($". seq 1 ack {At(1)} win 0").After(5_000)
            .And(g => Assert.Equal(0, g.Stack.Counters.TailLossProbes));
    }

    [Fact]
    [Trait("Rfc", "6298 5.1")]
    public void The_rfc_profile_knows_the_timer_alone() => Open(TcpProfile.Rfc).Writes(4 * Mss).SendsSegments(0, 4)
        .After(999).SendsNothing().After(2).SendsSegments(0).SendsNothing();
}
