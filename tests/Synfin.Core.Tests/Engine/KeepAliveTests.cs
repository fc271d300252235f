using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Keep-alive (RFC 9293 3.8.4).</summary>
[Trait("Rfc9293", "MAY-5")]
public sealed class KeepAliveTests
{
    private static readonly TcpConnectionOptions On = new() { KeepAlive = true };
    private static readonly TcpConnectionOptions Quick = new()
    {
        KeepAlive = true,
        KeepAliveTime = Duration.FromSeconds(10),
        KeepAliveInterval = Duration.FromSeconds(2),
        KeepAliveProbes = 3,
    };

    [Fact]
    [Trait("Rfc9293", "MUST-25")]
    public void It_is_off_unless_asked_for()
    {
        Assert.False(new TcpConnectionOptions().KeepAlive);
        Given.Established().After(1e9).SendsNothing().Then(TcpState.Established);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-28")]
    [Trait("Rfc9293", "SHLD-12")]
    public void By_default_the_first_probe_comes_after_two_hours_without_data_before_the_window() =>
        Given.Established(connection: On).After(7_199_999).SendsNothing().After(1).Sends(". seq 0 ack 1 len 0").Receives(". seq 1 ack 1")
            .SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-24")]
    [Trait("Rfc9293", "MUST-27")]
    public void It_can_be_switched_and_set_for_each_connection_at_any_time() => Given.Established()
        .After(5_000).Sets(o => o with { KeepAlive = true, KeepAliveTime = Duration.FromSeconds(20) }).After(14_999).SendsNothing()
        .After(1).Sends(". seq 0 len 0").Receives(". seq 1 ack 1").Sets(o => o with { KeepAlive = false }).After(1e8).SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-29")]
    public void Only_several_unanswered_probes_end_the_connection()
    {
        Given given = Given.Established(connection: Quick).After(10_000).Sends(". seq 0 len 0").After(2_000).Sends(". seq 0 len 0")
            .After(2_000).Sends(". seq 0 len 0");
        given.After(1_999).Then(TcpState.Established).After(1).Then(TcpState.Closed).ReadFails(TcpError.TimedOut);
        Assert.Equal(CloseReason.KeepAliveTimeout, given.Connection.CloseReason);
        Assert.Throws<ArgumentOutOfRangeException>(() => Given.Established(connection: Quick with { KeepAliveProbes = 1 }));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-29")]
    public void An_answer_to_the_last_probe_starts_all_over()
    {
        Given given = Given.Established(connection: Quick);
        for (int i = 0; i < 50; i++)
        {
            given.After(10_000).Sends(". seq 0 len 0").After(2_000).Sends(". seq 0 len 0").After(2_000).Sends(". seq 0 len 0");
            given.Receives(". seq 1 ack 1").SendsNothing().Then(TcpState.Established);
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-26")]
    public void Anything_that_arrives_puts_the_probe_off() => Given.Established(connection: Quick)
        .After(9_000).Receives(". seq 1 ack 1 len 10").Ignoring().After(9_000).Ignoring()
        .After(999).SendsNothing().After(1).Sends(". seq 0 ack 11 len 0");

    [Fact]
    [Trait("Rfc9293", "MUST-26")]
    public void While_data_is_outstanding_there_are_no_probes_but_retransmissions()
    {
        Given given = Given.Established(connection: Quick with { UserTimeout = Duration.Infinite }).After(5_000).Writes(10)
            .Sends("P. seq 1 len 10");
        for (int i = 0; i < 100; i++)
        {
            given.After(1_000);
            while (given.Unseen > 0) given.Sends("P. seq 1 len 10");
        }
        given.Receives(". seq 1 ack 11").After(9_999).SendsNothing().After(1).Sends(". seq 10 len 0");
    }

    [Fact]
    [Trait("Rfc9293", "MUST-26")]
    public void A_closed_window_is_probed_by_the_persist_timer_alone()
    {
        Given given = Given.Established(connection: Quick, window: 0).Writes(10);
        for (int i = 0; i < 100; i++)
        {
            given.After(1_000);
            while (given.Unseen > 0) given.Sends(". seq 1 len 1").Receives(". seq 1 ack 1 win 0");
        }
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-12")]
    public void A_probe_of_the_peer_is_answered() => Given.Established()
        .Receives(". seq 0 ack 1").Sends(". seq 1 ack 1").After(1_000).Receives(". seq 0 ack 1 len 1").Sends(". seq 1 ack 1")
        .SendsNothing();

    [Fact]
    public void A_half_closed_connection_is_kept_alive_too() => Given.Established(connection: Quick)
        .ShutsDown().Sends("F. seq 1").Receives(". seq 1 ack 2").Then(TcpState.FinWait2).After(10_000).Sends(". seq 1 len 0")
        .Receives(". seq 1 ack 2").SendsNothing();
}
