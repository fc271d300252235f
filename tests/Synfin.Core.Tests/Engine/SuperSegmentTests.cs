using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Links that cut super-segments into wire segments.</summary>
public sealed class SuperSegmentTests
{
    private const int Mss = 1460;

    private static Given Established(StackOptions? options = null, string peer = "mss 1460", int window = 65_535)
    {
        Given given = Given.Established(options, peerOptions: peer, window: window);
        given.Offloads = LinkOffloads.Segmentation;
        return given;
    }

    private static void Shape(Given given, int size, int segments) => Assert.Equal(new Given.Shape(size, segments), given.LastShape);

    [Fact]
    public void The_window_goes_out_in_one_piece_and_is_counted_in_wire_segments()
    {
        Given given = Established();
        (long packets, long segments) = (given.Stack.Counters.PacketsSent, given.Stack.Counters.SegmentsSent);
        given.Writes(20 * Mss).Sends($". seq 1 len {10 * Mss}").SendsNothing();
        Shape(given, Mss, 10);
        Assert.Equal((packets + 1, segments + 10), (given.Stack.Counters.PacketsSent, given.Stack.Counters.SegmentsSent));
        given.Receives($". seq 1 ack {1 + 10 * Mss}").Sends($"P. seq {1 + 10 * Mss} len {10 * Mss}").SendsNothing();
    }

    [Fact]
    public void It_is_no_longer_than_the_link_says_and_cut_at_a_whole_segment()
    {
        var options = new StackOptions { Profile = TcpProfile.Default with { InitialWindowSegments = 100 } };
        Given given = Established(options, "mss 1460,wscale 7").Receives(". seq 1 ack 1");
        given.Writes(100 * Mss).Sends($". seq 1 len {44 * Mss}").Sends($". seq {1 + 44 * Mss} len {44 * Mss}")
            .Sends($"P. seq {1 + 88 * Mss} len {12 * Mss}");
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-7")]
    public void Classic_Nagle_holds_the_small_tail_back()
    {
        var classic = new StackOptions { Profile = TcpProfile.Default with { MinshallNagle = false } };
        Given given = Established(classic).Writes(3 * Mss + 80).Sends($". seq 1 len {3 * Mss}").SendsNothing();
        Shape(given, Mss, 3);
        given.Receives($". seq 1 ack {1 + 3 * Mss}").Sends($"P. seq {1 + 3 * Mss} len 80");
    }

    [Fact]
    [Trait("Rfc9293", "SHLD-7")]
    public void Minshall_sends_one_small_tail_and_holds_the_next()
    {
        Given given = Established().Writes(3 * Mss + 80).Sends($"P. seq 1 len {3 * Mss + 80}").SendsNothing();
        Shape(given, Mss, 4);
        given.Writes(2 * Mss + 80).Sends($". seq {81 + 3 * Mss} len {2 * Mss}").SendsNothing();
    }

    [Fact]
    public void A_FIN_rides_on_the_last() => Established().Writes(10).Sends("P. seq 1 len 10").Writes(80).SendsNothing()
        .Writes(3 * Mss - 80)
        .Sends($"P. seq 11 len {3 * Mss}").ShutsDown().Sends($"F. seq {11 + 3 * Mss}");

    [Fact]
    [Trait("Rfc9293", "MUST-38")]
    public void A_window_that_does_not_divide_is_filled_with_whole_segments() =>
        Established(window: 5_000).Writes(20 * Mss).Sends($". seq 1 len {3 * Mss}").SendsNothing();

    [Fact]
    public void A_timeout_resends_one_segment_and_slow_start_grows_pieces()
    {
        Given given = Established(new StackOptions { Profile = TcpProfile.Rfc }).Writes(10 * Mss).Sends($"P. seq 1 len {10 * Mss}");
        given.After(1_000).Sends($". seq 1 len {Mss}").SendsNothing().Receives($". seq 1 ack {1 + Mss}")
            .Sends($". seq {1 + Mss} len {2 * Mss}").SendsNothing();
        Shape(given, Mss, 2);
        Assert.Equal(3, given.Stack.Counters.SegmentsRetransmitted);
    }

    [Fact]
    [Trait("Rfc", "6691 3")]
    public void Options_are_taken_off_each_piece()
    {
        Given given = Established(peer: "mss 1460,sackOK,TS val 1 ecr 0").Receives(". seq 1449 ack 1 len 1448 <TS val 1 ecr 0>")
            .Sends(". ack 1");
        given.Writes(3 * 1436).Sends($"P. seq 1 len {3 * 1436}").SendsNothing();
        Shape(given, 1436, 3);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-62")]
    public void While_urgent_data_waits_segments_go_one_by_one_for_the_pointer_counts_from_each()
    {
        Given given = Established().WritesUrgent(3 * Mss);
        given.Sends($"U. seq 1 len {Mss} urg {3 * Mss}").Sends($"U. seq {1 + Mss} len {Mss} urg {2 * Mss}")
            .Sends($"UP. seq {1 + 2 * Mss} len {Mss} urg {Mss}");
    }
}
