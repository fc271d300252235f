using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Fast retransmit and fast recovery without SACK (RFC 5681 3.2, RFC 6582), limited transmit (RFC 3042).</summary>
[Trait("Rfc9293", "MUST-19")]
public sealed class FastRecoveryTests
{
    private const int Mss = 1460;
    private static readonly StackOptions Rfc = new() { Profile = TcpProfile.Rfc };

    private static string Ack(int segments) => $". seq 1 ack {1 + segments * Mss}";

    private static Given Flight(int write = 10) => Given.Established(Rfc).Writes(write * Mss).SendsFull(1, 10).SendsNothing();

    private static Given Duplicates(Given given, int count, int segments = 0)
    {
        for (int i = 0; i < count; i++) given.Receives(Ack(segments));
        return given;
    }

    [Fact]
    [Trait("Rfc", "5681 3.2")]
    [Trait("Rfc", "3042 2")]
    [Trait("Clause", "RFC5681-7")]
    [Trait("Clause", "RFC5681-8")]
    public void The_first_two_duplicates_let_a_new_segment_out_each_the_third_retransmits()
    {
        Given given = Flight(write: 40)
            .Receives(Ack(0)).SendsFull(1 + 10 * Mss, 1).SendsNothing()
            .Receives(Ack(0)).SendsFull(1 + 11 * Mss, 1).SendsNothing()
            .Receives(Ack(0)).SendsFull(1, 1).SendsNothing();

        // "When RFC 3042 is in use, additional data sent in limited transmit MUST NOT be included in this calculation."
        Assert.Equal(5 * Mss, given.Connection.Status().SlowStartThreshold);
        Assert.Equal(1, given.Stack.Counters.FastRecoveries);

        // cwnd = ssthresh + 3, one more for each further duplicate: the eighth goes beyond the flight of twelve.
        Duplicates(given, 4).SendsNothing();
        for (int i = 0; i < 4; i++) given.Receives(Ack(0)).SendsFull(1 + (12 + i) * Mss, 1).SendsNothing();

        // The full ACK: cwnd = min(ssthresh, max(FlightSize, SMSS) + SMSS), 4 segments are in flight.
        given.Receives(Ack(12)).SendsFull(1 + 16 * Mss, 1).SendsNothing();
        Assert.Equal(5 * Mss, given.Connection.Status().CongestionWindow);
        Assert.False(given.Connection.Status().InRecovery);
    }

    [Fact]
    [Trait("Rfc", "5681 3.2")]
    public void Two_duplicates_are_no_loss() => Duplicates(Flight(), 2).SendsNothing().Receives(Ack(10)).After(10_000).SendsNothing();

    [Fact]
    [Trait("Rfc", "5681 2")]
    public void An_ACK_that_moves_the_window_or_carries_text_is_no_duplicate() => Flight()
        .Receives(". seq 1 ack 1 win 65000").Receives(". seq 1 ack 1 win 64000").Receives(". seq 1 ack 1 win 63000")
        .Receives(". seq 1 ack 1 win 64000")
        .SendsNothing()
        .Receives(". seq 1 ack 1 win 64000 len 1460").Receives(". seq 1461 ack 1 win 64000 len 1460")
        .Receives(". seq 2921 ack 1 win 64000 len 1460")
        .And(g => Assert.Equal(0, g.Stack.Counters.FastRecoveries));

    [Fact]
    [Trait("Rfc", "6582 3.2")]
    [Trait("Clause", "RFC6582-1")]
    public void A_partial_ACK_retransmits_the_next_hole_at_once()
    {
        Given given = Duplicates(Flight(), 3).SendsFull(1, 1).SendsNothing();
        Duplicates(given, 5).SendsNothing();
        given.Receives(Ack(3)).SendsFull(1 + 3 * Mss, 1).SendsNothing();
        given.Receives(Ack(6)).SendsFull(1 + 6 * Mss, 1).SendsNothing();
        given.Receives(Ack(10)).SendsNothing();
        Assert.Equal(1, given.Stack.Counters.FastRecoveries);
        Assert.Equal(2 * Mss, given.Connection.Status().CongestionWindow); // nothing is in flight: no burst
    }

    [Fact]
    [Trait("Rfc", "6582 3.2")]
    [Trait("Clause", "RFC6582-2")]
    public void Partial_ACKs_deflate_the_window_by_what_they_acknowledge()
    {
        // All of the ten and the two by limited transmit arrive, but the first and the sixth.
        Given given = Duplicates(Flight(write: 40), 3).SendsFull(1 + 10 * Mss, 2).SendsFull(1, 1).SendsNothing();
        Duplicates(given, 7).SendsFull(1 + 12 * Mss, 3).SendsNothing();

        // ssthresh 5 + 10 duplicates = 15; less 5 acknowledged, plus 1: 11, with 10 in flight, one of which is resent.
        given.Receives(Ack(5)).SendsFull(1 + 5 * Mss, 1).SendsFull(1 + 15 * Mss, 1).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "6582 3.2")]
    [Trait("Clause", "RFC6582-4")]
    public void Duplicates_of_what_a_timeout_sent_again_start_no_recovery()
    {
        // The peer has all, only its ACKs were lost: what the timeout resends comes back as duplicates of the last ACK.
        Given given = Flight(write: 10).After(1_000).SendsFull(1, 1).Receives(Ack(10)).Writes(5 * Mss).SendsFull(1 + 10 * Mss, 2)
            .SendsNothing();
        Duplicates(given, 3, segments: 10);
        Assert.Equal(0, given.Stack.Counters.FastRecoveries);
        given.Receives(Ack(12));
        Assert.False(given.Connection.Status().InRecovery);
    }

    [Fact]
    [Trait("Rfc", "6582 4.1")]
    [Trait("Clause", "RFC6582-3")]
    public void A_loss_after_the_recovery_starts_a_new_one()
    {
        Given given = Duplicates(Flight(write: 40), 3).SendsFull(1 + 10 * Mss, 2).SendsFull(1, 1);
        given.Receives(Ack(12)).Ignoring().Receives(Ack(13)).Ignoring();
        Duplicates(given, 3, segments: 13);
        Assert.Equal(2, given.Stack.Counters.FastRecoveries);
    }

    [Fact]
    [Trait("Threat", "9")]
    public void Ten_thousand_spoofed_duplicates_are_one_recovery_and_raise_no_window()
    {
        Given given = Flight(write: 400);
        Duplicates(given, 10_000);
        Assert.Equal(1, given.Stack.Counters.FastRecoveries);
        Assert.Equal(5 * Mss, given.Connection.Status().CongestionWindow);
        Assert.Equal(1, given.Stack.Counters.SegmentsRetransmitted);
        Assert.True(given.Connection.Status().SndNxt - given.Connection.Status().SndUna <= 65_535);
    }

    [Fact]
    [Trait("Threat", "9")]
    [Trait("Clause", "RFC6675-1")]
    public void With_SACK_a_duplicate_without_news_counts_nothing()
    {
        Given given = Given.Established(Rfc, peerOptions: "mss 1460,sackOK").Writes(400 * Mss).SendsFull(1, 10);
        Duplicates(given, 10_000).SendsNothing();
        Assert.Equal(0, given.Stack.Counters.FastRecoveries);
    }

    [Fact]
    [Trait("Rfc", "6582 3.2")]
    [Trait("Threat", "25")]
    public void Fast_retransmit_works_after_two_gigabytes_without_a_loss()
    {
        Given given = Given.Established();
        for (int i = 0; i < 5; i++)
        {
            // As if half a gigabyte had been sent and acknowledged.
            given.Connection.Snd.Una += 1u << 29;
            given.Connection.Snd.Nxt += 1u << 29;
            uint at = (uint)(given.Connection.Snd.Una - given.OurIsn);
            given.Writes(10).Ignoring().Receives($". seq 1 ack {at + 10}");
        }
        given.Writes(10 * Mss).Ignoring();
        uint una = (uint)(given.Connection.Snd.Una - given.OurIsn);
        for (int i = 0; i < 3; i++) given.Receives($". seq 1 ack {una}");
        Assert.Equal(1, given.Stack.Counters.FastRecoveries);
    }

    [Fact]
    [Trait("Rfc", "5681 3.2")]
    public void When_the_retransmission_is_lost_too_the_timer_helps() =>
        Duplicates(Flight(), 3).SendsFull(1, 1).After(999).SendsNothing().After(1).SendsFull(1, 1).SendsNothing();
}
