using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>When an ACK goes out (RFC 9293 3.8.6.3, RFC 5681 4.2).</summary>
public sealed class DelayedAckTests
{
    [Theory]
    [InlineData("default", 40)]
    [InlineData("rfc", 200)]
    [Trait("Rfc9293", "MUST-40")]
    [Trait("Rfc9293", "SHLD-18")]
    [Trait("Clause", "RFC5681-11")]
    public void An_ACK_waits_less_than_half_a_second(string name, int delay)
    {
        TcpProfile profile = name == "rfc" ? TcpProfile.Rfc : TcpProfile.Default;
        Assert.True(profile.DelayedAck < Duration.FromMilliseconds(500));
        Given.Established(new StackOptions { Profile = profile })
            .Receives(". seq 1 ack 1 len 1460").SendsNothing().After(delay - 1).SendsNothing().After(1).Sends(". ack 1461").After(10_000)
            .SendsNothing();
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-19")]
    [Trait("Clause", "RFC5681-10")]
    public void Every_second_full_segment_is_acknowledged_at_once()
    {
        Given given = Given.Established();
        for (int i = 0; i < 20; i += 2)
            given.Receives($". seq {1 + i * 1460} ack 1 len 1460").SendsNothing().Receives($". seq {1461 + i * 1460} ack 1 len 1460")
                .Sends($". ack {2921 + i * 1460}");
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-19")]
    public void A_full_segment_is_what_the_peer_sends_not_what_we_would_take() => Given.Established()
        .Receives(". seq 1 ack 1 len 536").SendsNothing().Receives(". seq 537 ack 1 len 536").Sends(". ack 1073");

    [Fact]
    [Trait("Rfc9293", "SHLD-18")]
    public void The_delay_counts_from_the_first_segment() => Given.Established()
        .Receives("P. seq 1 ack 1 len 10").After(30).Receives("P. seq 11 ack 1 len 10").SendsNothing().After(10).Sends(". ack 21");

    [Fact]
    [Trait("Rfc9293", "SHLD-18")]
    public void An_answer_carries_the_ACK() => Given.Established()
        .Receives("P. seq 1 ack 1 len 10").SendsNothing().After(10).Writes(5).Sends("P. seq 1 ack 11 len 5").After(40).SendsNothing();

    [Fact]
    public void Quick_ACK_does_not_wait() => Given.Established(connection: new TcpConnectionOptions { QuickAck = true })
        .Receives("P. seq 1 ack 1 len 10").Sends(". ack 11").Receives("P. seq 11 ack 1 len 10").Sends(". ack 21")
        .Sets(o => o with { QuickAck = false }).Receives("P. seq 21 ack 1 len 10").SendsNothing();

    [Fact]
    public void The_Linux_profile_acknowledges_the_first_sixteen_at_once()
    {
        Given given = Given.Established(new StackOptions { Profile = TcpProfile.Linux });
        for (int i = 0; i < 16; i++) given.Receives($"P. seq {1 + 10 * i} ack 1 len 10").Sends($". ack {11 + 10 * i}");
        given.Receives("P. seq 161 ack 1 len 10").SendsNothing();
    }

    [Fact]
    [Trait("Rfc9293", "MUST-58")]
    [Trait("Rfc9293", "MUST-59")]
    public void Segments_that_come_together_are_acknowledged_together() => Given.Established()
        .ReceivesTogether([.. Enumerable.Range(0, 10).Select(i => $". seq {1 + i * 1460} ack 1 len 1460")]).Sends(". ack 14601")
        .SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-59")]
    public void A_gap_that_is_filled_in_the_same_batch_was_none() => Given.Established(peerOptions: "mss 1460,sackOK")
        .ReceivesTogether(". seq 1461 ack 1 len 1460", ". seq 1 ack 1 len 1460").Sends(". ack 2921 <nosack>").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MAY-13")]
    [Trait("Rfc", "5681 4.2")]
    [Trait("Clause", "RFC5681-12")]
    public void Out_of_order_text_and_what_fills_a_gap_are_acknowledged_at_once() => Given.Established()
        .Receives(". seq 1461 ack 1 len 1460").Sends(". ack 1").Receives(". seq 2921 ack 1 len 1460").Sends(". ack 1")
        .Receives(". seq 1 ack 1 len 700").Sends(". ack 701").Receives(". seq 701 ack 1 len 760").Sends(". ack 4381").After(1_000)
        .SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MAY-13")]
    [Trait("Rfc9293", "MUST-58")]
    [Trait("Rfc", "5681 4.2")]
    public void Without_SACK_each_segment_beyond_a_gap_has_its_duplicate_ACK_or_the_peer_could_not_count_three() => Given.Established()
        .ReceivesTogether(". seq 1461 ack 1 len 1460", ". seq 2921 ack 1 len 1460", ". seq 4381 ack 1 len 1460")
        .Sends(". ack 1").Sends(". ack 1").Sends(". ack 1").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-58")]
    [Trait("Rfc9293", "SHLD-19")]
    public void A_joined_segment_counts_as_what_it_was_on_the_wire()
    {
        Given given = Given.Established();
        given.ReceivesJoined(". seq 1 ack 1 len 2920", 2).Sends(". ack 2921").ReceivesJoined(". seq 2921 ack 1 len 1460", 1).SendsNothing();
        given.ReceivesJoined(". seq 4381 ack 1 len 14600", 10).Sends(". ack 18981").SendsNothing();
        Assert.Equal(2 + 13, given.Stack.Counters.SegmentsReceived);
        Assert.Equal(13 + 1, given.Connection.Status().SegmentsReceived);
        Given.Established().ReceivesJoined("P. seq 1 ack 1 len 200", 2).SendsNothing().After(40).Sends(". ack 201");
    }
}
