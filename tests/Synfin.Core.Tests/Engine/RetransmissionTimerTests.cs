using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>RFC 6298, rule by rule. In the Rfc profile the RTO is 1 s as long as round trips are short.</summary>
[Trait("Rfc9293", "MUST-18")]
public sealed class RetransmissionTimerTests
{
    private static readonly StackOptions Rfc = new() { Profile = TcpProfile.Rfc };
    private static readonly TcpConnectionOptions NoDelay = new() { NoDelay = true };

    private static Duration Ms(double milliseconds) => new((long)(milliseconds * 1e6));

    private static Given Rto(Given given, double milliseconds)
    {
        Assert.Equal(Ms(milliseconds), given.Connection.Status().RetransmissionTimeout);
        return given;
    }

    [Fact]
    [Trait("Rfc", "6298 5.1")]
    public void Its_status_names_the_timer_that_fires_next()
    {
        Given given = Given.Established(Rfc);
        Assert.Null(given.Connection.Status().NextTimer);
        given.Writes(10).Sends("P. seq 1 len 10");
        Assert.Equal(TcpTimerKind.Retransmit, given.Connection.Status().NextTimer);
        given.Receives(". seq 1 ack 11 win 0");
        Assert.Null(given.Connection.Status().NextTimer);
        given.Writes(10).SendsNothing();
        Assert.Equal(TcpTimerKind.Persist, given.Connection.Status().NextTimer);
    }

    [Fact]
    [Trait("Rfc", "6298 2.1")]
    [Trait("Clause", "RFC6298-1")]
    public void Before_the_first_sample_the_RTO_is_one_second() => Given.SynSent(Rfc).Sends("SEW seq 0").After(999).SendsNothing().After(2)
        .Sends("S seq 0");

    [Fact]
    [Trait("Rfc", "6298 2.2")]
    [Trait("Rfc", "6298 2.3")]
    [Trait("Clause", "RFC6298-7")]
    public void The_first_sample_gives_three_times_itself_and_steady_ones_shrink_the_variation()
    {
        // R = 400: SRTT 400, RTTVAR 200, RTO 400 + 4 * 200.
        Given given = Given.SynSent(Rfc).Sends("SEW seq 0").After(400).Receives("S. seq 0 ack 1 <mss 1460>").Sends(". ack 1");
        Rto(given, 1_200);
        // R' = 400: RTTVAR 150, RTO 1,000. R' = 800: RTTVAR 3/4 * 150 + 1/4 * 400 = 212.5, SRTT 7/8 * 400 + 1/8 * 800 = 450.
        Rto(given.Writes(10).Sends("P. seq 1 len 10").After(400).Receives(". seq 1 ack 11"), 1_000);
        Rto(given.Writes(10).Sends("P. seq 11 len 10").After(800).Receives(". seq 1 ack 21"), 1_300);
        given.Writes(10).Sends("P. seq 21 len 10").After(1_299).SendsNothing().After(2).Sends("P. seq 21 len 10");
    }

    [Fact]
    [Trait("Rfc", "6298 2.4")]
    [Trait("Clause", "RFC6298-4")]
    public void An_RTO_under_one_second_is_rounded_up_to_it() =>
        Rto(Given.Established(Rfc).Writes(10).Sends("P. seq 1 len 10").After(20).Receives(". seq 1 ack 11"), 1_000);

    [Fact]
    [Trait("Rfc", "6298 2.5")]
    [Trait("Rfc", "6298 5.5")]
    [Trait("Rfc9293", "MUST-19")]
    [Trait("Rfc9293", "SHLD-11")]
    [Trait("Rfc9293", "MUST-20")]
    public void Waits_double_up_to_the_maximum_and_R2_ends_the_connection()
    {
        Given given = Given.Established(Rfc).Writes(10).Sends("P. seq 1 len 10");
        foreach (int seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 128, 128, 128, 128, 128, 128, 128 })
            given.After(seconds * 1_000 - 1).SendsNothing().After(1).Sends("P. seq 1 len 10").SendsNothing();
        Assert.True(given.Now >= new Timestamp(100_000_000_000), "R2 is at least 100 s");
        given.After(127_999).Then(TcpState.Established).After(1).Then(TcpState.Closed).ReadFails(TcpError.TimedOut);
        Assert.Equal(CloseReason.RetransmissionTimeout, given.Connection.CloseReason);
        Assert.True(given.TakeSignals().HasFlag(TcpSignals.Ended));
    }

    [Fact]
    [Trait("Rfc", "6298 3")]
    [Trait("Rfc", "6298 5")]
    [Trait("Clause", "RFC6298-6")]
    public void Karn_a_retransmission_gives_no_sample_and_its_RTO_stays_until_new_data_is_acknowledged()
    {
        Given given = Given.Established(Rfc).Writes(10).Sends("P. seq 1 len 10").After(1_000).Sends("P. seq 1 len 10");
        given.After(500).Receives(". seq 1 ack 11");
        Assert.Equal(Duration.Zero, given.Connection.Status().SmoothedRoundTrip);
        Rto(given, 2_000);
        // RFC 9293 3.8.1: "keeping the backed-off value until a subsequent segment with new data has been sent and acknowledged".
        given.Writes(10).Sends("P. seq 11 len 10").After(1_999).SendsNothing().After(1).Sends("P. seq 11 len 10");
        Rto(given.Receives(". seq 1 ack 21"), 4_000);
        Rto(given.Writes(10).Sends("P. seq 21 len 10").Receives(". seq 1 ack 31"), 1_000);
    }

    [Fact]
    [Trait("Rfc", "6298 3")]
    [Trait("Rfc", "7323 4")]
    [Trait("Clause", "RFC6298-6")]
    [Trait("Clause", "RFC7323-9")]
    public void With_timestamps_a_retransmission_gives_a_sample()
    {
        Given given = Given.Established(Rfc, peerOptions: "mss 1460,TS val 1 ecr 0");
        given.Writes(10).Sends("P. seq 1 len 10").After(1_000).Sends("P. seq 1 len 10");
        given.After(400).Receives(". seq 1 ack 11 <TS val 1 ecr last>");
        Assert.Equal(Ms(50), given.Connection.Status().SmoothedRoundTrip); // 7/8 * 0 + 1/8 * 400
        Rto(given, 1_000);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(1_000L)]
    [InlineData(2_000_000_000L)]
    [InlineData(-2L)]
    [InlineData(-100_000L)]
    [Trait("Threat", "11")]
    public void An_echo_from_the_future_or_of_long_ago_is_no_sample(long ahead)
    {
        Given given = Given.Established(Rfc, peerOptions: "mss 1460,TS val 1 ecr 0");
        given.After(10_000).Writes(10).Sends("P. seq 1 len 10").After(1_000).Sends("P. seq 1 len 10");
        uint value = SegmentScript.Read(given.LastSent).Options.TimestampValue;
        uint echo = ahead == 0 ? 0 : (uint)(value + (ahead < 0 ? ahead * 1_000 : ahead + 1));
        given.After(1).Receives($". seq 1 ack 11 <TS val 1 ecr {echo}>");
        Assert.Equal(Duration.Zero, given.Connection.Status().SmoothedRoundTrip);
        Assert.True(given.Connection.Status().RetransmissionTimeout >= Ms(1_000));
    }

    [Fact]
    [Trait("Rfc", "6298 4")]
    [Trait("Clause", "RFC6298-8")]
    public void The_clock_is_finer_than_a_millisecond()
    {
        Given given = Given.Established().Writes(10).Sends("P. seq 1 len 10").After(0.8).Receives(". seq 1 ack 11");
        Assert.Equal(Ms(0.1), given.Connection.Status().SmoothedRoundTrip);
    }

    [Fact]
    [Trait("Rfc", "6298 5.1")]
    [Trait("Clause", "RFC6298-9")]
    public void A_second_segment_does_not_restart_the_timer() => Given.Established(Rfc, NoDelay)
        .Writes(10).Sends("P. seq 1 len 10").After(600).Writes(10).Sends("P. seq 11 len 10")
        .After(399).SendsNothing().After(2).Sends("P. seq 1 len 20");

    [Fact]
    [Trait("Rfc", "6298 5.2")]
    [Trait("Clause", "RFC6298-10")]
    public void When_all_is_acknowledged_the_timer_is_off() => Given.Established(Rfc)
        .Writes(10).Sends("P. seq 1 len 10").After(10).Receives(". seq 1 ack 11").After(10_000_000).SendsNothing()
        .And(g => Assert.Equal(Timestamp.Never, g.Stack.NextDeadline));

    [Fact]
    [Trait("Rfc", "6298 5.3")]
    [Trait("Clause", "RFC6298-11")]
    public void An_ACK_of_new_data_restarts_the_timer() => Given.Established(Rfc, NoDelay)
        .Writes(10).Sends("P. seq 1 len 10").Writes(10).Sends("P. seq 11 len 10")
        .After(900).Receives(". seq 1 ack 11")
        .After(999).SendsNothing().After(2_000).Sends("P. seq 11 len 10");

    [Fact]
    [Trait("Rfc", "6298 5.4")]
    [Trait("Rfc", "6298 5.6")]
    [Trait("Clause", "RFC6298-12")]
    [Trait("Clause", "RFC6298-14")]
    public void The_earliest_segment_alone_goes_out_and_the_timer_starts_again() => Given.Established(Rfc)
        .Writes(3 * 1460).SendsFull(1, 3)
        .After(1_000).SendsFull(1, 1).SendsNothing()
        .After(1_999).SendsNothing().After(1).SendsFull(1, 1).SendsNothing();

    [Fact]
    [Trait("Rfc", "6298 5.7")]
    [Trait("Clause", "RFC6298-15")]
    public void After_the_loss_of_a_SYN_the_RTO_is_three_seconds() => Given.SynSent(Rfc).Sends("SEW seq 0").After(1_000).Sends("S seq 0")
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends(". ack 1")
        .Writes(10).Sends("P. seq 1 len 10").After(2_999).SendsNothing().After(1).Sends("P. seq 1 len 10");

    [Fact]
    [Trait("Rfc9293", "MUST-22")]
    [Trait("Rfc9293", "MUST-23")]
    [Trait("Subject", "9")]
    public void A_SYN_is_sent_eight_times_and_given_up_after_255_seconds()
    {
        Given given = Given.SynSent().Sends("S seq 0");
        for (int seconds = 1; seconds < 128; seconds *= 2)
            given.After(seconds * 1_000 - 1).SendsNothing().After(1).Sends("S seq 0");
        Assert.True(given.TakeSignals().HasFlag(TcpSignals.SoftError), "R1 is reported for a SYN too");
        given.After(127_999).Then(TcpState.SynSent).After(1).Then(TcpState.Closed).SendsNothing().ReadFails(TcpError.TimedOut);
        Assert.True(given.Now >= new Timestamp(180_000_000_000));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-20")]
    [Trait("Rfc9293", "SHLD-9")]
    [Trait("Rfc9293", "SHLD-10")]
    public void R1_is_the_third_retransmission_and_is_reported_once()
    {
        Given given = Given.Established(Rfc).Writes(10).Sends("P. seq 1 len 10").And(g => g.TakeSignals());
        given.After(3_000).Signalled(TcpSignals.None).After(4_000).Signalled(TcpSignals.SoftError);
        Assert.Equal(TcpError.TimedOut, given.Connection.Status().SoftError);
        given.After(8_000).Signalled(TcpSignals.None).Receives(". seq 1 ack 11");
        Assert.Equal(TcpError.None, given.Connection.Status().SoftError);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-21")]
    [Trait("Rfc", "5482")]
    [Trait("Clause", "RFC5482-1")]
    public void The_user_timeout_ends_the_connection_when_data_was_unacknowledged_for_so_long() =>
        Given.Established(Rfc, new TcpConnectionOptions { UserTimeout = Duration.FromSeconds(5) })
            .After(60_000).Writes(10).Sends("P. seq 1 len 10").After(2_000).Receives(". seq 1 ack 6").Ignoring()
            .After(4_999).Then(TcpState.Established).After(1).Then(TcpState.Closed).ReadFails(TcpError.TimedOut);

    [Fact]
    [Trait("Rfc9293", "MUST-21")]
    [Trait("Rfc", "5482")]
    [Trait("Clause", "RFC5482-2")]
    public void The_user_timeout_can_be_longer_than_R2_changed_on_the_way_or_infinite()
    {
        var options = new TcpConnectionOptions { UserTimeout = Duration.Infinite };
        Given given = Given.Established(Rfc, options).Writes(10).After(10_000_000).Then(TcpState.Established);
        given.Ignoring().Sets(o => o with { UserTimeout = Duration.FromSeconds(10_010) }).After(9_000).Then(TcpState.Established);
        given.After(2_000).Then(TcpState.Closed);
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-11")]
    public void The_data_of_an_orphan_is_retransmitted_eight_times()
    {
        Given given = Given.Established().Writes(10).Sends("P. seq 1 len 10").Closes().Sends("F. seq 11");
        for (int i = 0, wait = 200; i < 8; i++, wait *= 2) given.After(wait).Sends("FP. seq 1 len 10").SendsNothing();
        given.After(51_199).Then(TcpState.FinWait1).After(2).Then(TcpState.Closed);
        Assert.True(given.Now >= new Timestamp(100_000_000_000));
        Assert.Equal((0, 0), (given.Stack.OrphanCount, given.Stack.PagesInUse));
    }
}
