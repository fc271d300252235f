using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>After CLOSE nobody is there to read: SHLD-3, FIN-WAIT-2's limit, orphans (RFC 9293 3.6.1).</summary>
public sealed class OrphanTests
{
    [Theory]
    [InlineData("P. seq 1 ack 1 len 10", "R seq 1")] // in FIN-WAIT-1; the peer has not seen the FIN and expects its number
    [InlineData("P. seq 1 ack 2 len 10", "R seq 2")] // in FIN-WAIT-2
    [InlineData("FP. seq 1 ack 2 len 10", "R seq 2")]
    [InlineData("P. seq 101 ack 2 len 10", "R seq 2")] // out of order
    [InlineData("F. seq 101 ack 2", "R seq 2")] // after text that is missing
    [Trait("Rfc9293", "SHLD-3")]
    [Trait("Rfc9293", "MAY-1")]
    public void Text_that_arrives_after_a_close_is_reset(string text, string reset) => Given.Established()
        .Closes().Sends("F. seq 1 ack 1")
        .Receives(text).Sends(reset).SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.Equal((CloseReason.LocalReset, 0), (g.Connection.CloseReason, g.Stack.OrphanCount)));

    [Fact]
    [Trait("Rfc9293", "SHLD-3")]
    public void Text_that_was_read_before_the_close_and_comes_again_is_acknowledged_and_not_reset() => Given.Established()
        .Receives("P. seq 1 ack 1 len 10").Reads(10).After(40).Sends(". ack 11")
        .Closes().Sends("F. seq 1 ack 11")
        .Receives("P. seq 1 ack 1 len 10").Sends(". seq 2 ack 11").Then(TcpState.FinWait1)
        .Receives("FP. seq 1 ack 2 len 10").Sends(". seq 2 ack 12").Then(TcpState.TimeWait); // nothing new but the FIN

    [Theory]
    [InlineData("P. seq 1 ack 1 len 10", "R. seq 1 ack 11")]
    [InlineData("FP. seq 1 ack 1 len 10", "R. seq 1 ack 12")]
    [Trait("Rfc9293", "SHLD-3")]
    [Trait("Rfc", "2525 2.17")]
    public void A_close_with_unread_text_resets_and_sends_no_FIN(string text, string reset) => Given.Established()
        .Receives(text).After(40).Ignoring().Writes(100).Ignoring()
        .Closes().Sends(reset.Replace("seq 1", "seq 101", StringComparison.Ordinal)).SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.Equal((CloseReason.LocalReset, 0), (g.Connection.CloseReason, g.Stack.PagesInUse)));

    [Fact]
    [Trait("Rfc9293", "SHLD-3")]
    public void A_close_after_all_was_read_sends_a_FIN() => Given.Established()
        .Receives("P. seq 1 ack 1 len 10").Reads(10).Closes().Sends("F. seq 1 ack 11").Then(TcpState.FinWait1);

    [Fact]
    [Trait("Threat", "45")]
    public void FIN_WAIT_2_of_an_orphan_ends_after_a_minute() => Given.Established()
        .Closes().Sends("F. seq 1 ack 1").Receives(". seq 1 ack 2").Then(TcpState.FinWait2)
        .After(59_999).Then(TcpState.FinWait2).After(2).Then(TcpState.Closed).SendsNothing()
        .And(g => Assert.Equal((CloseReason.FinWait2Timeout, 0), (g.Connection.CloseReason, g.Stack.OrphanCount + g.Stack.ConnectionCount)))
        .Receives("F. seq 1 ack 2").Sends("R seq 2"); // late: nobody knows it any more

    [Fact]
    [Trait("Threat", "45")]
    public void The_minute_starts_with_the_close_if_the_half_close_was_earlier() => Given.Established()
        .ShutsDown().Sends("F. seq 1 ack 1").Receives(". seq 1 ack 2")
        .After(500_000).Then(TcpState.FinWait2).Closes().SendsNothing()
        .After(59_999).Then(TcpState.FinWait2).After(2).Then(TcpState.Closed).SendsNothing();

    [Fact]
    [Trait("Threat", "45")]
    public void CLOSE_WAIT_lasts_until_the_application_closes_and_not_longer() => States.All["CLOSE-WAIT"].Go()
        .After(7 * 86_400_000.0).Then(TcpState.CloseWait).SendsNothing()
        .Closes().Sends("F. seq 1 ack 2").Then(TcpState.LastAck);

    [Theory]
    [InlineData("FIN-WAIT-1")]
    [InlineData("CLOSING")]
    [InlineData("LAST-ACK")]
    [Trait("Threat", "45")]
    public void An_orphan_that_nobody_acknowledges_gives_up_after_eight_retransmissions(string name)
    {
        Given given = States.All[name].Go().Closes();
        for (int i = 0; i < 8; i++) given.After(200 << i).After(1).Sends("F. seq 1").SendsNothing();
        given.After(200 << 8).After(1).Sends("R. seq 2").SendsNothing().Then(TcpState.Closed);
        Assert.Equal((CloseReason.RetransmissionTimeout, TcpError.TimedOut), (given.Connection.CloseReason, given.Connection.Error));
        Assert.Equal(0, given.Stack.ConnectionCount + given.Stack.OrphanCount + given.Stack.PagesInUse);
    }

    [Fact]
    [Trait("Threat", "45")]
    public void A_connection_whose_application_is_there_is_more_patient()
    {
        Given given = States.All["FIN-WAIT-1"].Go().After(120_000).Ignoring().Then(TcpState.FinWait1);
        given.Receives(". seq 1 ack 2").Then(TcpState.FinWait2);
    }

    [Fact]
    [Trait("Threat", "45")]
    public void Beyond_the_limit_of_orphans_a_close_resets()
    {
        Given given = Given.Listening(new StackOptions { MaxOrphans = 2 });
        for (ushort i = 0; i < 3; i++)
        {
            given.PeerPort = (ushort)(40_000 + i);
            given.Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts()
                .Closes().Sends(i < 2 ? "F. seq 1 ack 1" : "R. seq 1 ack 1").SendsNothing();
        }
        Assert.Equal((2, 1L), (given.Stack.OrphanCount, given.Stack.Counters.OrphansReset));
        Assert.Equal(CloseReason.ResourceLimit, given.Connection.CloseReason);
        given.PeerPort = 40_000;
        given.After(200_000).Ignoring();
        Assert.Equal(0, given.Stack.OrphanCount + given.Stack.ConnectionCount); // and there is room again
    }
}
