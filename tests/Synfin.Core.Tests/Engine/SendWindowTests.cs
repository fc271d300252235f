using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The peer's window: silly steps, shrinking (RFC 9293 3.8.6), scaling (RFC 7323 2).</summary>
public sealed class SendWindowTests
{
    private const int Mss = 1460;
    private static readonly StackOptions Rfc = new() { Profile = TcpProfile.Rfc };

    [Theory]
    [InlineData(14_599)]
    [InlineData(13_140)]
    [InlineData(7_300)]
    [InlineData(1)]
    [InlineData(0)]
    [Trait("Rfc9293", "MUST-34")]
    [Trait("Rfc9293", "SHLD-15")]
    [Trait("Threat", "13")]
    public void A_window_shrunk_into_what_is_in_flight_stops_new_data_until_it_opens_again(int window)
    {
        Given given = Given.Established(Rfc).Writes(15 * Mss).SendsFull(1, 10)
            .Receives($". seq 1 ack 1 win {window}").SendsNothing().Writes(5 * Mss).SendsNothing()
            .After(900).SendsNothing();
        given.Receives(". seq 1 ack 14601 win 65535").SendsFull(14_601, 10).Receives(". seq 1 ack 29201").SendsNothing();
        Assert.Equal(0, given.Connection.SendQueue);
    }

    [Theory]
    [InlineData(14_599)]
    [InlineData(13_140)]
    [InlineData(2_000)]
    [InlineData(1)]
    [InlineData(0)]
    [Trait("Rfc9293", "MUST-34")]
    [Trait("Rfc9293", "MUST-35")]
    [Trait("Rfc9293", "SHLD-17")]
    [Trait("Rfc9293", "MAY-7")]
    [Trait("Threat", "13")]
    public void A_peer_that_shrank_its_window_and_lost_all_gets_all_in_the_end(int window)
    {
        // The peer keeps its right edge at 1 + window for an hour, taking and answering what lies before it; then it opens,
        // and its update is lost.
        Given given = Given.Established(Rfc).Writes(15 * Mss).SendsFull(1, 10).Receives($". seq 1 ack 1 win {window}").SendsNothing();
        int edge = 1 + window, next = 1;
        for (int second = 0; second < 7_200; second++)
        {
            if (second == 3_600) edge = 65_536;
            given.After(1_000);
            while (given.Unseen > 0)
            {
                (int seq, int length) = given.Next();
                Assert.True(length <= 1 || seq + length <= edge, $"{seq} + {length} lies beyond {edge}");
                if (seq <= next) next = Math.Max(next, Math.Min(seq + length, edge));
                if (given.Unseen == 0) given.Receives($". seq 1 ack {next} win {edge - next}");
            }
        }
        given.Then(TcpState.Established);
        Assert.Equal((1 + 15 * Mss, 0), (next, given.Connection.SendQueue));
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-16")]
    [Trait("Rfc9293", "SHLD-17")]
    [Trait("Rfc9293", "MAY-7")]
    public void What_lies_inside_the_shrunk_window_is_retransmitted_and_no_more() => Given.Established(Rfc)
        .Writes(10 * Mss).SendsFull(1, 10).Receives(". seq 1 ack 1 win 4380").SendsNothing()
        .After(1_000).SendsFull(1, 1).SendsNothing()
        .Receives(". seq 1 ack 1461 win 2920").SendsFull(1_461, 2).SendsNothing()
        .Receives(". seq 1 ack 4381 win 0").SendsNothing()
        .After(1_999).SendsNothing().After(1).Sends(". seq 4381 len 1").SendsNothing()
        .Receives(". seq 1 ack 4381 win 0").SendsNothing()
        .After(4_000).Sends(". seq 4381 len 1").Receives(". seq 1 ack 4382 win 65535").SendsFull(4_382, 1).Then(TcpState.Established);

    [Fact]
    [Trait("Rfc9293", "MUST-38")]
    public void A_silly_window_is_not_filled_before_the_override_timeout() => Given.Established(Rfc, window: 10_000)
        .Writes(20_000).SendsFull(1, 6).SendsNothing() // 1,240 octets of room: less than MSS, less than half of 10,000
        .Receives(". seq 1 ack 8761 win 1000").SendsNothing()
        .After(999).SendsNothing().After(1).Sends(". seq 8761 len 1000").SendsNothing()
        .Receives(". seq 1 ack 9761 win 1460").Sends(". seq 9761 len 1460").SendsNothing()
        .Receives(". seq 1 ack 11221 win 1459").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-38")]
    public void Half_of_the_largest_window_may_be_filled_even_if_that_is_less_than_a_segment() => Given.Established(Rfc, window: 1_000)
        .Writes(5_000).Sends(". seq 1 len 1000").SendsNothing()
        .Receives(". seq 1 ack 1001 win 499").SendsNothing()
        .Receives(". seq 1 ack 1001 win 500").Sends(". seq 1001 len 500").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-38")]
    public void All_that_waits_may_go_when_it_fits() => Given.Established(Rfc, window: 10_000)
        .Writes(8_760).SendsFull(1, 6).Receives(". seq 1 ack 8761 win 100").Writes(100).Sends("P. seq 8761 len 100");

    [Theory]
    [InlineData("wscale 14", 65_535, 65_535 << 14)]
    [InlineData("wscale 15", 65_535, 65_535 << 14)]
    [InlineData("wscale 255", 65_535, 65_535 << 14)]
    [InlineData("wscale 0", 65_535, 65_535)]
    [InlineData("wscale 7", 1, 128)]
    [Trait("Rfc", "7323 2.3")]
    [Trait("Threat", "15")]
    [Trait("Rfc9293", "REC-1")]
    [Trait("Clause", "RFC7323-4")]
    public void A_shift_over_14_is_taken_for_14(string scale, int window, int octets) =>
        Assert.Equal(octets, Given.Established(Rfc, null, $"mss 1460,{scale}", window).Connection.Status().SndWnd);

    [Fact]
    [Trait("Rfc", "7323 2.2")]
    [Trait("Threat", "15")]
    [Trait("Clause", "RFC7323-3")]
    public void The_window_of_a_SYN_is_never_scaled()
    {
        Given given = Given.SynSent(Rfc).Sends("SEW seq 0 win 65535").Receives("S. seq 0 ack 1 win 2920 <mss 1460,wscale 14>")
            .Sends(". ack 1");
        Assert.Equal(2_920, given.Connection.Status().SndWnd);
        given.Writes(20_000).SendsFull(1, 2).SendsNothing().Receives(". seq 1 ack 2921 win 1").SendsFull(2_921, 8);
        Assert.Equal(16_384, given.Connection.Status().SndWnd);
    }

    [Fact]
    [Trait("Rfc", "7323 2.2")]
    [Trait("Threat", "15")]
    [Trait("Clause", "RFC7323-2")]
    public void If_the_peer_does_not_offer_scaling_neither_side_scales()
    {
        var large = new TcpConnectionOptions { ReceiveBuffer = 1 << 20 };
        Given given = Given.SynSent(Rfc, large).Sends("SEW seq 0 win 65535 <wscale 5>").Receives("S. seq 0 ack 1 win 5000 <mss 1460>")
            .Sends(". ack 1 win 65535");
        TcpStatus status = given.Connection.Status();
        Assert.Equal((5_000, 0, 0), (status.SndWnd, status.SendWindowScale, status.ReceiveWindowScale));
    }

    [Fact]
    [Trait("Rfc", "7323 2.2")]
    [Trait("Clause", "RFC7323-2")]
    public void If_we_do_not_offer_scaling_the_peers_offer_means_nothing()
    {
        var plain = new StackOptions { Profile = TcpProfile.Rfc with { WindowScaling = false } };
        Given given = Given.Established(plain, null, "mss 1460,wscale 7", 5_000);
        Assert.Equal((5_000, 0), (given.Connection.Status().SndWnd, given.Connection.Status().SendWindowScale));
        Assert.Equal(5_000, Given.SynSent(plain).Sends("SEW seq 0").Receives("S. seq 0 ack 1 win 5000 <mss 1460,wscale 7>")
            .Connection.Status().SndWnd);
    }

    [Fact]
    [Trait("Rfc", "7323 2.3")]
    [Trait("Threat", "15")]
    public void A_window_of_a_gigabyte_is_used_like_any_other()
    {
        Given given = Given.Established(Rfc, null, "mss 1460,wscale 14").Writes(30 * Mss).SendsFull(1, 10);
        given.Receives(". seq 1 ack 14601 win 65535").SendsFull(14_601, 20).SendsNothing();
        Assert.Equal(Duration.FromSeconds(1), given.Connection.Status().RetransmissionTimeout);
    }
}
