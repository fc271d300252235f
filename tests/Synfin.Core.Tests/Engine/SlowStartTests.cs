using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>RFC 5681 without a loss that duplicate ACKs report: slow start, congestion avoidance, time-outs, idleness.</summary>
[Trait("Rfc9293", "MUST-19")]
[Trait("Rfc9293", "MAY-18")]
public sealed class SlowStartTests
{
    private const int Mss = 1460;
    private static readonly StackOptions Rfc = new() { Profile = TcpProfile.Rfc };

    private static Given Window(Given given, int octets)
    {
        Assert.Equal(octets, given.Connection.Status().CongestionWindow);
        return given;
    }

    [Theory]
    [InlineData(536, 10)]
    [InlineData(1460, 10)]
    [InlineData(4000, 3)]
    [InlineData(8960, 2)]
    [Trait("Rfc", "6928 2")]
    [Trait("Clause", "RFC5681-1")]
    public void The_initial_window_is_ten_segments_but_no_more_than_14600_octets_or_two(int mss, int segments)
    {
        Given given = Given.Established(new StackOptions { Mtu = 9000 }, peerOptions: $"mss {mss}");
        given.Mtu = 9000;
        given.Writes(100_000).SendsFull(1, segments, mss).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "5681 3.1")]
    [Trait("Clause", "RFC5681-2")]
    public void After_a_lost_SYN_the_initial_window_is_one_segment() => Given.SynSent(Rfc).Sends("SEW seq 0").After(1_000).Sends("S seq 0")
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends(". ack 1").Writes(10_000).SendsFull(1, 1).SendsNothing();

    [Fact]
    [Trait("Rfc", "5681 3.1")]
    [Trait("Clause", "RFC5681-3")]
    public void In_slow_start_each_acknowledged_segment_lets_two_out()
    {
        Given given = Given.Established(Rfc).Writes(60 * Mss).SendsFull(1, 10).SendsNothing();
        for (int i = 0; i < 10; i++)
            given.Receives($". seq 1 ack {1 + (i + 1) * Mss}").SendsFull(1 + (10 + 2 * i) * Mss, 2).SendsNothing();
        Window(given, 20 * Mss);
    }

    [Fact]
    [Trait("Rfc", "3465 2.2")]
    public void An_ACK_of_two_segments_counts_as_two() =>
        Given.Established(Rfc).Writes(30 * Mss).SendsFull(1, 10).Receives($". seq 1 ack {1 + 2 * Mss}").SendsFull(1 + 10 * Mss, 4)
            .SendsNothing();

    [Fact]
    [Trait("Threat", "8")]
    [Trait("Rfc", "5681 3.1")]
    [Trait("Clause", "RFC5681-3")]
    public void A_segment_acknowledged_octet_by_octet_counts_once()
    {
        Given given = Given.Established(Rfc).Writes(30 * Mss).SendsFull(1, 10);
        for (int ack = 2; ack <= 1 + Mss; ack++) given.Receives($". seq 1 ack {ack}");
        Window(given, 11 * Mss).SendsFull(1 + 10 * Mss, 2).SendsNothing();
    }

    [Fact]
    [Trait("Threat", "7")]
    public void An_ACK_of_what_was_never_sent_is_challenged_and_gives_no_credit()
    {
        Given given = Given.Established(Rfc).Writes(30 * Mss).SendsFull(1, 10);
        given.Receives($". seq 1 ack {2 + 10 * Mss}").Sends($". seq {1 + 10 * Mss} ack 1").SendsNothing();
        Window(given, 10 * Mss);
        Assert.Equal((30 * Mss, 1), (given.Connection.SendQueue, given.Dropped(DropReason.BadAck)));
        for (int i = 0; i < 1_000; i++) given.Receives($". seq 1 ack {1 + 11 * Mss + i}");
        given.SendsNothing(); // the challenges are limited
    }

    [Fact]
    [Trait("Rfc", "5681 3.1")]
    [Trait("Clause", "RFC5681-4")]
    [Trait("Clause", "RFC5681-5")]
    public void After_a_timeout_it_starts_slowly_from_one_segment_up_to_half_the_flight()
    {
        Given given = Given.Established(Rfc).Writes(60 * Mss).SendsFull(1, 10);
        given.After(1_000).SendsFull(1, 1).SendsNothing();
        Assert.Equal(5 * Mss, given.Connection.Status().SlowStartThreshold);
        Window(given, Mss).Receives($". seq 1 ack {1 + Mss}").SendsFull(1 + Mss, 2).SendsNothing();
        Window(given, 2 * Mss).Receives($". seq 1 ack {1 + 2 * Mss}").SendsFull(1 + 3 * Mss, 2).SendsNothing();
        Window(given, 3 * Mss).Receives($". seq 1 ack {1 + 3 * Mss}").SendsFull(1 + 5 * Mss, 2).SendsNothing();
        Window(given, 4 * Mss).Receives($". seq 1 ack {1 + 4 * Mss}").SendsFull(1 + 7 * Mss, 2).SendsNothing();
        Window(given, 5 * Mss);

        // Congestion avoidance: one segment more for each window's worth of octets.
        for (int i = 5; i < 9; i++) given.Receives($". seq 1 ack {1 + i * Mss}").SendsFull(1 + (i + 4) * Mss, 1).SendsNothing();
        Window(given, 5 * Mss).Receives($". seq 1 ack {1 + 9 * Mss}").SendsFull(1 + 13 * Mss, 2).SendsNothing();
        Window(given, 6 * Mss);
        for (int i = 10; i < 15; i++) given.Receives($". seq 1 ack {1 + i * Mss}").SendsFull(1 + (i + 5) * Mss, 1).SendsNothing();
        Window(given, 6 * Mss).Receives($". seq 1 ack {1 + 15 * Mss}").SendsFull(1 + 20 * Mss, 2).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "5681 3.1")]
    public void After_a_timeout_a_small_flight_slow_starts_too() => Given.Established(Rfc)
        .Writes(4 * Mss).SendsFull(1, 4).After(1_000).SendsFull(1, 1).SendsNothing()
        .Receives($". seq 1 ack {1 + Mss}").SendsFull(1 + Mss, 2).SendsNothing()
        .Receives($". seq 1 ack {1 + 2 * Mss}").SendsFull(1 + 3 * Mss, 1).SendsNothing();

    [Fact]
    [Trait("Rfc", "5681 3.1")]
    [Trait("Clause", "RFC5681-6")]
    public void A_second_timeout_of_the_same_segment_leaves_ssthresh()
    {
        Given given = Given.Established(Rfc).Writes(60 * Mss).SendsFull(1, 10).After(1_000).SendsFull(1, 1).After(2_000).SendsFull(1, 1);
        Assert.Equal(5 * Mss, given.Connection.Status().SlowStartThreshold);
        Window(given, Mss);
    }

    [Fact]
    [Trait("Rfc", "5681 3.1")]
    public void Duplicate_ACKs_after_a_timeout_let_nothing_out()
    {
        Given given = Given.Established(Rfc).Writes(60 * Mss).SendsFull(1, 10).After(1_000).SendsFull(1, 1);
        for (int i = 0; i < 9; i++) given.Receives(". seq 1 ack 1");
        given.SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "5681 4.1")]
    [Trait("Clause", "RFC5681-9")]
    public void After_an_idle_RTO_it_begins_with_the_restart_window()
    {
        Given given = Grown(Rfc);
        given.After(1_001).Writes(40 * Mss).SendsFull(1 + 20 * Mss, 10).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "5681 4.1")]
    public void After_a_short_pause_it_goes_on_with_the_full_window()
    {
        Given given = Grown(Rfc);
        given.After(999).Writes(40 * Mss).SendsFull(1 + 20 * Mss, 20 + 10).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "5681 4.1")]
    public void Pure_ACKs_are_no_data_so_the_sender_is_idle_all_the_same()
    {
        Given given = Grown(Rfc);
        for (int i = 0; i < 4; i++)
            given.After(300).Receives($". seq {1 + 2 * i * Mss} ack {1 + 20 * Mss} len {2 * Mss}").Sends($". ack {1 + 2 * (i + 1) * Mss}");
        given.Writes(40 * Mss).SendsFull(1 + 20 * Mss, 10).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "5681 4.1")]
    public void The_restart_window_is_no_larger_than_the_initial_one_of_that_MSS()
    {
        Given given = Given.Established(new StackOptions { Mtu = 9000 }, peerOptions: "mss 8960");
        given.Mtu = 9000;
        int seq = 1;
        for (int i = 0; i < 4; i++)
        {
            given.Writes(2 * 8960).SendsFull(seq, 2, 8960).Receives($". seq 1 ack {seq + 8960}").Receives($". seq 1 ack {seq + 2 * 8960}");
            seq += 2 * 8960;
        }
        given.After(60_000).Writes(60_000).SendsFull(seq, 2, 8960).SendsNothing();
    }

    [Fact]
    public void The_Linux_profile_does_not_restart_after_idleness()
    {
        Given given = Grown(new StackOptions { Profile = TcpProfile.Linux });
        given.After(10_000).Writes(40 * Mss).SendsFull(1 + 20 * Mss, 30).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "7661 1")]
    public void A_window_that_the_application_does_not_use_does_not_grow()
    {
        Given given = Given.Established(Rfc);
        for (int i = 0; i < 50; i++) given.Writes(Mss).SendsFull(1 + i * Mss, 1).Receives($". seq 1 ack {1 + (i + 1) * Mss}");
        Window(given, 10 * Mss);
    }

    /// <summary>Twenty segments were sent and acknowledged one by one: cwnd is thirty segments.</summary>
    private static Given Grown(StackOptions options)
    {
        Given given = Given.Established(options).Writes(20 * Mss).SendsFull(1, 10);
        for (int i = 1; i <= 5; i++) given.Receives($". seq 1 ack {1 + i * Mss}");
        given.SendsFull(1 + 10 * Mss, 10);
        for (int i = 6; i <= 20; i++) given.Receives($". seq 1 ack {1 + i * Mss}");
        Assert.True(given.Connection.Status().CongestionWindow >= 15 * Mss);
        return given.SendsNothing();
    }
}
