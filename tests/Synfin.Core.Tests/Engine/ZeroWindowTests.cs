using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The persist timer (RFC 9293 3.8.6.1). In the Rfc profile the RTO is 1 s.</summary>
[Trait("Rfc9293", "MUST-36")]
public sealed class ZeroWindowTests
{
    private static readonly StackOptions Rfc = new() { Profile = TcpProfile.Rfc };

    private static Given Closed(TcpConnectionOptions? options = null) => Given.Established(Rfc, options, window: 0);

    [Fact]
    [Trait("Rfc9293", "SHLD-29")]
    [Trait("Rfc9293", "SHLD-30")]
    [Trait("Rfc9293", "MUST-20")]
    public void Probes_begin_after_one_RTO_double_and_end_at_R2_if_nobody_answers()
    {
        Given given = Closed().Writes(100).SendsNothing();
        foreach (int seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 128, 128, 128, 128, 128, 128, 128 })
            given.After(seconds * 1_000 - 1).SendsNothing().After(1).Sends(". seq 1 len 1").SendsNothing();
        given.After(127_999).Then(TcpState.Established).After(1).Then(TcpState.Closed).ReadFails(TcpError.TimedOut);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-38")]
    [Trait("Rfc", "6298 5.4")]
    public void A_segment_that_was_too_silly_for_too_long_is_retransmitted_as_a_whole() => Given.Established(Rfc, window: 4_000)
        .Receives(". seq 1 ack 1 win 500").Writes(1_000).SendsNothing()
        .After(1_000).Sends(". seq 1 len 500").SendsNothing()
        .After(1_999).SendsNothing().After(1).Sends(". seq 1 len 500").SendsNothing()
        .After(3_999).SendsNothing().After(1).Sends(". seq 1 len 500").SendsNothing()
        .Receives(". seq 1 ack 501 win 500").Sends("P. seq 501 len 500").Receives(". seq 1 ack 1001 win 4000").SendsNothing();

    [Fact]
    [Trait("Rfc", "9293 3.10.7.4")]
    public void A_RST_after_a_probe_has_the_number_that_a_closed_window_takes() => Given
        .Established(Rfc, window: 0, peerOptions: "mss 1460, wscale 7")
        .Writes(100).After(1_000).Sends(". seq 1 len 1").Aborts().Sends("R. seq 1");

    [Fact]
    [Trait("Rfc9293", "MUST-37")]
    [Trait("Rfc9293", "SHLD-30")]
    [Trait("Threat", "14")]
    [Trait("Threat", "12")]
    public void Answered_probes_keep_the_connection_for_ever()
    {
        Given given = Closed().Writes(100);
        int probes = 0;
        for (int i = 0; i < 1_000; i++)
        {
            given.After(128_000);
            for (; given.Unseen > 0; probes++) given.Sends(". seq 1 len 1").Receives(". seq 1 ack 1 win 0");
        }
        given.Then(TcpState.Established);
        Assert.InRange(probes, 1_000, 1_010);
        given.Receives(". seq 1 ack 1 win 1000").Sends("P. seq 1 len 100");
    }

    [Fact]
    [Trait("Rfc9293", "MUST-37")]
    [Trait("Rfc9293", "MUST-21")]
    [Trait("Rfc", "5482")]
    public void The_user_timeout_does_not_count_while_probes_are_answered_and_does_when_they_are_not()
    {
        Given given = Closed(new TcpConnectionOptions { UserTimeout = Duration.FromSeconds(30) }).Writes(100);
        for (int i = 0; i < 600; i++)
        {
            given.After(1_000);
            while (given.Unseen > 0) given.Sends(". seq 1 len 1").Receives(". seq 1 ack 1 win 0");
        }
        given.Then(TcpState.Established).After(400_000).Then(TcpState.Closed).ReadFails(TcpError.TimedOut);
    }

    [Fact]
    public void A_window_that_opens_before_the_first_probe_lets_all_out_and_ends_the_timer() => Closed()
        .Writes(3_000).After(500).Receives(". seq 1 ack 1 win 5000").SendsFull(1, 2).Sends("P. seq 2921 len 80").SendsNothing()
        .Receives(". seq 1 ack 3001").After(100_000).SendsNothing();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_window_that_opens_after_a_probe_lets_the_rest_out_at_once_whether_the_octet_was_taken_or_not(int ack) => Closed()
        .Writes(3_000).After(1_000).Sends(". seq 1 len 1")
        .After(300).Receives($". seq 1 ack {ack} win 5000").SendsFull(ack, 2).Sends($"P. seq {ack + 2920} len {3001 - ack - 2920}")
        .SendsNothing()
        .Receives(". seq 1 ack 3001").After(100_000).SendsNothing();

    [Fact]
    public void The_back_off_of_probes_is_no_back_off_of_what_follows() => Closed()
        .Writes(10).After(15_000).Ignoring()
        .Receives(". seq 1 ack 1 win 5000").Sends("P. seq 1 len 10")
        .After(999).SendsNothing().After(1).Sends("P. seq 1 len 10");

    [Fact]
    [Trait("Threat", "14")]
    public void A_lost_window_update_is_asked_for() => Given.Established(Rfc, window: 1_000)
        .Writes(2_000).Sends(". seq 1 len 1000").Receives(". seq 1 ack 1001 win 0").SendsNothing() // an update to 1,000 follows and is lost
        .After(1_000).Sends(". seq 1001 len 1").Receives(". seq 1 ack 1002 win 999").Sends("P. seq 1002 len 999");

    [Fact]
    [Trait("Threat", "14")]
    public void A_window_that_closes_again_is_probed_again() => Closed()
        .Writes(5_000).After(1_000).Sends(". seq 1 len 1").Receives(". seq 1 ack 2 win 1460").Sends(". seq 2 len 1460")
        .Receives(". seq 1 ack 1462 win 0").SendsNothing().After(1_000).Sends(". seq 1462 len 1")
        .Receives(". seq 1 ack 1463 win 0").After(1_000).Sends(". seq 1463 len 1").Receives(". seq 1 ack 1464 win 65535")
        .SendsFull(1_464, 2);

    [Fact]
    [Trait("Threat", "14")]
    [Trait("Threat", "23")]
    public void A_FIN_behind_text_waits_with_it() => Closed()
        .Writes(100).Closes().Then(TcpState.FinWait1).SendsNothing()
        .After(1_000).Sends(". seq 1 len 1").Receives(". seq 1 ack 1 win 0").SendsNothing()
        .Receives(". seq 1 ack 1 win 1000").Sends("P. seq 1 len 100").Sends("F. seq 101").Receives(". seq 1 ack 102")
        .Then(TcpState.FinWait2);

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [Trait("Threat", "23")]
    public void A_FIN_goes_with_the_text_or_right_after_it_when_the_window_is_just_as_large(int window)
    {
        Given given = Given.Established(Rfc, window: window).Writes(99).Sends("P. seq 1 len 99").Writes(1).ShutsDown();
        if (window == 100) given.Sends("P. seq 100 len 1").SendsNothing().Receives(". seq 1 ack 101 win 1").Sends("F. seq 101");
        else given.Sends("FP. seq 100 len 1");
        given.Receives(". seq 1 ack 102").Then(TcpState.FinWait2).After(100_000).SendsNothing();
    }

    [Fact]
    [Trait("Threat", "23")]
    public void A_FIN_alone_probes_a_closed_window() => Closed()
        .ShutsDown().SendsNothing().After(1_000).Sends("F. seq 1").Receives(". seq 1 ack 1 win 0").SendsNothing()
        .After(2_000).Sends("F. seq 1").Receives(". seq 1 ack 2 win 0").Then(TcpState.FinWait2).After(1_000_000).SendsNothing();

    [Fact]
    [Trait("Threat", "12")]
    [Trait("Cve", "2008-4609")]
    public void Many_connections_with_closed_windows_hold_no_more_pages_than_there_are()
    {
        var options = new StackOptions { Profile = TcpProfile.Rfc, MaxPages = 64 };
        Given given = Given.Listening(options, backlog: 200);
        int blocked = 0;
        for (ushort port = 40_000; port < 40_100; port++)
        {
            given.PeerPort = port;
            given.Receives("S seq 0 win 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1 win 0").Accepts();
            if (given.Connection.Send(new byte[100_000], given.Now, out _) is TcpError.WouldBlock) blocked++;
            given.Turn();
        }
        Assert.True(blocked > 50);
        Assert.Equal(64, given.Stack.PagesInUse);
        given.After(3_000_000);
        Assert.Equal(0, given.Stack.PagesInUse); // nobody answered the probes of those that could write
    }

    [Fact]
    [Trait("Rfc9293", "MAY-8")]
    [Trait("Rfc9293", "MUST-66")]
    public void Our_own_window_stays_closed_as_long_as_nobody_reads_but_ACK_URG_and_RST_count()
    {
        Given given = Given.Established(Rfc, new TcpConnectionOptions { ReceiveBuffer = 1_460, QuickAck = true })
            .Receives(". seq 1 ack 1 len 1460").Sends(". ack 1461 win 0");
        for (int hour = 0; hour < 24; hour++) given.After(3_600_000).SendsNothing().Receives(". seq 1461 ack 1 len 1")
            .Sends(". ack 1461 win 0");
        given.Writes(10).Sends("P. seq 1 len 10 win 0").Receives("U. seq 1461 ack 11 len 1 urg 5").Sends(". ack 1461 win 0");
        Assert.Equal((0, 1_465), (given.Connection.SendQueue, given.Connection.UrgentRemaining));
        given.Receives("R seq 1461").Then(TcpState.Closed);
    }
}
