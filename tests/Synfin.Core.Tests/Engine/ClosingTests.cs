using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Closing in order (RFC 9293 3.6): four segments, three, at once, by half.</summary>
public sealed class ClosingTests
{
    [Fact]
    [Trait("Subject", "11")]
    [Trait("Rfc9293", "MUST-13")]
    public void Four_segments_close_a_connection_that_we_close_first() => Given.Established()
        .ShutsDown().Sends("F. seq 1 ack 1").Then(TcpState.FinWait1)
        .Receives(". seq 1 ack 2").SendsNothing().Then(TcpState.FinWait2)
        .Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2").Then(TcpState.TimeWait).ReadsEnd()
        .And(g => Assert.Equal(CloseReason.LocalClose, g.Connection.CloseReason))
        .After(59_999).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed).SendsNothing();

    [Fact]
    [Trait("Subject", "11")]
    [Trait("Subject", "17")]
    [Trait("Rfc9293", "MUST-12")]
    public void Four_segments_close_a_connection_that_the_peer_closes_first() => Given.Established()
        .And(g => g.TakeSignals())
        .Receives("F. seq 1 ack 1").Sends(". seq 1 ack 2").Then(TcpState.CloseWait)
        .And(g => Assert.True(g.TakeSignals().HasFlag(TcpSignals.Readable))).ReadsEnd()
        .ShutsDown().Sends("F. seq 1 ack 2").Then(TcpState.LastAck)
        .Receives(". seq 2 ack 2").SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.Equal((CloseReason.RemoteClose, TcpError.None), (g.Connection.CloseReason, g.Connection.Error)))
        .And(g => Assert.Equal(0, g.Stack.ConnectionCount + g.Stack.TimeWaitCount + g.Stack.PagesInUse));

    [Fact]
    [Trait("Subject", "12")]
    public void Three_segments_do_if_the_ACK_and_the_FIN_ride_together() => Given.Established()
        .ShutsDown().Sends("F. seq 1 ack 1")
        .Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2").Then(TcpState.TimeWait).SendsNothing();

    [Fact]
    [Trait("Subject", "12")]
    public void Our_FIN_rides_with_our_ACK_if_the_application_closes_in_the_same_turn()
    {
        Given given = Given.Established();
        given.Stack.Input(SegmentScript.Build("F. seq 1 ack 1", given), default, given.Now);
        given.Closes().Sends("F. seq 1 ack 2").Then(TcpState.LastAck).SendsNothing();
    }

    [Fact]
    [Trait("Subject", "16")]
    public void FINs_that_cross_close_over_CLOSING() => Given.Established()
        .ShutsDown().Sends("F. seq 1 ack 1")
        .Receives("F. seq 1 ack 1").Sends(". seq 2 ack 2").Then(TcpState.Closing).ReadsEnd()
        .Receives(". seq 2 ack 2").SendsNothing().Then(TcpState.TimeWait)
        .And(g => Assert.Equal(CloseReason.SimultaneousClose, g.Connection.CloseReason))
        .After(60_001).Then(TcpState.Closed);

    [Fact]
    [Trait("Subject", "16")]
    public void In_CLOSING_our_lost_FIN_is_sent_again() => States.All["CLOSING"].Go()
        .After(201).Sends("F. seq 1 ack 2").Then(TcpState.Closing)
        .Receives("F. seq 1 ack 1").Sends(". seq 2 ack 2").Then(TcpState.Closing) // its FIN again: our ACK was lost
        .Receives(". seq 2 ack 2").Then(TcpState.TimeWait);

    [Fact]
    [Trait("Subject", "12")]
    [Trait("Subject", "13")]
    [Trait("Rfc9293", "MAY-1")]
    public void After_a_half_close_the_peer_goes_on_sending_for_as_long_as_it_likes() => Given.Established()
        .ShutsDown().Sends("F. seq 1 ack 1").Receives(". seq 1 ack 2").Then(TcpState.FinWait2)
        .After(86_400_000).Then(TcpState.FinWait2).SendsNothing()
        .Receives("P. seq 1 ack 2 len 100").Reads(100).After(40).Sends(". seq 2 ack 101")
        .Receives("F. seq 101 ack 2").Sends(". seq 2 ack 102").ReadsEnd().Then(TcpState.TimeWait);

    [Fact]
    [Trait("Subject", "12")]
    public void After_the_peers_half_close_we_go_on_sending() => Given.Established()
        .Receives("F. seq 1 ack 1").Sends(". seq 1 ack 2").ReadsEnd()
        .After(86_400_000).Then(TcpState.CloseWait).SendsNothing()
        .Writes(100).Sends("P. seq 1 ack 2 len 100").Receives(". seq 2 ack 101").SendsNothing()
        .ShutsDown().Sends("F. seq 101 ack 2").Receives(". seq 2 ack 102").Then(TcpState.Closed);

    [Fact]
    public void A_FIN_follows_all_text_that_was_written_before() => Given.Established(window: 1000)
        .Writes(1500).Sends(". seq 1 len 1000").ShutsDown().SendsNothing().Then(TcpState.FinWait1)
        .Receives(". seq 1 ack 1001 win 1000").Sends("FP. seq 1001 ack 1 len 500").SendsNothing()
        .Receives(". seq 1 ack 1501 win 1000").Then(TcpState.FinWait1)
        .Receives(". seq 1 ack 1502 win 1000").Then(TcpState.FinWait2);

    [Fact]
    [Trait("Subject", "14")]
    public void A_lost_FIN_is_sent_again_in_FIN_WAIT_1_and_LAST_ACK()
    {
        States.All["FIN-WAIT-1"].Go().After(199).SendsNothing().After(2).Sends("F. seq 1 ack 1").After(401).Sends("F. seq 1 ack 1")
            .Receives(". seq 1 ack 2").Then(TcpState.FinWait2).After(100_000).SendsNothing();
        States.All["LAST-ACK"].Go().After(199).SendsNothing().After(2).Sends("F. seq 1 ack 2").After(401).Sends("F. seq 1 ack 2")
            .Receives(". seq 2 ack 2").Then(TcpState.Closed).After(100_000).SendsNothing();
    }

    [Fact]
    [Trait("Subject", "14")]
    [Trait("Threat", "45")]
    public void The_last_ACK_is_lost_and_TIME_WAIT_makes_it_good()
    {
        var pair = new Pair();
        (TcpConnection a, TcpConnection b) = pair.Connect();
        a.Close(pair.Now);
        pair.Run(Duration.FromMilliseconds(1));
        int acks = 0;
        pair.Lose = (fromA, _, _) => fromA && acks++ == 0;
        b.Close(pair.Now);
        pair.Run(Duration.FromMilliseconds(100));
        Assert.Equal((TcpState.TimeWait, TcpState.LastAck), (a.State, b.State));
        pair.Run(Duration.FromSeconds(1));
        Assert.Equal((TcpState.TimeWait, TcpState.Closed), (a.State, b.State));
        Assert.Equal(CloseReason.RemoteClose, b.CloseReason);
    }

    [Fact]
    public void A_shutdown_in_SYN_SENT_waits_for_ESTABLISHED_and_for_what_was_written() => Given.SynSent().Sends("S seq 0")
        .Writes(10).ShutsDown().SendsNothing().Then(TcpState.SynSent)
        .And(g => Assert.Equal(TcpError.ConnectionClosing, g.Connection.Send("x"u8, g.Now, out _)))
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends("FP. seq 1 ack 1 len 10").Then(TcpState.FinWait1)
        .Receives(". seq 1 ack 12").Then(TcpState.FinWait2);

    [Fact]
    public void A_close_in_SYN_SENT_deletes_the_control_block() => Given.SynSent().Sends("S seq 0")
        .Writes(10).Closes().SendsNothing().Then(TcpState.Closed).After(100_000).SendsNothing()
        .And(g => Assert.Equal(0, g.Stack.ConnectionCount + g.Stack.PagesInUse))
        .Receives("S. seq 0 ack 1").Sends("R seq 1");

    [Fact]
    public void A_close_in_SYN_RECEIVED_queues_the_FIN_until_ESTABLISHED() => States.All["SYN-RECEIVED active"].Go()
        .Closes().SendsNothing().Then(TcpState.SynReceived)
        .Receives(". seq 1 ack 1").Sends("F. seq 1 ack 1").Then(TcpState.FinWait1)
        .Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2").Then(TcpState.TimeWait);

    [Fact]
    public void A_close_in_SYN_RECEIVED_goes_on_though_the_last_ACK_brings_the_peers_FIN() => States.All["SYN-RECEIVED active"].Go()
        .ShutsDown().SendsNothing()
        .Receives("F. seq 1 ack 1").Sends("F. seq 1 ack 2").Then(TcpState.Closing)
        .Receives(". seq 2 ack 2").Then(TcpState.TimeWait);

    [Theory]
    [InlineData("SYN-RECEIVED active", "R. seq 1 ack 1")]
    [InlineData("ESTABLISHED", "R. seq 1 ack 1")]
    [InlineData("FIN-WAIT-1", "R. seq 2 ack 1")]
    [InlineData("FIN-WAIT-2", "R. seq 2 ack 1")]
    [InlineData("CLOSE-WAIT", "R. seq 1 ack 2")]
    [InlineData("SYN-SENT", null)]
    [InlineData("CLOSING", null)]
    [InlineData("LAST-ACK", null)]
    [InlineData("TIME-WAIT", null)]
    [Trait("Rfc", "9293 3.10.5")]
    public void An_abort_resets_the_peer_where_it_may_still_wait_for_us(string name, string? reset)
    {
        Given given = States.All[name].Go().Aborts();
        if (reset is not null) given.Sends(reset);
        given.SendsNothing().Then(TcpState.Closed).After(100_000).SendsNothing();
        Assert.Equal(0, given.Stack.ConnectionCount + given.Stack.TimeWaitCount + given.Stack.OrphanCount + given.Stack.PagesInUse);
    }

    [Fact]
    public void An_abort_throws_away_what_was_written_and_what_was_not_read() => Given.Established(window: 100)
        .Writes(5000).Ignoring().Receives("P. seq 1 ack 1 len 10 win 100").Ignoring()
        .Aborts().Sends("R. seq 101 ack 11").SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.Equal((CloseReason.LocalAbort, 0), (g.Connection.CloseReason, g.Stack.PagesInUse)));

    [Fact]
    public void Linger_zero_resets_at_once() => Given
        .Established(window: 100, connection: new TcpConnectionOptions { Linger = Duration.Zero })
        .Writes(5000).Ignoring().Closes().Sends("R. seq 101 ack 1").SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.Equal((CloseReason.LocalAbort, 0), (g.Connection.CloseReason, g.Stack.PagesInUse)));

    [Fact]
    public void A_lingering_close_resets_when_its_time_is_over() => Given
        .Established(window: 100, connection: new TcpConnectionOptions { Linger = Duration.FromSeconds(5) })
        .Writes(500).Sends(". seq 1 len 100").Closes().Receives(". seq 1 ack 101 win 0").SendsNothing()
        .After(4_999).Ignoring().Then(TcpState.FinWait1).After(2).Then(TcpState.Closed).Sends("R. ack 1")
        .And(g => Assert.Equal(CloseReason.LingerTimeout, g.Connection.CloseReason));

    [Fact]
    public void A_lingering_close_that_is_done_in_time_is_a_close_like_any_other() => Given
        .Established(connection: new TcpConnectionOptions { Linger = Duration.FromSeconds(5) })
        .Writes(10).Sends("P. seq 1 len 10").Closes().Sends("F. seq 11 ack 1")
        .Receives(". seq 1 ack 12").Then(TcpState.FinWait2)
        .After(10_000).Then(TcpState.FinWait2).SendsNothing()
        .Receives("F. seq 1 ack 12").Sends(". seq 12 ack 2").Then(TcpState.TimeWait);
}
