using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>RST received and sent (RFC 9293 3.5.1 to 3.5.3, RFC 5961 3).</summary>
public sealed class ResetTests
{
    [Theory]
    [InlineData("S seq 5", "R. seq 0 ack 6")]
    [InlineData("S seq 5 len 10", "R. seq 0 ack 16")]
    [InlineData("F seq 5 len 3", "R. seq 0 ack 9")]
    [InlineData("- seq 5", "R. seq 0 ack 5")]
    [InlineData("U seq 5 len 1", "R. seq 0 ack 6")]
    [InlineData(". seq 5 ack 77", "R seq 77")]
    [InlineData("S. seq 5 ack 77 len 3", "R seq 77")]
    [InlineData("FP. seq 5 ack 77 len 3", "R seq 77")]
    [Trait("Rfc", "9293 3.10.7.1")]
    [Trait("Subject", "18")]
    public void A_segment_to_nobody_is_answered_with_a_RST_that_its_sender_accepts(string segment, string reset) =>
        Given.Closed().Receives(segment).Sends(reset).SendsNothing();

    [Theory]
    [InlineData("R seq 5")]
    [InlineData("R. seq 5 ack 5")]
    [InlineData("FSRP.U seq 5 ack 5 len 10")]
    public void A_RST_to_nobody_is_not_answered(string segment) => Given.Closed().Receives(segment).SendsNothing();

    [Fact]
    public void A_RST_to_a_listener_is_ignored_and_an_ACK_to_it_is_reset() => Given.Listening()
        .Receives("R seq 5").SendsNothing().Receives("R. seq 5 ack 5").SendsNothing()
        .Receives(". seq 5 ack 77").Sends("R seq 77").Receives("S. seq 5 ack 77").Sends("R seq 77")
        .Receives("F seq 5").SendsNothing().Receives("- seq 5 len 10").SendsNothing().Then(TcpState.Listen);

    [Fact]
    [Trait("Rfc", "5961 3.2")]
    [Trait("Threat", "30")]
    public void In_SYN_SENT_a_RST_counts_only_if_it_acknowledges_our_SYN() => Given.SynSent().Sends("S seq 0")
        .Receives("R seq 0").SendsNothing().Then(TcpState.SynSent)
        .Receives("R. seq 0 ack 0").SendsNothing().Then(TcpState.SynSent)
        .Receives("R. seq 0 ack 2").SendsNothing().Then(TcpState.SynSent)
        .Receives("R. seq 12345 ack 1").SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.Equal((CloseReason.Refused, TcpError.ConnectionRefused), (g.Connection.CloseReason, g.Connection.Error)))
        .ReadFails(TcpError.ConnectionRefused);

    [Fact]
    [Trait("Rfc9293", "MUST-11")]
    public void In_SYN_RECEIVED_a_RST_takes_a_passive_open_back_to_LISTEN() => Given.Listening()
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .Receives("R seq 1").SendsNothing().Then(TcpState.Listen).After(10_000).SendsNothing()
        .And(g => Assert.Equal(0, g.Listener!.SynQueueCount + g.Listener.AcceptQueueCount))
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts().Then(TcpState.Established);

    [Fact]
    [Trait("Rfc9293", "MUST-11")]
    public void In_SYN_RECEIVED_a_RST_refuses_an_active_open() => States.All["SYN-RECEIVED active"].Go()
        .Receives("R seq 1").SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.Equal((CloseReason.Refused, TcpError.ConnectionRefused), (g.Connection.CloseReason, g.Connection.Error)));

    [Theory]
    [MemberData(nameof(States.Synchronized), MemberType = typeof(States))]
    [Trait("Rfc", "5961 3.2")]
    [Trait("Rfc9293", "MUST-12")]
    [Trait("Cve", "2004-0230")]
    [Trait("Subject", "18")]
    [Trait("Clause", "RFC5961-2")]
    public void A_RST_at_RCV_NXT_ends_a_synchronized_connection(string name)
    {
        Reached at = States.All[name];
        Given given = at.Go().Receives($"R seq {at.RcvNxt}").SendsNothing().Then(TcpState.Closed);
        Assert.Equal((CloseReason.RemoteReset, TcpError.ConnectionReset), (given.Connection.CloseReason, given.Connection.Error));
        Assert.Equal(0, given.Stack.ConnectionCount + given.Stack.TimeWaitCount + given.Stack.PagesInUse);
        Assert.Equal(TcpError.ConnectionReset, given.Connection.Send("x"u8, given.Now, out _));
        given.After(100_000).SendsNothing();
    }

    [Theory]
    [MemberData(nameof(States.Synchronized), MemberType = typeof(States))]
    [Trait("Rfc", "5961 3.2")]
    [Trait("Threat", "30")]
    [Trait("Cve", "2004-0230")]
    [Trait("Clause", "RFC5961-1")]
    [Trait("Clause", "RFC5961-3")]
    public void A_RST_elsewhere_in_the_window_is_challenged_and_one_outside_is_dropped_silently(string name)
    {
        Reached at = States.All[name];
        string challenge = $". seq {at.SndNxt} ack {at.RcvNxt}";
        at.Go()
            .Receives($"R seq {at.RcvNxt - 1}").SendsNothing().Receives($"R seq {at.RcvNxt + 70_000}").SendsNothing()
            .Receives($"R. seq {at.RcvNxt - 5} ack {at.SndNxt} len 10").SendsNothing() // its number is what counts, not its text
            .Receives($"R seq {at.RcvNxt + 1}").Sends(challenge).Then(at.State)
            .After(199).Ignoring() // a FIN of ours may be due again later
            .Receives($"R seq {at.RcvNxt}").Then(TcpState.Closed); // the answer of a peer that is really gone
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-2")]
    public void Text_in_a_RST_is_ignored() => Given.Established()
        .Receives("R. seq 1 ack 1 len 20").SendsNothing().Then(TcpState.Closed).ReadFails(TcpError.ConnectionReset);

    [Fact]
    [Trait("Rfc9293", "MUST-66")]
    public void A_RST_at_a_closed_window_counts() => Given.Established(connection: new TcpConnectionOptions { ReceiveBuffer = 1024 })
        .Receives("P. seq 1 ack 1 len 1024").After(40).Sends(". ack 1025 win 0")
        .Receives("R seq 1026").SendsNothing().Then(TcpState.Established)
        .Receives("R seq 1025").SendsNothing().Then(TcpState.Closed);

    [Fact]
    [Trait("Rfc9293", "MUST-12")]
    [Trait("Subject", "18")]
    public void A_RST_throws_away_what_is_to_be_sent_and_tells_the_application_so() => Given.Established(window: 1000)
        .Writes(3000).Ignoring().Receives("P. seq 1 ack 1 len 5").Ignoring().And(g => g.TakeSignals())
        .Receives("R seq 6").SendsNothing().Then(TcpState.Closed)
        .And(g => Assert.True(g.TakeSignals().HasFlag(TcpSignals.Ended | TcpSignals.Readable | TcpSignals.Writable)))
        .And(g => Assert.Equal(0, g.Connection.SendQueue))
        .Reads(5).ReadFails(TcpError.ConnectionReset); // and never an end of stream

    [Fact]
    [Trait("Threat", "30")]
    public void A_RST_at_the_right_edge_of_the_highest_SACK_block_counts_in_the_linux_profile_alone()
    {
        Given InDisorder(TcpProfile profile) => Given.Established(new StackOptions { Profile = profile }, peerOptions: "mss 1460,sackOK")
            .Receives(". seq 101 ack 1 len 100").Sends(". ack 1 <sack 101:201>");
        InDisorder(TcpProfile.Default).Receives("R seq 201").Sends(". seq 1 ack 1").Then(TcpState.Established);
        InDisorder(TcpProfile.Linux).Receives("R seq 201").SendsNothing().Then(TcpState.Closed);
    }

    [Fact]
    [Trait("Subject", "8")]
    public void An_old_SYN_ACK_in_SYN_SENT_is_reset_and_the_open_goes_on() => Given.SynSent().Sends("S seq 0")
        .Receives("S. seq 300 ack 91").Sends("R seq 91").Then(TcpState.SynSent)
        .Receives(". seq 300 ack 0").Sends("R seq 0").Then(TcpState.SynSent)
        .Receives("S. seq 0 ack 1").Sends(". seq 1 ack 1").Then(TcpState.Established);

    [Theory]
    [InlineData("SYN-RECEIVED passive")]
    [InlineData("SYN-RECEIVED active")]
    public void A_bad_ACK_in_SYN_RECEIVED_is_reset_and_the_open_goes_on(string name) => States.All[name].Go()
        .Receives(". seq 1 ack 2").Sends("R seq 2").Then(TcpState.SynReceived)
        .Receives(". seq 1 ack 0").Sends("R seq 0").Then(TcpState.SynReceived)
        .Receives(". seq 1 ack 1").And(g => Assert.Equal(TcpState.Established, States.Of(g)));

    [Fact]
    [Trait("Subject", "8")]
    public void An_old_SYN_is_answered_and_the_peer_that_asked_for_nothing_resets_it() => Given.Listening()
        .Receives("S seq 90 <mss 1460>").Sends("S. seq 0 ack 91").Then(TcpState.SynReceived) // Figure 8, lines 2 to 5
        .Receives("R seq 91").SendsNothing().Then(TcpState.Listen)
        .Receives("S seq 100 <mss 1460>").Sends("S. seq 0 ack 101")
        .Receives(". seq 101 ack 1").Accepts().Then(TcpState.Established);

    [Fact]
    [Trait("Rfc", "9293 3.5.1")]
    public void Half_open_the_end_that_remembers_challenges_the_SYN_and_believes_the_RST() => Given.Established()
        .Receives("S seq 400 <mss 1460>").Sends(". seq 1 ack 1").Then(TcpState.Established) // Figure 9
        .Receives("R seq 1").SendsNothing().Then(TcpState.Closed).ReadFails(TcpError.ConnectionReset)
        .And(g => Assert.Equal(TcpState.Listen, States.Of(g)));

    [Fact]
    [Trait("Rfc", "9293 3.5.1")]
    public void Half_open_the_end_that_crashed_resets_the_old_connection_and_opens_a_new_one() => Given.SynSent().Sends("S seq 0")
        .Receives(". seq 300 ack 100").Sends("R seq 100").Then(TcpState.SynSent) // Figure 9
        .After(1000).Sends("S seq 0")
        .Receives("S. seq 700 ack 1").Sends(". seq 1 ack 701").Then(TcpState.Established);

    [Fact]
    [Trait("Rfc", "9293 3.5.1")]
    [Trait("Subject", "18")]
    public void Half_open_data_to_the_end_that_crashed_ends_the_other_one()
    {
        Given.Closed().Receives("P. seq 300 ack 100 len 10").Sends("R seq 100").SendsNothing(); // Figure 10, the end that crashed
        Given.Established().Writes(10).Sends("P. seq 1 ack 1 len 10") // and the other
            .Receives("R seq 1").SendsNothing().Then(TcpState.Closed).ReadFails(TcpError.ConnectionReset);
    }

    [Fact]
    [Trait("Rfc", "9293 3.5.1")]
    public void Half_open_an_old_SYN_between_two_listeners_leaves_both_listening()
    {
        Given.Listening().Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1") // Figure 11, the end that the old SYN reaches
            .Receives("R seq 1").SendsNothing().Then(TcpState.Listen);
        Given.Listening().Receives("S. seq 7 ack 50").Sends("R seq 50").Then(TcpState.Listen); // and the other
    }

    [Fact]
    [Trait("Rfc9293", "MUST-11")]
    public void A_closed_listener_leaves_no_half_open_connection_behind() => States.All["SYN-RECEIVED passive"].Go()
        .And(g => g.Listener!.Close(g.Now)).Then(TcpState.Closed).After(10_000).SendsNothing()
        .Receives(". seq 1 ack 1").Sends("R seq 1");

    [Fact]
    public void A_closed_listener_resets_what_nobody_accepted() => Given.Listening()
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").SendsNothing()
        .And(g => g.Listener!.Close(g.Now)).Turn().Sends("R. seq 1 ack 1").Then(TcpState.Closed);
}
