using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>RFC 2525, Known TCP Implementation Problems: none of them is ours.</summary>
public sealed class Rfc2525Tests
{
    private const int Mss = 1460;
    private static readonly StackOptions Rfc = new() { Profile = TcpProfile.Rfc };

    [Fact]
    [Trait("Rfc", "2525 2.1")]
    public void No_initial_slow_start() => Given.Established(Rfc).Writes(40 * Mss).SendsFull(1, 10).SendsNothing();

    [Fact]
    [Trait("Rfc", "2525 2.2")]
    public void No_slow_start_after_retransmission_timeout() => Given.Established(Rfc).Writes(40 * Mss).SendsFull(1, 10)
        .After(1_000).SendsFull(1, 1).SendsNothing().Receives($". seq 1 ack {1 + Mss}").SendsFull(1 + Mss, 2).SendsNothing();

    [Fact]
    [Trait("Rfc", "2525 2.3")]
    public void Uninitialized_CWND()
    {
        // Active, passive, and the passive end whose third segment of the handshake was lost: its text comes first.
        Given.SynSent(Rfc).Sends("SEW seq 0").Receives("S. seq 0 ack 1 <mss 1460>").Sends(". ack 1").Writes(40 * Mss).SendsFull(1, 10)
            .SendsNothing();
        Given.Listening(Rfc).Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives("P. seq 1 ack 1 len 10").Accepts()
            .Writes(40 * Mss).SendsFull(1, 10).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "2525 2.4")]
    public void Inconsistent_retransmission()
    {
        Given given = Given.Established(Rfc, new TcpConnectionOptions { NoDelay = true });
        for (int i = 0; i < 50; i++) given.Writes(37);
        given.Ignoring();
        for (int round = 0; round < 5; round++)
        {
            given.After(128_000);
            while (given.Unseen > 0)
            {
                (int seq, int length) = given.Next();
                Assert.Equal(Enumerable.Range(seq - 1, length).Select(i => (byte)i), given.LastText);
            }
            given.Receives($". seq 1 ack {2 + round * 100}");
        }
    }

    [Fact]
    [Trait("Rfc", "2525 2.5")]
    public void Failure_to_retain_above_sequence_data() => Given.Established(Rfc)
        .Receives($". seq {1 + Mss} ack 1 len {Mss}").Sends(". ack 1").Receives($". seq 1 ack 1 len {Mss}").Sends($". ack {1 + 2 * Mss}")
        .Reads(2 * Mss);

    [Fact]
    [Trait("Rfc", "2525 2.6")]
    public void Extra_additive_constant_in_congestion_avoidance()
    {
        Given given = Given.Established(Rfc).Writes(400 * Mss).SendsFull(1, 10).After(1_000).SendsFull(1, 1);
        int acked = 0;
        void Ack(int segments)
        {
            for (int i = 0; i < segments; i++) given.Receives($". seq 1 ack {1 + ++acked * Mss}").Ignoring();
        }
        Ack(4);
        for (int window = 5; window < 15; window++)
        {
            Assert.Equal(window * Mss, given.Connection.Status().CongestionWindow);
            Ack(window);
        }
    }

    [Fact]
    [Trait("Rfc", "2525 2.7")]
    public void Initial_RTO_too_low() => Given.SynSent().Sends("S seq 0").After(999).SendsNothing();

    [Fact]
    [Trait("Rfc", "2525 2.8")]
    public void Failure_of_window_deflation_after_loss_recovery()
    {
        Given given = Given.Established(Rfc).Writes(100 * Mss).SendsFull(1, 10);
        for (int i = 0; i < 9; i++) given.Receives(". seq 1 ack 1");
        given.Ignoring().Receives($". seq 1 ack {1 + 12 * Mss}");
        TcpStatus status = given.Connection.Status();
        Assert.True(status.CongestionWindow <= 5 * Mss && status.SndNxt - status.SndUna <= 5 * Mss);
    }

    [Fact]
    [Trait("Rfc", "2525 2.9")]
    public void Excessively_short_keep_alive_connection_timeout()
    {
        Given given = Given.Established(connection: new TcpConnectionOptions { KeepAlive = true }).After(7_200_000);
        for (int i = 0; i < 9; i++) given.Sends(". seq 0 len 0").Then(TcpState.Established).After(75_000);
        given.Then(TcpState.Closed);
    }

    [Fact]
    [Trait("Rfc", "2525 2.10")]
    public void Failure_to_back_off_retransmission_timeout() => Given.Established(Rfc)
        .Writes(10).Sends("P. seq 1 len 10").After(1_000).Sends("P. seq 1 len 10").After(1_999).SendsNothing().After(1)
        .Sends("P. seq 1 len 10")
        .After(3_999).SendsNothing().After(1).Sends("P. seq 1 len 10");

    [Fact]
    [Trait("Rfc", "2525 2.11")]
    public void Insufficient_interval_between_keep_alives()
    {
        Assert.True(new TcpConnectionOptions().KeepAliveInterval >= Duration.FromSeconds(75));
        Given.Established(connection: new TcpConnectionOptions { KeepAlive = true })
            .After(7_200_000).Sends(". seq 0 len 0").After(74_999).SendsNothing().After(1).Sends(". seq 0 len 0");
    }

    [Fact]
    [Trait("Rfc", "2525 2.12")]
    public void Window_probe_deadlock()
    {
        // The buffer is full, one octet is read, the peer's probe of one octet comes: its ACK of our data counts all the same.
        Given given = Given.Established(Rfc, new TcpConnectionOptions { ReceiveBuffer = 2_048, QuickAck = true });
        given.Receives(". seq 1 ack 1 len 2048").Sends(". ack 2049 win 0").Reads(1).SendsNothing();
        given.Writes(100).Sends("P. seq 1 len 100").Receives(". seq 2049 ack 101 len 1").Sends(". ack 2049 win 0");
        Assert.Equal(0, given.Connection.SendQueue);
        given.Writes(100).Sends("P. seq 101 len 100").Receives(". seq 2049 ack 201").SendsNothing();
        Assert.Equal(0, given.Connection.SendQueue);
    }

    [Fact]
    [Trait("Rfc", "2525 2.13")]
    public void Stretch_ACK_violation()
    {
        Given given = Given.Established(peerOptions: "mss 1460,TS val 1 ecr 0");
        for (int i = 0; i < 20; i += 2)
        {
            given.Receives($". seq {1 + i * 1448} ack 1 len 1448 <TS val 1 ecr 0>").SendsNothing();
            given.Receives($". seq {1449 + i * 1448} ack 1 len 1448 <TS val 1 ecr 0>").Sends($". ack {2897 + i * 1448}");
        }
    }

    [Fact]
    [Trait("Rfc", "2525 2.14")]
    public void Retransmission_sends_multiple_packets()
    {
        Given given = Given.Established(Rfc).Writes(10 * Mss).SendsFull(1, 10).After(1_000).SendsFull(1, 1).SendsNothing();
        given.Receives($". seq 1 ack {1 + 10 * Mss}").SendsNothing();
        Given.Established(Rfc).Writes(10 * Mss).SendsFull(1, 10)
            .Receives(". seq 1 ack 1").Receives(". seq 1 ack 1").Receives(". seq 1 ack 1").SendsFull(1, 1).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "2525 2.15")]
    public void Failure_to_send_FIN_notification_promptly() => Given.Established(Rfc)
        .Writes(100).Sends("P. seq 1 len 100").Writes(50).SendsNothing().Closes().Sends("FP. seq 101 len 50");

    [Fact]
    [Trait("Rfc", "2525 2.16")]
    [Trait("Rfc9293", "SHLD-3")]
    public void Failure_to_send_a_RST_after_half_duplex_close() => Given.Established(Rfc)
        .Closes().Sends("F. seq 1").Receives(". seq 1 ack 2").Then(TcpState.FinWait2).Receives(". seq 1 ack 2 len 10").Sends("R seq 2")
        .Then(TcpState.Closed);

    [Fact]
    [Trait("Rfc", "2525 2.17")]
    [Trait("Rfc9293", "SHLD-3")]
    public void Failure_to_RST_on_close_with_data_pending() => Given.Established(Rfc)
        .Receives(". seq 1 ack 1 len 10").Closes().Sends("R. seq 1 ack 11").Then(TcpState.Closed);

    [Fact]
    [Trait("Rfc", "2525 2.18")]
    [Trait("Rfc9293", "MUST-16")]
    public void Options_missing_from_TCP_MSS_calculation() => // the link of Given refuses packets over the MTU
        Given.Established(Rfc, peerOptions: "mss 1460,sackOK,TS val 1 ecr 0").Writes(20_000).SendsFull(1, 10, 1_448)
            .Receives(". seq 1449 ack 1 len 100 <TS val 1 ecr 0>").Sends(". ack 1 <sack 1449:1549>")
            .Receives(". seq 1549 ack 1449 len 100 <TS val 1 ecr 0>").Sends(". seq 14481 len 1436").Sends(". seq 15917 len 1436");
}
