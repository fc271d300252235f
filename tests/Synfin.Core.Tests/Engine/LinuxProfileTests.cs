using Synfin.Stack;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The details of the Linux profile: when ACKs go, where PSH is, what is offered, how a closed window is probed.</summary>
public sealed class LinuxProfileTests
{
    private static readonly StackOptions _linux = new() { Profile = TcpProfile.Linux };

    private static readonly TcpConnectionOptions _large = new() { ReceiveBuffer = 540_000, WindowScaleBuffer = 15 << 20 };

    [Fact]
    [Trait("Rfc", "7323 2.2")]
    public void The_scale_is_chosen_for_what_the_buffer_may_grow_to() => Given.SynSent(_linux, _large)
        .Sends("S seq 0 win 65535 <mss 1460,sackOK,wscale 8>");

    [Fact]
    public void The_window_begins_with_half_of_the_buffer_rounded_up_to_the_scale_and_grows_with_what_arrives()
    {
        Given given = Given.Established(_linux, _large, "mss 1460,wscale 7");
        given.Receives(". seq 1 ack 1 len 1460").Sends(". ack 1461 win 1061"); // 184 + 2 segments in units of 256
        for (int i = 1; i < 10; i++) given.Receives($". seq {1 + 1460 * i} ack 1 len 1460").Sends($". ack {1461 + 1460 * i}");
        Assert.Equal((184 * 1460 + 10 * 2 * 1460 + 255) / 256, SegmentScript.Read(given.LastSent).Wnd);
    }

    [Fact]
    [Trait("Rfc", "9293 3.8.6.3")]
    public void The_first_segments_are_acknowledged_at_once_then_every_second_full_one()
    {
        Given given = Given.Established(_linux, _large, "mss 1460,wscale 7");
        for (int i = 0; i < 16; i++) given.Receives($". seq {1 + 1460 * i} ack 1 len 1460").Sends($". ack {1461 + 1460 * i}");
        given.Receives($". seq {1 + 1460 * 16} ack 1 len 1460").SendsNothing()
            .Receives($". seq {1 + 1460 * 17} ack 1 len 1460").Sends($". ack {1 + 1460 * 18}")
            .Receives($". seq {1 + 1460 * 18} ack 1 len 1460").SendsNothing()
            .After(39).SendsNothing().After(1).Sends($". ack {1 + 1460 * 19}");
    }

    [Fact]
    public void In_a_dialogue_the_ACK_waits_for_the_answer_and_a_lost_answer_ends_the_dialogue() => Given
        .Established(_linux, _large, "mss 1460,wscale 7")
        .Receives("P. seq 1 ack 1 len 100").Sends(". ack 101")
        .Writes(200).Sends("P. seq 1 ack 101 len 200")
        .Receives("P. seq 101 ack 201 len 100").SendsNothing()
        .After(40).Sends(". ack 201")
        .Receives("P. seq 201 ack 201 len 100").Sends(". ack 301");

    [Fact]
    public void The_peers_FIN_waits_for_ours_for_a_while() => Given
        .Established(_linux, _large, "mss 1460,wscale 7")
        .Receives("P. seq 1 ack 1 len 100").Sends(". ack 101")
        .Receives("F. seq 101 ack 1").SendsNothing().After(40).Sends(". ack 102");

    [Fact]
    public void A_peer_that_sends_again_what_has_arrived_is_answered_at_once_again()
    {
        Given given = Given.Established(_linux, _large, "mss 1460,wscale 7");
        for (int i = 0; i < 17; i++) given.Receives($". seq {1 + 1460 * i} ack 1 len 1460").Ignoring();
        given.After(100).Ignoring().Receives(". seq 1 ack 1 len 1460").Sends($". ack {1 + 1460 * 17}")
            .Receives($". seq {1 + 1460 * 17} ack 1 len 1460").Sends($". ack {1 + 1460 * 18}");
    }

    [Fact]
    [Trait("Rfc", "5681 4.2")]
    public void With_SACK_three_segments_beyond_a_gap_are_answered_at_once_and_the_rest_together()
    {
        Given given = Given.Established(_linux, _large, "mss 1460,sackOK,wscale 7")
            .Writes(1).Sends("P. seq 1 len 1").After(100).Receives(". seq 1 ack 2");
        for (int i = 1; i <= 3; i++) given.Receives($". seq {1 + 1460 * i} ack 2 len 1460").Sends(". ack 1");
        given.Receives($". seq {1 + 1460 * 4} ack 2 len 1460").SendsNothing()
            .Receives($". seq {1 + 1460 * 5} ack 2 len 1460").SendsNothing().After(1).Sends($". ack 1 <sack 1461:{1 + 1460 * 6}>")
            .Receives(". seq 1 ack 2 len 1460").Sends($". ack {1 + 1460 * 6}");
    }

    [Fact]
    public void PSH_stands_at_the_end_of_each_write()
    {
        Given given = Given.Established(_linux, _large with { NoDelay = true });
        given.Writes(100).Sends("P. seq 1 len 100").Writes(2000).Sends(". seq 101 len 1460").Sends("P. seq 1561 len 540");
    }

    [Fact]
    public void Of_writes_that_wait_to_go_together_the_last_has_the_PSH()
    {
        Given given = Given.Established(_linux with { Profile = TcpProfile.Linux with { InitialWindowSegments = 1 } }, _large);
        given.Writes(1460).Sends("P. seq 1 len 1460").Writes(500).Writes(500).SendsNothing()
            .Receives(". seq 1 ack 1461").Sends("P. seq 1461 len 1000");
    }

    [Fact]
    public void A_write_that_says_that_more_follows_has_no_PSH_and_waits()
    {
        Given given = Given.Established(_linux, _large);
        given.And(g => g.Connection.Send(new byte[100], g.Now, out int _, more: true)).Turn().SendsNothing();
        given.And(g => g.Connection.Send(new byte[100], g.Now, out _)).Turn().Sends("P. seq 1 len 200");
        given.Receives(". seq 1 ack 201").And(g => g.Connection.Send(new byte[100], g.Now, out int _, more: true)).Turn().SendsNothing()
            .After(200).Sends(". seq 201 len 100");
    }

    [Fact]
    public void A_long_write_has_a_PSH_in_each_half_of_the_largest_window()
    {
        // Units of half the window, 20,000 octets: 13 segments of 1,460.
        Given given = Given.Established(
            _linux with { Profile = TcpProfile.Linux with { InitialWindowSegments = 40 } }, _large, window: 40_000);
        given.Writes(39_000);
        var pushed = new List<int>();
        while (given.Unseen > 0)
        {
            Segment seg = SegmentScript.Read(given.TakeSent());
            if (seg.Has(TcpFlags.Psh)) pushed.Add(seg.End - given.OurIsn - 1);
        }
        Assert.Contains(2 * 13 * 1460, pushed);
        Assert.Equal(39_000, pushed[^1]);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-36")]
    public void A_closed_window_is_probed_before_its_left_edge_without_text() => Given
        .Established(_linux, _large, window: 1000)
        .Writes(2000).Sends(". seq 1 len 1000").Receives(". seq 1 ack 1001 win 0").SendsNothing()
        .After(400).Sends(". seq 1000").Receives(". seq 1 ack 1001 win 0").SendsNothing()
        .After(800).Sends(". seq 1000").Receives(". seq 1 ack 1001 win 1000").Sends("P. seq 1001 len 1000");

    [Fact]
    [Trait("Rfc9293", "MUST-21")]
    public void The_user_timeout_counts_from_the_first_empty_probe_that_is_not_answered() => Given
        .Established(_linux, _large with { UserTimeout = Duration.FromSeconds(10) }, window: 1000)
        .Writes(2000).Sends(". seq 1 len 1000").Receives(". seq 1 ack 1001 win 0")
        .After(200).Sends(". seq 1000").Receives(". seq 1 ack 1001 win 0")
        .After(400).Sends(". seq 1000").Ignoring().After(9_999).Ignoring().Then(TcpState.Established)
        .After(2).Then(TcpState.Closed);

    [Fact]
    [Trait("Rfc9293", "MUST-56")]
    public void Any_ICMP_error_ends_an_OPEN_but_none_a_connection()
    {
        Given given = Given.SynSent(_linux).Sends("S seq 0");
        given.ReceivesPacket(Packets.Error(given.LastSent, 3, 0)).Then(TcpState.Closed);
        Assert.Equal(IcmpKind.NetworkUnreachable, given.Connection.LastIcmp);
        Given ours = Given.SynSent().Sends("S seq 0");
        ours.ReceivesPacket(Packets.Error(ours.LastSent, 3, 0)).Then(TcpState.SynSent);
    }

    [Fact]
    [Trait("Rfc", "7323 3.2")]
    [Trait("Clause", "RFC7323-6")]
    public void A_RST_of_ours_carries_timestamps_if_they_were_agreed_on()
    {
        Given given = Given.Established(peerOptions: "mss 1460,TS val 1 ecr 0");
        given.Aborts().Sends("R. seq 1 ack 1");
        Assert.Equal(1u, SegmentScript.Read(given.LastSent).Options.TimestampEchoReply);
    }

    [Fact]
    public void Quick_acknowledgments_can_be_asked_for_and_are_a_hint_only() => Given
        .Established(_linux, _large, "mss 1460,wscale 7")
        .Receives("P. seq 1 ack 1 len 100").Sends(". ack 101").Writes(200).Sends("P. seq 1 len 200")
        .Receives("P. seq 101 ack 201 len 100").SendsNothing()
        .Sets(o => o with { QuickAck = true }).Sends(". ack 201")
        .Receives("P. seq 201 ack 201 len 100").Sends(". ack 301");

}
