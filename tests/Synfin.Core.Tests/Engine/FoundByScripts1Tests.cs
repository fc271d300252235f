using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What came to light when the scripts of opening and closing (tests/scripts) were written and told to a kernel.</summary>
public sealed class FoundByScripts1Tests
{
    private static readonly StackOptions _linux = new() { Profile = TcpProfile.Linux };

    private static TcpConnectionOptions Patient(int milliseconds) => new() { UserTimeout = Duration.FromMilliseconds(milliseconds) };

    /// <summary>tcp(7), TCP_MAXSEG: it also changes what is announced; a listener's SYN,ACK too.</summary>
    [Fact]
    [Trait("Rfc9293", "MUST-14")]
    public void A_listener_announces_the_MSS_that_it_was_told() => Given
        .Listening(connection: new() { AnnouncedSegmentSize = 1_000 })
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1 <mss 1000>");

    /// <summary>The same in a cookie.</summary>
    [Fact]
    [Trait("Rfc9293", "MUST-14")]
    public void A_cookie_announces_it_too() => Given
        .Listening(connection: new() { AnnouncedSegmentSize = 1_000 }, backlog: 1)
        .From(1).Receives("S seq 0").Sends("S. seq 0 ack 1 <mss 1000>")
        .From(2).Receives("S seq 0").Sends("S. seq 0 ack 1 <mss 1000>");

    /// <summary>The user timeout is exact for a SYN as for text, and does not wait for the next retransmission.</summary>
    [Fact]
    [Trait("Rfc9293", "MUST-21")]
    public void A_SYN_is_given_up_at_the_user_timeout() => Given.SynSent(connection: Patient(1_500)).Sends("S seq 0")
        .After(1_000).Sends("S seq 0").After(499).Then(TcpState.SynSent).After(1).Then(TcpState.Closed).SendsNothing();

    /// <summary>TCP_SYNCNT 1 on Linux: the time of one retransmission whose wait doubles, 3 s, in which two are sent.</summary>
    [Fact]
    [Trait("Rfc9293", "MUST-22")]
    public void Linear_timeouts_do_not_make_an_attempt_longer() => Given.SynSent(_linux, new() { SynRetries = 1 }).Sends("S seq 0")
        .After(1_000).Sends("S seq 0").After(1_000).Sends("S seq 0").After(999).Then(TcpState.SynSent).After(1).Then(TcpState.Closed);

    /// <summary>FreeBSD's tcp_backoff[] is 1, 2, 4, ..., and each wait but the first has a slop of 200 ms.</summary>
    [Fact]
    public void FreeBSD_waits_a_little_longer_than_twice_as_long()
    {
        Given given = Given.SynSent(new StackOptions { Profile = TcpProfile.FreeBsd }).Sends("S seq 0");
        foreach (int wait in (int[])[1_000, 2_200, 4_200, 8_200, 16_200, 32_200])
            given.After(wait - 1).SendsNothing().After(1).Sends("S seq 0");
        given.After(10_999).Then(TcpState.SynSent).After(1).Then(TcpState.Closed);
    }

    /// <summary>Linux 6.18: the backlog and one more are half-open before cookies begin.</summary>
    [Fact]
    [Trait("Rfc", "4987 3.6")]
    public void Linux_has_one_more_half_open_than_the_backlog()
    {
        Given given = Given.Listening(_linux, backlog: 1);
        for (ushort port = 1; port <= 3; port++) given.From(port).Receives("S seq 0").Sends("S. seq 0 ack 1");
        Assert.Equal((2, 1L), (given.Stack.SynQueueCount, given.Stack.Counters.SynCookiesSent));
    }

    /// <summary>Linux's tcp_write_err() says nothing to a peer that does not answer; FreeBSD's tcp_drop() sends a RST.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Rfc9293", "MUST-20")]
    public void A_connection_that_times_out_is_silent_on_Linux(bool linux)
    {
        StackOptions options = linux ? _linux : new() { Profile = TcpProfile.FreeBsd };
        Given given = Given.Established(options, Patient(20)).Writes(10).Sends("P. seq 1 ack 1 len 10").After(20);
        if (linux) given.SendsNothing();
        else given.Sends("R. seq 11 ack 1");
        given.Then(TcpState.Closed);
    }

    /// <summary>tcp(7), TCP_USER_TIMEOUT: with keep-alive it replaces the number of probes.</summary>
    [Fact]
    [Trait("Rfc9293", "MUST-29")]
    public void The_user_timeout_ends_a_connection_that_is_kept_alive_in_vain()
    {
        TcpConnectionOptions options = Patient(2_500) with
        {
            KeepAlive = true,
            KeepAliveTime = Duration.FromSeconds(1),
            KeepAliveInterval = Duration.FromSeconds(1),
        };
        Given.Established(connection: options)
            .After(1_000).Sends(". seq 0 ack 1").After(1_000).Sends(". seq 0 ack 1")
        .After(1_000).Sends("R. seq 1 ack 1").Then(TcpState.Closed);
    }
}
