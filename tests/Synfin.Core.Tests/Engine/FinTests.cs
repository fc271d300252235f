using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The FIN has a number like any octet: it waits for what is missing, is cut off with what does not fit, comes again.</summary>
[Trait("Threat", "23")]
public sealed class FinTests
{
    [Fact]
    [Trait("Subject", "2")]
    public void A_FIN_with_text_takes_the_number_after_the_text() => Given.Established()
        .Receives("FP. seq 1 ack 1 len 10").Sends(". seq 1 ack 12").Then(TcpState.CloseWait).Reads(10).ReadsEnd();

    [Fact]
    public void A_FIN_out_of_order_waits_for_the_text_before_it() => Given.Established()
        .Receives("F. seq 11 ack 1").Sends(". seq 1 ack 1").Then(TcpState.Established).ReadFails(TcpError.WouldBlock)
        .Receives("P. seq 1 ack 1 len 10").Sends(". seq 1 ack 12").Then(TcpState.CloseWait).Reads(10).ReadsEnd();

    [Fact]
    public void A_FIN_and_its_text_out_of_order_wait_together() => Given.Established()
        .Receives("FP. seq 11 ack 1 len 5").Sends(". seq 1 ack 1").Then(TcpState.Established)
        .Receives(". seq 1 ack 1 len 10").Sends(". seq 1 ack 17").Then(TcpState.CloseWait).Reads(15).ReadsEnd();

    [Theory]
    [InlineData("FIN-WAIT-1", TcpState.Closing)]
    [InlineData("FIN-WAIT-2", TcpState.TimeWait)]
    public void A_FIN_out_of_order_after_our_own_waits_too(string name, TcpState end)
    {
        Reached at = States.All[name];
        at.Go().Receives($"F. seq 11 ack {at.SndUna}").Sends(". seq 2 ack 1").Then(at.State)
            .Receives($"P. seq 1 ack {at.SndUna} len 10").Sends(". seq 2 ack 12").Then(end).Reads(10).ReadsEnd();
    }

    [Fact]
    public void A_FIN_that_comes_again_is_acknowledged_each_time() => States.All["CLOSE-WAIT"].Go()
        .Receives("F. seq 1 ack 1").Sends(". seq 1 ack 2").Receives("F. seq 1 ack 1").Sends(". seq 1 ack 2").Then(TcpState.CloseWait);

    [Fact]
    public void A_FIN_that_comes_again_in_LAST_ACK_is_acknowledged() => States.All["LAST-ACK"].Go()
        .Receives("F. seq 1 ack 1").Sends(". seq 2 ack 2").Then(TcpState.LastAck);

    [Fact]
    public void A_FIN_that_comes_again_with_text_before_it_is_the_same_FIN() => Given.Established()
        .Receives("P. seq 1 ack 1 len 10").After(40).Sends(". ack 11").Receives("F. seq 11 ack 1").Sends(". ack 12")
        .Receives("FP. seq 1 ack 1 len 10").Sends(". seq 1 ack 12").Then(TcpState.CloseWait).Reads(10).ReadsEnd();

    [Theory]
    [InlineData("CLOSE-WAIT")]
    [InlineData("CLOSING")]
    [InlineData("LAST-ACK")]
    public void Text_after_the_FIN_is_ignored(string name)
    {
        Reached at = States.All[name];
        Given given = at.Go().Receives($"P. seq {at.RcvNxt} ack {at.SndUna} len 10").Then(at.State).Ignoring().ReadsEnd();
        Assert.Equal(at.RcvNxt, given.Connection.Status().RcvNxt - given.PeerIsn);
    }

    [Fact]
    public void Text_beyond_a_FIN_that_waits_is_cut_off() => Given.Established()
        .Receives("F. seq 11 ack 1").Sends(". ack 1")
        .Receives("P. seq 1 ack 1 len 20").Sends(". seq 1 ack 12").Then(TcpState.CloseWait).Reads(10).ReadsEnd();

    [Fact]
    public void A_FIN_amid_text_that_has_arrived_is_not_believed() => Given.Established()
        .Receives(". seq 6 ack 1 len 20").Sends(". ack 1")
        .Receives("F. seq 11 ack 1").Ignoring()
        .Receives(". seq 1 ack 1 len 5").Sends(". seq 1 ack 26").Then(TcpState.Established).Reads(25)
        .Receives("F. seq 26 ack 1").Sends(". seq 1 ack 27").Then(TcpState.CloseWait);

    [Fact]
    [Trait("Threat", "24")]
    public void A_FIN_beyond_the_right_edge_is_cut_off_with_the_text() => Given
        .Established(connection: new TcpConnectionOptions { ReceiveBuffer = 1024 })
        .Receives("FP. seq 1 ack 1 len 1400").Sends(". seq 1 ack 1025 win 0").Then(TcpState.Established)
        .Reads(1024).Sends(". seq 1 ack 1025 win 1024")
        .Receives("FP. seq 1025 ack 1 len 376").Sends(". seq 1 ack 1402").Then(TcpState.CloseWait).Reads(376).ReadsEnd();

    [Fact]
    [Trait("Threat", "24")]
    public void A_FIN_just_beyond_the_right_edge_is_cut_off_alone() => Given
        .Established(connection: new TcpConnectionOptions { ReceiveBuffer = 1024 })
        .Receives("FP. seq 1 ack 1 len 1024").Sends(". seq 1 ack 1025 win 0").Then(TcpState.Established)
        .Receives("F. seq 1025 ack 1").Sends(". seq 1 ack 1025 win 0").Then(TcpState.Established)
        .Reads(1024).Sends(". seq 1 ack 1025 win 1024")
        .Receives("F. seq 1025 ack 1").Sends(". seq 1 ack 1026").Then(TcpState.CloseWait).ReadsEnd();

    [Fact]
    [Trait("Threat", "24")]
    [Trait("Rfc9293", "MUST-66")]
    public void An_urgent_pointer_and_an_ACK_count_though_the_window_is_closed_and_cuts_all_text() => Given
        .Established(connection: new TcpConnectionOptions { ReceiveBuffer = 1024 })
        .Receives("P. seq 1 ack 1 len 1024").After(40).Ignoring().Writes(10).Sends("P. seq 1 ack 1025 len 10").And(g => g.TakeSignals())
        .Receives("PU. seq 1025 ack 11 len 5 urg 5").Ignoring()
        .And(g => Assert.True(g.TakeSignals().HasFlag(TcpSignals.Urgent)))
        .And(g => Assert.Equal((0, 1024), (g.Connection.SendQueue, g.Connection.Status().ReceiveQueue)))
        .Reads(1024).ReadFails(TcpError.WouldBlock);

    [Fact]
    [Trait("Threat", "24")]
    public void A_segment_that_straddles_both_edges_gives_what_is_between() => Given
        .Established(connection: new TcpConnectionOptions { ReceiveBuffer = 1024 })
        .Receives("P. seq 1 ack 1 len 100").Reads(100).After(40).Sends(". ack 101")
        .Receives("FP. seq 51 ack 1 len 1400").Sends(". seq 1 win 0").Then(TcpState.Established)
        .And(g => Assert.Equal(g.Connection.Status().RcvNxt, g.PeerIsn + (uint)(101 + g.Connection.Readable)));

    [Fact]
    public void Our_FIN_waits_for_a_zero_window_and_probes_it() => Given.Established(window: 0)
        .ShutsDown().SendsNothing().Then(TcpState.FinWait1)
        .After(201).Sends("F. seq 1 ack 1")
        .Receives(". seq 1 ack 1 win 0").SendsNothing()
        .After(401).Sends("F. seq 1 ack 1").Receives(". seq 1 ack 1 win 0")
        .Receives(". seq 1 ack 1 win 1000").Sends("F. seq 1 ack 1")
        .Receives(". seq 1 ack 2 win 1000").Then(TcpState.FinWait2);

    [Fact]
    public void Our_FIN_behind_text_at_a_zero_window_goes_when_it_opens() => Given.Established(window: 0)
        .Writes(10).SendsNothing().ShutsDown().SendsNothing()
        .After(201).And(g => Assert.Equal(1, g.Unseen)).Ignoring().Receives(". seq 1 ack 1 win 0")
        .Receives(". seq 1 ack 1 win 1000").And(g => Assert.True(g.Unseen >= 1)).Ignoring()
        .Receives(". seq 1 ack 12 win 1000").Then(TcpState.FinWait2);
}
