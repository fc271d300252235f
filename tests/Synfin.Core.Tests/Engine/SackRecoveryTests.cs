using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The sender's side of SACK: RFC 6675, RFC 2018 5.</summary>
[Trait("Rfc9293", "MUST-19")]
public sealed class SackRecoveryTests
{
    private const int Mss = 1460;
    private static readonly StackOptions Rfc = new() { Profile = TcpProfile.Rfc };

    private static Given Flight(int write = 10) =>
        Given.Established(Rfc, peerOptions: "mss 1460,sackOK").Writes(write * Mss).SendsFull(1, 10).SendsNothing();

    /// <summary>An ACK whose blocks are given in segments: "1-3" is the second and the third.</summary>
    private static string Ack(int segments, params (int From, int To)[] blocks) => $". seq 1 ack {At(segments)} <sack "
        + string.Join(' ', blocks.Select(b => $"{At(b.From)}:{At(b.To)}")) + ">";

    private static int At(int segment) => 1 + segment * Mss;

    [Fact]
    [Trait("Rfc", "6675 5")]
    [Trait("Rfc", "6675 4")]
    [Trait("Clause", "RFC6675-3")]
    public void Three_holes_are_mended_as_the_pipe_allows()
    {
        // Segments 0, 3 and 6 of ten are lost; half of ten may be in the pipe.
        Given given = Flight()
            .Receives(Ack(0, (1, 2))).SendsNothing()
            .Receives(Ack(0, (1, 3))).SendsNothing()
            .Receives(Ack(0, (4, 5), (1, 3))).SendsFull(At(0), 1).SendsNothing(); // pipe: 0 again, 3, 5 to 9
        Assert.Equal(5 * Mss, given.Connection.Status().SlowStartThreshold);
        Assert.Equal(5 * Mss, given.Connection.Status().CongestionWindow);
        given.Receives(Ack(0, (4, 6), (1, 3))).SendsNothing() // two segments are sacked above 3: not more than two
            .Receives(Ack(0, (7, 8), (4, 6), (1, 3))).SendsFull(At(3), 1).SendsNothing() // now it is lost; pipe: 0, 3 again, 6, 8, 9
            .Receives(Ack(0, (7, 9), (4, 6), (1, 3))).SendsFull(At(6), 1).SendsNothing() // NextSeg (3): 6 may be lost, and there is room
            .Receives(Ack(3, (7, 10), (4, 6))).SendsNothing()
            .Receives(Ack(6, (7, 10))).SendsNothing()
            .Receives(". seq 1 ack 14601").SendsNothing();
        Assert.Equal(1, given.Stack.Counters.FastRecoveries);
        Assert.Equal(3, given.Stack.Counters.SegmentsRetransmitted);
        Assert.False(given.Connection.Status().InRecovery);
        given.After(100_000).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "6675 4")]
    [Trait("Clause", "RFC6675-4")]
    public void New_data_goes_before_what_is_not_surely_lost()
    {
        // Segments 0 and 3 are lost, more is waiting: limited transmit, then NextSeg (1), (2).
        Given given = Flight(write: 30)
            .Receives(Ack(0, (1, 2))).SendsFull(At(10), 1).SendsNothing()
            .Receives(Ack(0, (1, 3))).SendsFull(At(11), 1).SendsNothing()
            .Receives(Ack(0, (4, 5), (1, 3))).SendsFull(At(0), 1).SendsNothing();
        Assert.Equal(5 * Mss, given.Connection.Status().SlowStartThreshold); // without what limited transmit sent

        // Pipe: 0 again, 3, 5 to 11 are 9. Each SACK takes one out; 3 is lost with the third above it.
        given.Receives(Ack(0, (4, 6), (1, 3))).SendsNothing()
            .Receives(Ack(0, (4, 7), (1, 3))).SendsNothing() // 3 is lost: 7 to 11 and 0
            .Receives(Ack(0, (4, 8), (1, 3))).SendsNothing() // 0, 8 to 11: the pipe is full
            .Receives(Ack(0, (4, 9), (1, 3))).SendsFull(At(3), 1).SendsNothing()
            .Receives(Ack(0, (4, 10), (1, 3))).SendsFull(At(12), 1).SendsNothing();
    }

    [Fact]
    [Trait("Rfc", "6675 4")]
    [Trait("Clause", "RFC6675-5")]
    public void The_tail_gets_one_rescue()
    {
        // Segments 0 and 9 are lost: no SACK can ever tell of 9.
        Given given = Flight()
            .Receives(Ack(0, (1, 2))).Receives(Ack(0, (1, 3))).SendsNothing()
            .Receives(Ack(0, (1, 4))).SendsFull(At(0), 1).SendsNothing()
            .Receives(Ack(0, (1, 5))).Receives(Ack(0, (1, 6))).SendsNothing() // pipe: 0 again, 6 to 9
            .Receives(Ack(0, (1, 7))).SendsFull(At(9), 1).SendsNothing()
            .Receives(Ack(0, (1, 8))).Receives(Ack(0, (1, 9))).SendsNothing() // once
            .Receives(". seq 1 ack 13141").SendsNothing()
            .Receives(". seq 1 ack 14601").SendsNothing();
        Assert.False(given.Connection.Status().InRecovery);
        Assert.Equal(2, given.Stack.Counters.SegmentsRetransmitted);
    }

    [Fact]
    [Trait("Rfc", "6675 5")]
    [Trait("Clause", "RFC6675-2")]
    public void Recovery_can_start_before_the_third_duplicate_if_one_ACK_tells_of_three_segments() =>
        Flight().Receives(Ack(0, (1, 4))).SendsFull(At(0), 1);

    [Fact]
    [Trait("Rfc", "6675 5")]
    [Trait("Clause", "RFC6675-6")]
    public void A_lost_retransmission_waits_for_the_timer() => Flight()
        .Receives(Ack(0, (1, 4))).SendsFull(At(0), 1)
        .Receives(Ack(0, (1, 10))).SendsNothing()
        .After(999).SendsNothing().After(1).SendsFull(At(0), 1).SendsNothing();

    [Fact]
    [Trait("Threat", "5")]
    [Trait("Rfc", "2018 8")]
    [Trait("Rfc", "6675 5.1")]
    [Trait("Clause", "RFC2018-6")]
    [Trait("Clause", "RFC2018-7")]
    public void What_was_sacked_is_kept_and_sent_again_after_a_timeout()
    {
        Given given = Flight().Receives(Ack(0, (1, 10))).SendsFull(At(0), 1).SendsNothing();
        Assert.Equal(10 * Mss, given.Connection.SendQueue);
        given.After(1_000).SendsFull(At(0), 1).SendsNothing();

        // The peer reneged: it acknowledges the first alone.
        given.Receives($". seq 1 ack {At(1)}").SendsFull(At(1), 2).SendsNothing();
        Assert.Equal(Enumerable.Range(2 * Mss, Mss).Select(i => (byte)i), given.LastText);
        given.Receives($". seq 1 ack {At(3)}").SendsFull(At(3), 3)
            .Receives($". seq 1 ack {At(6)}").SendsFull(At(6), 4).Receives($". seq 1 ack {At(10)}").SendsNothing();
        Assert.Equal(0, given.Connection.SendQueue);
    }

    [Fact]
    [Trait("Rfc", "6675 5.1")]
    [Trait("Clause", "RFC6675-7")]
    public void After_a_timeout_new_SACKs_save_what_they_tell_of() => Flight()
        .After(1_000).SendsFull(At(0), 1).SendsNothing()
        .Receives(Ack(1, (2, 9))).SendsFull(At(1), 1).SendsFull(At(9), 1).SendsNothing()
        .Receives($". seq 1 ack {At(10)}").SendsNothing();

    [Theory]
    [InlineData("sack 14601:16061")]
    [InlineData("sack 2921:1461")]
    [InlineData("sack 1461:1461")]
    [InlineData("sack 1461:14602")]
    [InlineData("sack 0:1461")]
    [Trait("Threat", "6")]
    public void Blocks_that_cannot_be_are_ignored(string block)
    {
        Given given = Flight(write: 30);
        for (int i = 0; i < 5; i++) given.Receives($". seq 1 ack 1 <{block}>");
        given.SendsNothing();
        Assert.Equal(0, given.Stack.Counters.FastRecoveries);
    }

    [Fact]
    [Trait("Threat", "6")]
    public void The_scoreboard_lies_within_what_is_in_flight_whatever_the_peer_says()
    {
        Given given = Flight(write: 100);
        var random = new Random(6675);
        for (int i = 0; i < 20_000; i++)
        {
            string blocks = "";
            for (int n = random.Next(1, 5); n > 0; n--)
                blocks += $" {random.Next(-3_000, 30_000) & 0x7FFF_FFFF}:{random.Next(-3_000, 30_000) & 0x7FFF_FFFF}";
            given.Ignoring().Receives($". seq 1 ack 1 <sack{blocks}>"); // the invariants are checked after each
        }
        given.Ignoring().Receives($". seq 1 ack {given.Connection.Status().SndNxt - given.OurIsn}").Then(TcpState.Established);
    }

    [Fact]
    [Trait("Cve", "2019-11478")]
    [Trait("Cve", "2019-5599")]
    [Trait("Threat", "2")]
    [Trait("Threat", "4")]
    public void A_hundred_thousand_one_octet_blocks_are_remembered_up_to_a_limit()
    {
        Given given = Given.Established(
            new StackOptions { Profile = TcpProfile.Rfc with { InitialWindowSegments = 300 } }, null, "mss 1460,sackOK,wscale 8");
        given.Writes(200 * Mss).Ignoring();
        for (int i = 0; i < 100_000; i++)
        {
            int at = 3 + 2 * i;
            given.Ignoring().Receives($". seq 1 ack 1 <sack {at}:{at + 1}>");
        }
        given.Ignoring().Receives($". seq 1 ack {given.Connection.Status().SndNxt - given.OurIsn}").Then(TcpState.Established);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(47)]
    [InlineData(48)]
    [Trait("Cve", "2019-11477")]
    [Trait("Threat", "1")]
    public void Tiny_segments_in_large_super_segments_are_counted_right(int mss)
    {
        var options = new StackOptions { Profile = TcpProfile.Rfc with { InitialWindowSegments = 3_000 } };
        Given given = Given.Established(options, null, $"mss {mss},sackOK,wscale 8");
        given.Offloads = LinkOffloads.Segmentation;
        long before = given.Stack.Counters.SegmentsSent;
        given.Writes(96_000);
        int size = given.Connection.Status().SendMss;
        Assert.Equal(before + 96_000 / size, given.Stack.Counters.SegmentsSent);
        for (int at = 2; at < 20_000; at += 2) given.Ignoring().Receives($". seq 1 ack 1 <sack {at}:{at + 1}>");
        given.After(10_000).Ignoring().Receives(". seq 1 ack 96001");
        Assert.Equal(0, given.Connection.SendQueue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(48)]
    [Trait("Cve", "2019-11479")]
    [Trait("Threat", "3")]
    public void A_tiny_MSS_is_raised_to_a_floor(int mss)
    {
        Given given = Given.Established(Rfc, peerOptions: $"mss {mss}").Writes(4_800);
        Assert.Equal(48, given.Connection.Status().SendMss);
        Given stamped = Given.Established(Rfc, peerOptions: $"mss {mss},TS val 1 ecr 0").Writes(4_800);
        Assert.Equal(36, stamped.Connection.Status().SendMss);
        stamped.SendsFull(1, 10, 36);
    }

    [Fact]
    [Trait("Threat", "16")]
    [Trait("Rfc", "2883 5")]
    public void A_DSACK_lie_in_each_round_trip_raises_no_window()
    {
        Given given = Flight(write: 10).Receives(Ack(0, (1, 4))).SendsFull(At(0), 1).Receives($". seq 1 ack {At(10)}");
        int window = given.Connection.Status().CongestionWindow;
        for (int i = 0; i < 100; i++) given.Receives($". seq 1 ack {At(10)} <sack {At(0)}:{At(1)}>");
        given.SendsNothing();
        Assert.Equal(window, given.Connection.Status().CongestionWindow);
        Assert.Equal(1, given.Stack.Counters.FastRecoveries);
    }
}
