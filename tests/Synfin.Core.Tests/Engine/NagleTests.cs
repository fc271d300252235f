using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Small segments: Nagle, PSH, cork (RFC 9293 3.7.4, 3.9.1.2).</summary>
public sealed class NagleTests
{
    private static readonly StackOptions Classic = new() { Profile = TcpProfile.Default with { MinshallNagle = false } };

    [Fact]
    [Trait("Rfc9293", "SHLD-7")]
    [Trait("Rfc9293", "MUST-60")]
    [Trait("Rfc9293", "MUST-61")]
    [Trait("Rfc9293", "SHLD-27")]
    public void A_small_segment_goes_at_once_the_next_ones_wait_for_its_ACK_and_go_together() => Given.Established()
        .Writes(100).Sends("P. seq 1 len 100").Writes(100).SendsNothing().Writes(50).SendsNothing()
        .Receives(". seq 1 ack 101").Sends("P. seq 101 len 150").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "SHLD-28")]
    public void What_gathers_to_a_full_segment_goes_and_PSH_is_on_the_last_octet_alone() => Given.Established()
        .Writes(100).Sends("P. seq 1 len 100").Writes(1_000).SendsNothing().Writes(1_000).Sends(". seq 101 len 1460").SendsNothing()
        .Receives(". seq 1 ack 101").Sends("P. seq 1561 len 540");

    [Fact]
    [Trait("Rfc9293", "SHLD-7")]
    public void Minshall_lets_the_small_end_of_a_write_follow_full_segments() => Given.Established()
        .Writes(3_000).SendsFull(1, 2).Sends("P. seq 2921 len 80").Writes(3_000).SendsFull(3_001, 2).SendsNothing()
        .Receives(". seq 1 ack 2921").SendsNothing().Receives(". seq 1 ack 3001").Sends("P. seq 5921 len 80");

    [Fact]
    [Trait("Rfc9293", "SHLD-7")]
    public void Classic_Nagle_holds_a_small_end_until_all_is_acknowledged() => Given.Established(Classic)
        .Writes(3_000).SendsFull(1, 2).SendsNothing()
        .Receives(". seq 1 ack 1461").SendsNothing().Receives(". seq 1 ack 2921").Sends("P. seq 2921 len 80");

    [Fact]
    [Trait("Rfc9293", "MUST-17")]
    public void Without_delay_every_write_goes_at_once_and_the_choice_can_be_made_later()
    {
        Given.Established(connection: new TcpConnectionOptions { NoDelay = true })
            .Writes(1).Sends("P. seq 1 len 1").Writes(1).Sends("P. seq 2 len 1").Writes(1).Sends("P. seq 3 len 1");
        Given.Established().Writes(1).Sends("P. seq 1 len 1").Writes(1).SendsNothing()
            .Sets(o => o with { NoDelay = true }).Sends("P. seq 2 len 1").Writes(1).Sends("P. seq 3 len 1")
            .Sets(o => o with { NoDelay = false }).Writes(1).SendsNothing();
    }

    [Fact]
    [Trait("Rfc9293", "MAY-16")]
    public void A_corked_small_segment_waits_200_ms() => Given.Established(connection: new TcpConnectionOptions { Cork = true })
        .Writes(100).SendsNothing().After(100).Writes(100).SendsNothing().After(99).SendsNothing().After(1).Sends("P. seq 1 len 200")
        .SendsNothing()
        .Receives(". seq 1 ack 201").After(1_000).SendsNothing()
        .Writes(50).SendsNothing().After(199).SendsNothing().After(1).Sends("P. seq 201 len 50");

    [Fact]
    [Trait("Rfc9293", "MAY-16")]
    public void Full_segments_go_through_a_cork_and_the_rest_goes_when_it_is_pulled() =>
        Given.Established(connection: new TcpConnectionOptions { Cork = true })
        .Writes(3_000).SendsFull(1, 2).SendsNothing().Sets(o => o with { Cork = false }).Sends("P. seq 2921 len 80").SendsNothing()
        .Receives(". seq 1 ack 3001").After(10_000).SendsNothing();

    [Fact]
    public void A_FIN_pulls_the_cork() => Given.Established(connection: new TcpConnectionOptions { Cork = true })
        .Writes(100).SendsNothing().ShutsDown().Sends("FP. seq 1 len 100");

    [Fact]
    public void A_corked_write_into_a_closed_window_is_probed() =>
        Given.Established(null, new TcpConnectionOptions { Cork = true }, window: 0)
        .Writes(100).SendsNothing().After(200).Sends(". seq 1 len 1").Receives(". seq 1 ack 2 win 1000").SendsNothing().After(200)
        .Sends("P. seq 2 len 99");

    [Fact]
    [Trait("Threat", "28")]
    public void Write_write_read_costs_a_delayed_ACK_at_most()
    {
        var pair = new Pair();
        (TcpConnection a, TcpConnection b) = pair.Connect();
        for (int round = 0; round < 20; round++)
        {
            Timestamp start = pair.Now;
            a.Send(new byte[100], pair.Now, out _);
            pair.Settle();
            a.Send(new byte[100], pair.Now, out _);
            pair.Settle();
            while (b.Readable < 200) pair.Run(Duration.FromMilliseconds(1));
            b.Receive(new byte[200], pair.Now, out _);
            b.Send(new byte[10], pair.Now, out _);
            while (a.Readable < 10) pair.Run(Duration.FromMilliseconds(1));
            a.Receive(new byte[10], pair.Now, out _);
            Assert.True(pair.Now - start <= Duration.FromMilliseconds(41), $"round {round} took {pair.Now - start}");
        }
    }
}
