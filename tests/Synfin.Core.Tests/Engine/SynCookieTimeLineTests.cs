using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>SYN cookies as a client sees them (RFC 4987 3.6).</summary>
[Trait("Rfc", "4987 3.6")]
[Trait("Threat", "42")]
public sealed class SynCookieTimeLineTests
{
    /// <summary>The one place for half-open connections is taken; the next peer speaks from port 2.</summary>
    private static Given QueueFull(StackOptions? options = null, TcpConnectionOptions? connection = null) =>
        Given.Listening(options, connection, backlog: 1).From(1).Receives("S seq 0").Sends("S. seq 0 ack 1").From(2);

    [Fact]
    [Trait("Subject", "7")]
    [Trait("Clause", "RFC4987-2")]
    public void When_the_queue_is_full_a_SYN_is_answered_but_not_remembered()
    {
        Given given = QueueFull().Receives("S seq 0 <mss 1460,sackOK,wscale 7>").Sends("S. seq 0 ack 1 win 65535 <mss 1460>");
        Assert.Equal((1, 0), (given.Stack.SynQueueCount, given.Stack.ConnectionCount));
        Assert.Equal(1, given.Stack.Counters.SynCookiesSent);
        TcpOptionKinds offered = SegmentScript.Read(given.LastSent).Options.Present;
        Assert.Equal(TcpOptionKinds.MaximumSegmentSize, offered); // without timestamps there is nowhere to remember the others
    }

    [Fact]
    [Trait("Clause", "RFC4987-2")]
    public void The_ACK_of_a_cookie_opens_the_connection_with_its_text() => QueueFull()
        .Receives("S seq 0 <mss 1400>").Sends("S. seq 0 ack 1")
        .Receives("P. seq 1 ack 1 len 20").Accepts().Then(TcpState.Established).Reads(20)
        .And(g => Assert.Equal(1, g.Stack.Counters.SynCookiesAccepted))
        .And(g => Assert.Equal((1400, 0), (g.Connection.Status().SendMss, (int)g.Connection.Status().Options)))
        .And(g => Assert.True(g.Connection.Status().Passive))
        .After(40).Sends(". seq 1 ack 21")
        .Writes(3_000).Sends(". seq 1 len 1400")
        .Receives(". seq 21 ack 1401").Sends(". seq 1401 len 1400").Sends("P. seq 2801 len 200")
        .Receives("F. seq 21 ack 3001").Sends(". seq 3001 ack 22").Then(TcpState.CloseWait);

    [Theory]
    [InlineData(1460, 1460)]
    [InlineData(1452, 1440)]
    [InlineData(1300, 1200)]
    [InlineData(500, 48)]
    public void The_MSS_comes_from_the_table_and_is_never_more_than_the_peer_said(int said, int used) => QueueFull()
        .Receives($"S seq 0 <mss {said}>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts()
        .And(g => Assert.Equal(used, g.Connection.Status().SendMss));

    [Fact]
    [Trait("Rfc9293", "MUST-15")]
    public void A_SYN_without_MSS_means_536_in_a_cookie_too() => QueueFull()
        .Receives("S seq 0").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts()
        .And(g => Assert.Equal(536, g.Connection.Status().SendMss));

    [Fact]
    [Trait("Clause", "RFC4987-4")]
    public void Options_come_back_through_the_timestamp()
    {
        Given given = QueueFull()
            .Receives("S seq 0 <mss 1460,sackOK,wscale 7,TS val 900 ecr 0>")
            .Sends("S. seq 0 ack 1 <mss 1460,sackOK,wscale 5,TS val 0 ecr 900>")
            .Receives(". seq 1 ack 1 win 512 <TS val 901 ecr last>").Accepts().Then(TcpState.Established);
        TcpStatus status = given.Connection.Status();
        Assert.Equal(TcpOptionKinds.Timestamps | TcpOptionKinds.SackPermitted | TcpOptionKinds.WindowScale, status.Options);
        Assert.Equal((7, 5, 512 << 7, 1448), (status.SendWindowScale, status.ReceiveWindowScale, status.SndWnd, status.SendMss));
        given.Receives("P. seq 11 ack 1 len 5 <TS val 902 ecr last>").Sends(". seq 1 ack 1 <sack 11:16,TS val 0 ecr 901>");
    }

    [Fact]
    public void What_the_SYN_did_not_offer_does_not_come_back() => QueueFull()
        .Receives("S seq 0 <mss 1460,TS val 900 ecr 0>").Sends("S. seq 0 ack 1 <TS val 0 ecr 900>")
        .Receives(". seq 1 ack 1 <TS val 901 ecr last>").Accepts()
        .And(g => Assert.Equal(TcpOptionKinds.Timestamps, g.Connection.Status().Options));

    [Fact]
    public void Our_clock_never_runs_backwards_after_a_cookie()
    {
        Given given = QueueFull().After(50);
        given.Receives("S seq 0 <TS val 9 ecr 0,sackOK,wscale 14>").Sends("S. seq 0 ack 1");
        uint inCookie = SegmentScript.Read(given.LastSent).Options.TimestampValue;
        given.Receives(". seq 1 ack 1 <TS val 9 ecr last>").Accepts().Writes(1).Sends("P. seq 1 len 1");
        Assert.InRange(unchecked((int)(SegmentScript.Read(given.LastSent).Options.TimestampValue - inCookie)), 0, 63);
    }

    [Fact]
    [Trait("Clause", "RFC4987-3")]
    public void While_there_is_room_no_cookie_goes_out_and_none_is_believed() => Given.Listening()
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .And(g => Assert.Equal(0, g.Stack.Counters.SynCookiesSent))
        .From(2).Receives(". seq 1 ack 12345").Sends("R seq 12345")
        .And(g => Assert.Equal(0, g.Stack.Counters.SynCookiesRejected)); // not even looked at

    [Fact]
    public void A_cookie_is_good_until_the_end_of_the_next_64_seconds() => QueueFull()
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .After(127_900).Ignoring().Receives(". seq 1 ack 1").SendsNothing().Accepts().Then(TcpState.Established);

    [Fact]
    public void A_cookie_that_is_too_old_is_reset() => QueueFull()
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .After(128_000).Ignoring().Receives(". seq 1 ack 1").Sends("R seq 1").Then(TcpState.Listen);

    [Fact]
    public void A_forged_or_borrowed_cookie_is_reset()
    {
        Given given = QueueFull().Receives("S seq 0").Sends("S. seq 0 ack 1");
        long cookie = given.OurIsn.Value + 1L;
        given.Receives(". seq 1 ack 2").Sends("R seq 2") // another number
            .Receives(". seq 2 ack 1").Sends("R seq 1") // another ISN of the peer
            .From(3).Receives($". seq 1 ack {cookie}").Sends($"R seq {cookie}"); // another port
        given.PeerAddress = InternetAddress.FromIpv4(192, 0, 2, 9);
        given.From(2).Receives(". seq 1 ack 1").Sends("R seq 1"); // another host
        Assert.Equal(4, given.Stack.Counters.SynCookiesRejected);
        Assert.Equal(0, given.Stack.ConnectionCount);
    }

    [Fact]
    public void A_cookie_that_comes_twice_opens_one_connection() => QueueFull()
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .ReceivesTogether(". seq 1 ack 1", ". seq 1 ack 1").SendsNothing()
        .And(g => Assert.Equal((1, 1), (g.Stack.ConnectionCount, (int)g.Stack.Counters.SynCookiesAccepted)));

    [Fact]
    public void Without_cookies_a_SYN_that_finds_no_room_is_dropped_until_there_is_some() =>
        QueueFull(new StackOptions { SynCookies = false }).Receives("S seq 0").SendsNothing().Then(TcpState.Listen)
        .And(g => Assert.Equal(1, g.Stack.Counters.Dropped[(int)DropReason.SynQueueFull]))
        .Receives(". seq 1 ack 1").Sends("R seq 1")
        .From(1).Receives(". seq 1 ack 1").From(2).Receives("S seq 0").Sends("S. seq 0 ack 1");

    [Fact]
    public void The_limit_over_all_listeners_brings_cookies_too()
    {
        Given given = Given.Listening(new StackOptions { MaxSynQueue = 2 });
        given.From(1).Receives("S seq 0").From(2).Receives("S seq 0").From(3).Receives("S seq 0");
        Assert.Equal((2, 1), (given.Stack.SynQueueCount, (int)given.Stack.Counters.SynCookiesSent));
    }

    [Fact]
    [Trait("Threat", "44")]
    public void A_cookie_that_finds_the_accept_queue_full_is_dropped_and_opens_later() => QueueFull()
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .From(1).Receives(". seq 1 ack 1")
        .From(3).Receives("S seq 0").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1")
        .From(2).Receives("P. seq 1 ack 1 len 5").SendsNothing()
        .Accepts()
        .Receives("P. seq 1 ack 1 len 5").SendsNothing()
        .And(g => Assert.Equal(3, g.Stack.ConnectionCount));

    [Fact]
    public void A_deferring_listener_opens_a_cookie_only_with_text() =>
        QueueFull(connection: new TcpConnectionOptions { DeferAccept = true }).Receives("S seq 0").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 1").SendsNothing().And(g => Assert.Equal(0, g.Stack.ConnectionCount))
        .Receives("P. seq 1 ack 1 len 5").Accepts().Then(TcpState.Established).Reads(5);
}
