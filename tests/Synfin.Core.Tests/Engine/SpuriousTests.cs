using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>Retransmissions that prove needless are undone (RFC 3522, RFC 3708, RFC 4015), and lies about them win nothing.</summary>
public sealed class SpuriousTests
{
    private static readonly TcpProfile Linux = TcpProfile.Linux;

    private static string Dsack(int ack, int from, int to) => $". seq 1 ack {At(ack)} <sack {At(from)}:{At(to)}>";

    [Fact]
    [Trait("Rfc", "3522 3.2")]
    [Trait("Rfc", "4015 3.2")]
    public void An_echo_from_before_the_retransmission_undoes_a_timeout()
    {
        Given given = Open(Linux, "mss 1012,TS val 1 ecr 0").Writes(10 * Mss).SendsSegments(0, 10);
        uint original = SegmentScript.Read(given.LastSent).Options.TimestampValue;
        given.After(301).SendsSegments(0).SendsNothing();
        Assert.Equal((CongestionState.Loss, 1), (given.Status().CongestionState, given.Window()));
        given.After(10).Receives($". seq 1 ack {At(1)} <TS val 1 ecr {original}>");
        Assert.Equal((10, 1L), (given.Window(), given.Stack.Counters.UndoneReductions));
        Assert.Equal(0, given.Status().LostSegments);
        given.Ignoring().Receives($". seq 1 ack {At(10)} <TS val 1 ecr {original}>").SendsNothing();
        Assert.Equal(CongestionState.Open, given.Status().CongestionState);
    }

    [Fact]
    [Trait("Rfc", "3708 3")]
    [Trait("Rfc", "2883 4")]
    public void DSACKs_of_all_that_was_sent_again_undo_a_recovery()
    {
        Given given = Flight(Linux).Receives(Ack(0, (1, 4))).SendsSegments(0);
        Assert.Equal((CongestionState.Recovery, 7), (given.Status().CongestionState, given.Threshold()));
        given.After(5).Receives(Ack(4)).Ignoring().Receives(Dsack(4, 0, 1)).Ignoring();
        Assert.Equal((10, 1L), (given.Window(), given.Stack.Counters.UndoneReductions));
        Assert.Equal(CongestionState.Open, given.Status().CongestionState);
        Assert.Equal((1, 0), (given.Status().DsackDuplicates, given.Status().LostSegments));
    }

    [Fact]
    [Trait("Rfc", "3708 3")]
    public void A_DSACK_that_comes_after_the_recovery_undoes_it_still()
    {
        Given given = Flight(Linux).Receives(Ack(0, (1, 4))).SendsSegments(0).After(5).Receives(Ack(10)).SendsNothing();
        // ssthresh, and one by CUBIC's curve, which Linux lets the ACK that ends the recovery climb.
        Assert.Equal((CongestionState.Open, 8), (given.Status().CongestionState, given.Window()));
        given.Receives(Dsack(10, 0, 1));
        Assert.Equal((10, int.MaxValue), (given.Window(), given.Status().SlowStartThreshold));
    }

    [Fact]
    [Trait("Rfc", "3708 3")]
    public void One_of_two_retransmissions_that_was_needed_keeps_the_reduction()
    {
        Given given = Flight(Linux).Receives(Ack(0, (2, 8))).Ignoring().After(RoundTrip).Receives(Ack(10)).Receives(Dsack(10, 0, 1));
        Assert.Equal(2, given.Status().TotalRetransmits);
        Assert.Equal((7, 0L), (given.Window(), given.Stack.Counters.UndoneReductions));
    }

    [Fact]
    public void The_rfc_profile_undoes_nothing()
    {
        Given given = Flight(TcpProfile.Rfc).Receives(Ack(0, (1, 4))).SendsSegments(0).After(5).Receives(Dsack(10, 0, 1));
        Assert.Equal(5, given.Threshold());
        Assert.Equal(0, given.Stack.Counters.UndoneReductions);
    }

    [Fact]
    [Trait("Threat", "16")]
    [Trait("Rfc", "2883 5")]
    public void Fake_DSACKs_undo_each_reduction_once_and_never_raise_the_window_beyond_what_it_was()
    {
        Given given = Flight(Linux, write: 10);
        int acked = 0;
        for (int round = 1; round <= 30; round++)
        {
            int before = given.Window();
            given.Receives(Ack(acked, (acked + 1, acked + 4))).Ignoring(); // a loss
            for (int i = 0; i < 50; i++) given.Receives(Dsack(acked, Math.Max(0, acked - 1), acked == 0 ? 1 : acked)).Ignoring();
            given.After(RoundTrip).Receives(Ack(acked + 10)).Ignoring();
            for (int i = 0; i < 50; i++) given.Receives(Dsack(acked + 10, acked, acked + 1)).Ignoring();
            Assert.True(given.Window() <= before, $"round {round}: cwnd {given.Window()} after {before}");
            Assert.True(given.Stack.Counters.UndoneReductions <= given.Stack.Counters.FastRecoveries);
            acked += 10;
            given.Writes(10 * Mss).Ignoring().After(RoundTrip).Ignoring();
        }
    }

    [Fact]
    [Trait("Threat", "16")]
    public void DSACKs_without_a_retransmission_mean_nothing()
    {
        Given given = Flight(Linux, write: 40);
        for (int i = 0; i < 1_000; i++) given.Receives($". seq 1 ack {At(1)} <sack {At(0)}:{At(1)}>").Ignoring();
        Assert.Equal((0L, 0L, 3), (given.Stack.Counters.FastRecoveries, given.Stack.Counters.UndoneReductions, given.Status().Reordering));
        Assert.True(given.Window() <= 11);
    }
}
