using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>RFC 8985: time tells what is lost.</summary>
[Trait("Rfc9293", "MUST-19")]
public sealed class RackTests
{
    private static readonly TcpProfile Linux = TcpProfile.Linux;

    public static TheoryData<string> Profiles => ["default", "linux"];

    private static TcpProfile Profile(string name) => name == "linux" ? TcpProfile.Linux : TcpProfile.Default;

    [Theory]
    [MemberData(nameof(Profiles))]
    [Trait("Rfc", "8985 6.2")]
    public void What_a_later_segment_passed_is_lost_after_a_quarter_of_the_round_trip(string profile)
    {
        Given given = Flight(Profile(profile)).Receives(Ack(0, (1, 2))).SendsNothing();
        Assert.Equal(CongestionState.Disorder, given.Status().CongestionState);
        given.After(24.9).SendsNothing().After(0.2).SendsSegments(0).SendsNothing();
        Assert.Equal(CongestionState.Recovery, given.Status().CongestionState);
        Assert.Equal((10, 1, 1, 1), (given.Status().UnackedSegments, given.Status().SackedSegments, given.Status().LostSegments,
            given.Status().RetransmittedSegments));
        given.After(75).Receives(Ack(10)).SendsNothing();
        Assert.Equal((CongestionState.Open, 7), (given.Status().CongestionState, given.Threshold()));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    [Trait("Rfc", "8985 6.2")]
    public void With_three_segments_sacked_it_does_not_wait_while_no_reordering_was_seen(string profile)
    {
        Given given = Flight(Profile(profile)).Receives(Ack(0, (1, 4))).SendsSegments(0).SendsNothing();
        Assert.Equal((1L, 7), (given.Stack.Counters.FastRecoveries, given.Threshold()));
    }

    [Fact]
    [Trait("Rfc", "8985 3.3")]
    public void The_last_segment_but_two_is_found_lost_without_three_duplicates() =>
        Open(Linux).Writes(3 * Mss).SendsSegments(0, 3).After(RoundTrip).Receives(Ack(1, (2, 3))).SendsNothing()
            .After(26).SendsSegments(1).SendsNothing().After(74).Receives(Ack(3)).SendsNothing()
            .And(g => Assert.Equal(0, g.Stack.Counters.RetransmissionTimeouts));

    [Fact]
    [Trait("Rfc", "8985 3.2")]
    public void A_retransmission_that_is_lost_too_is_sent_a_third_time_before_the_timer()
    {
        Given given = Flight(Linux, write: 30).Receives(Ack(0, (1, 4))).SendsSegments(0).SendsNothing();
        given.Receives(Ack(0, (1, 10))).SendsSegments(10, 6).SendsNothing();
        given.After(RoundTrip).Receives(Ack(0, (1, 16))).SendsSegments(0);
        Assert.Equal(0, given.Stack.Counters.RetransmissionTimeouts);
        given.Ignoring().After(RoundTrip).Receives(Ack(16)).Ignoring();
        Assert.Equal(CongestionState.Open, given.Status().CongestionState);
    }

    [Fact]
    [Trait("Rfc", "8985 6.2")]
    public void Mere_reordering_costs_nothing_and_is_remembered()
    {
        Given given = Flight(Linux, write: 10).Receives(Ack(0, (5, 6))).SendsNothing();
        given.After(20).Receives(Ack(6)).SendsNothing();
        Assert.Equal((6, CongestionState.Open), (given.Status().Reordering, given.Status().CongestionState));
        Assert.Equal((0L, 0L), (given.Stack.Counters.FastRecoveries, given.Status().TotalRetransmits));

        // From now on three segments are no proof: the window is a quarter of the round trip.
        given.Receives(Ack(10)).Writes(10 * Mss).Ignoring().After(RoundTrip).Receives(Ack(10, (11, 14))).Ignoring();
        Assert.Equal(0, given.Stack.Counters.FastRecoveries);
        given.After(26).SendsSegments(10);
    }

    [Fact]
    [Trait("Rfc", "8985 6.2")]
    public void A_DSACK_widens_the_reordering_window_by_another_quarter()
    {
        Given given = Flight(Linux).Receives(Ack(0, (5, 6))).After(20).Receives(Ack(10)).SendsNothing();
        given.Writes(10 * Mss).SendsSegments(10, 10).After(RoundTrip).Receives(Ack(10, (11, 12))).After(26).SendsSegments(10);
        given.After(5).Receives($". seq 1 ack {At(20)} <sack {At(10)}:{At(11)}>").SendsNothing(); // it was late, not lost
        Assert.Equal(1, given.Status().DsackDuplicates);
        given.After(1_000).Writes(7 * Mss).SendsSegments(20, 7).After(RoundTrip).Receives(Ack(20, (21, 22)));
        given.After(49).SendsNothing().After(2).SendsSegments(20);
    }

    [Fact]
    [Trait("Threat", "5")]
    [Trait("Rfc", "2018 8")]
    public void A_peer_that_reneges_gets_all_again()
    {
        Given given = Flight(Linux).Receives(Ack(0, (1, 10))).SendsSegments(0).SendsNothing();
        given.After(RoundTrip).Receives(Ack(1)).SendsNothing(); // SEG.ACK stands before what it had told that it has
        given.After(60).SendsSegments(1).After(RoundTrip).Receives(Ack(2)).Ignoring();
        for (int i = 3; i <= 10; i++) given.After(RoundTrip).Receives(Ack(i)).Ignoring();
        Assert.Equal((0, 0), (given.Connection.SendQueue, given.Status().UnackedSegments));
    }

    [Fact]
    [Trait("Cve", "2019-5599")]
    [Trait("Threat", "4")]
    public void Many_small_writes_and_scattered_SACKs_keep_the_scoreboard_within_its_limit()
    {
        var options = new StackOptions { Profile = Linux with { InitialWindowSegments = 300 }, MaxSentRanges = 64, MaxSackRanges = 16 };
        Given given = Given.Established(options, new TcpConnectionOptions { NoDelay = true }, "mss 1460,sackOK");
        for (int i = 0; i < 2_000; i++) given.Writes(8).After(0.01);
        for (int i = 0; i < 5_000; i++) given.Ignoring().Receives($". seq 1 ack 1 <sack {3 + 3 * i}:{4 + 3 * i}>");
        given.Ignoring().After(20_000).Ignoring().Receives(". seq 1 ack 16001"); // the invariants were checked after each
        Assert.Equal(0, given.Connection.SendQueue);
    }

    [Fact]
    [Trait("Threat", "9")]
    public void Ten_thousand_duplicates_without_news_change_nothing()
    {
        Given given = Flight(Linux, write: 40);
        for (int i = 0; i < 10_000; i++) given.Receives(Ack(0));
        given.SendsNothing();
        Assert.Equal((0L, 10), (given.Stack.Counters.FastRecoveries, given.Window()));
    }

    [Fact]
    [Trait("Threat", "9")]
    public void Without_SACK_ten_thousand_duplicates_are_one_recovery_and_raise_no_window()
    {
        Given given = Flight(Linux, write: 40, options: "mss 1000");
        for (int i = 0; i < 10_000; i++) given.Receives(Ack(0));
        Assert.Equal(1, given.Stack.Counters.FastRecoveries);
        Assert.True(given.Window() <= 12, "cwnd is bounded by what left the network");
        Assert.True(given.Status().SndNxt - given.Status().SndUna <= 40 * Mss);
    }

    [Fact]
    [Trait("Rfc", "8985 6.2")]
    public void The_least_round_trip_is_known()
    {
        Given given = Flight(Linux).After(50).Receives(Ack(10));
        Assert.Equal(Duration.FromMilliseconds(100), given.Status().MinimumRoundTrip);
        given.Writes(Mss).After(40).Receives(Ack(11));
        Assert.Equal(Duration.FromMilliseconds(40), given.Status().MinimumRoundTrip);
    }
}
