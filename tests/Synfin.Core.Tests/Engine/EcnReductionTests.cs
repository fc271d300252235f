using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>RFC 3168 6.1.2: what ECE does to the sender of text. Segments of 1000 octets over a path of 100 ms.</summary>
[Trait("Rfc9293", "SHLD-8")]
public sealed class EcnReductionTests
{
    private static readonly TcpProfile _reno = TcpProfile.Rfc with { InitialWindowSegments = 10 };

    /// <summary>Ten segments are in flight for a round trip; more may wait.</summary>
    private static Given Flight(TcpProfile profile, int write = 10) => Given.Listening(new StackOptions { Profile = profile })
        .Receives("SEW seq 0 win 65535 <mss 1000,sackOK>").Sends("S.E seq 0 ack 1").After(RoundTrip)
        .Receives(". seq 1 ack 1 win 65535").Accepts().Writes(write * Mss).SendsFull(1, 10, Mss).SendsNothing().After(RoundTrip);

    /// <summary>An ACK with ECE.</summary>
    private static string Echo(int segments, params (int From, int To)[] blocks) => ".E" + Ack(segments, blocks)[1..];

    private static string Text(int segment, string flags = ".") => $"{flags} seq {At(segment)} len 1000";

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    [Trait("Clause", "RFC3168-7")]
    public void Linux_shrinks_from_ten_to_seven_over_a_round_trip_and_tells_it_once()
    {
        Given given = Flight(TcpProfile.Linux, write: 40)
            .Receives(Echo(2)).Sends(Text(10, ".W") + " ect0").Sends(Text(11, "P.") + " ect0").SendsNothing(); // ceil(0.7 * 2)
        Assert.Equal((CongestionState.Cwr, 7), (given.Status().CongestionState, given.Threshold()));
        given.Receives(Echo(4)).Sends(Text(12) + " ect0").SendsNothing() // ceil(0.7 * 4) - 2: the same congestion
            .Receives(Echo(6)).SendsNothing() // seven are in flight
            .Receives(Echo(8)).SendsSegments(13, 2).SendsNothing()
            .Receives(Echo(10)).SendsSegments(15, 2).SendsNothing();
        Assert.Equal((CongestionState.Cwr, 7), (given.Status().CongestionState, given.Threshold()));
        given.After(RoundTrip).Receives(Ack(12)).Ignoring();
        Assert.Equal((CongestionState.Open, 7, 0L), (given.Status().CongestionState, given.Window(), given.Status().TotalRetransmits));
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    [Trait("Clause", "RFC3168-7")]
    public void NewReno_halves_the_window_at_once()
    {
        Given given = Flight(_reno, write: 40).Receives(Echo(2)).SendsNothing();
        Assert.Equal((5, 5, CongestionState.Cwr), (given.Window(), given.Threshold(), given.Status().CongestionState));
        given.Receives(Echo(4)).SendsNothing().Receives(Echo(5)).SendsNothing(); // five are in flight
        given.Receives(Echo(6)).Sends(Text(10, ".W") + " ect0").SendsNothing();
        Assert.Equal(5, given.Window());
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    [Trait("Clause", "RFC3168-7")]
    public void Congestion_in_the_next_round_trip_reduces_again()
    {
        Given given = Flight(TcpProfile.Linux, write: 60).Receives(Echo(10)).Ignoring();
        Assert.Equal(7, given.Threshold());
        given.After(RoundTrip).Receives(Echo(10)).Ignoring(); // nothing of what left since
        Assert.Equal(7, given.Threshold());
        given.Receives(Echo(12)).Ignoring();
        Assert.Equal((4, CongestionState.Cwr), (given.Threshold(), given.Status().CongestionState)); // 717/1024 of 7
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    public void The_window_never_falls_below_two_segments()
    {
        Given given = Flight(TcpProfile.Default, write: 60);
        int una = 10;
        for (int round = 0; round < 8; round++)
        {
            given.Receives(Echo(una)).After(RoundTrip);
            Assert.NotEqual(0, given.Unseen);
            una += given.Unseen;
            given.Ignoring();
        }
        Assert.Equal(2, given.Threshold());
        Assert.InRange(given.Status().CongestionWindow, 1_000, 2_999);
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.5")]
    [Trait("Clause", "RFC3168-4")]
    public void A_retransmission_has_neither_ECT_nor_CWR() => Flight(TcpProfile.Linux, write: 40)
        .Receives(Ack(0, (1, 2))).Sends(Text(10) + " ect0").Receives(Ack(0, (1, 3))).Sends(Text(11) + " ect0")
        .Receives(Ack(0, (1, 4))).Sends(Text(0) + " noect")
        .Receives(Ack(0, (1, 5))).Sends(Text(12, ".W") + " ect0") // any reduction is told
        .Receives(Ack(0, (1, 6))).Sends(Text(13) + " ect0");

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    [Trait("Clause", "RFC3168-10")]
    public void In_fast_recovery_ECE_reduces_nothing_more()
    {
        Given given = Flight(TcpProfile.Linux, write: 40).Receives(Ack(0, (1, 2))).Receives(Ack(0, (1, 3))).Receives(Ack(0, (1, 4)));
        Assert.Equal((CongestionState.Recovery, 7), (given.Status().CongestionState, given.Threshold()));
        given.Receives(Echo(0, (1, 5))).Receives(Echo(0, (1, 6)));
        Assert.Equal((CongestionState.Recovery, 7), (given.Status().CongestionState, given.Threshold()));
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    [Trait("Clause", "RFC3168-10")]
    public void A_loss_in_the_same_round_trip_reduces_nothing_more()
    {
        Given given = Flight(TcpProfile.Linux, write: 40).Receives(Echo(1)).Sends(Text(10, ".W")).SendsNothing();
        Assert.Equal((CongestionState.Cwr, 7), (given.Status().CongestionState, given.Threshold()));
        given.Receives(Echo(1, (2, 5))).Sends(Text(1) + " noect").Ignoring();
        Assert.Equal((CongestionState.Recovery, 7), (given.Status().CongestionState, given.Threshold()));
        given.After(RoundTrip).Receives(Ack(11)).Ignoring();
        Assert.Equal((CongestionState.Open, 8), (given.Status().CongestionState, given.Window())); // CUBIC climbs already
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    public void A_time_out_tells_it_by_CWR_too() => Flight(TcpProfile.Rfc with { InitialWindowSegments = 10 }, write: 12)
        .After(1_000).Sends(Text(0) + " noect").Receives(Ack(10)).Sends(Text(10, ".W") + " ect0").Sends(Text(11, "P.") + " ect0");

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    public void An_ACK_with_ECE_raises_nothing_though_nothing_is_reduced_any_more()
    {
        // All is acknowledged at once, and the next flight's first ACK is of the last number before the reduction ended.
        Given given = Flight(TcpProfile.Default).Receives(Echo(10)).SendsNothing();
        Assert.Equal((7, CongestionState.Cwr), (given.Window(), given.Status().CongestionState));
        given.Writes(4_000).Sends(Text(10, ".W") + " ect0").SendsFull(At(11), 3, Mss).SendsNothing();
        given.After(RoundTrip).Receives(Ack(12)).Receives(Ack(14)).SendsNothing();
        Assert.Equal((7, CongestionState.Open), (given.Window(), given.Status().CongestionState));
    }

    [Theory]
    [InlineData(".E seq 1 ack 1001")]
    [InlineData(".EW seq 1 ack 1001")]
    [Trait("Rfc", "3168 6.1.1")]
    [Trait("Clause", "RFC3168-2")]
    public void ECE_is_ignored_where_nobody_agreed(string ack)
    {
        Given given = Recovering.Flight(TcpProfile.Default).Receives(ack).SendsNothing();
        Assert.Equal((CongestionState.Open, int.MaxValue), (given.Status().CongestionState, given.Status().SlowStartThreshold));
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    public void ECE_when_nothing_is_in_flight_or_of_an_old_ACK_is_ignored()
    {
        Given given = Flight(TcpProfile.Default).Receives(Ack(5)).Receives(Echo(3)).Receives(Ack(10)).Receives(Echo(10)).SendsNothing();
        Assert.Equal((CongestionState.Open, int.MaxValue), (given.Status().CongestionState, given.Status().SlowStartThreshold));
    }

    [Fact]
    [Trait("Rfc", "3168 6.1.2")]
    public void A_super_segment_has_CWR_once()
    {
        Given given = Given.Listening(new StackOptions { Profile = TcpProfile.Linux })
            .And(g => g.Offloads = LinkOffloads.Segmentation)
            .Receives("SEW seq 0 win 65535 <mss 1000,sackOK>").Sends("S.E seq 0 ack 1").After(RoundTrip)
            .Receives(". seq 1 ack 1 win 65535").Accepts().Writes(30_000).Sends(". seq 1 len 10000 ect0").After(RoundTrip)
            .Receives(Echo(10)).Sends(".W seq 10001 len 7000 ect0"); // the link has it on the first of the seven alone
        given.After(RoundTrip).Receives(Ack(17));
        Assert.Equal(CongestionState.Open, given.Status().CongestionState);
        given.Sends(". seq 17001 len 8000 ect0"); // CUBIC climbs already
    }
}
