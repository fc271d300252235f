using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>Peers and paths that do less than they might, or other than they said. Nothing breaks, and what it costs is bounded.</summary>
public sealed class InteropTrapTests
{
    /// <summary>A firewall that gives connections other ISNs, and forgets that SACK blocks have numbers too.</summary>
    [Fact]
    [Trait("Threat", "6")]
    [Trait("Rfc", "2018 3")]
    public void SACK_blocks_in_other_numbers_than_the_ACK_mean_nothing_and_the_timer_mends_the_loss()
    {
        Given given = Flight(TcpProfile.Default);
        for (int i = 1; i < 10; i++) given.Receives($". seq 1 ack 1 <sack {900_000_001 + i * Mss}:{900_000_001 + (i + 1) * Mss}>");
        Assert.Equal(0, given.Status().SackedSegments);
        given.Ignoring().After(1_000);
        Assert.InRange(given.Stack.Counters.SegmentsRetransmitted, 1, 4); // a probe and the first of what is in doubt
        given.Ignoring().Receives($". seq 1 ack {At(10)}").SendsNothing();
        Assert.Equal(0, given.Connection.SendQueue);
    }

    /// <summary>A peer that acknowledges each second full segment, and waits up to 500 ms with the odd one (RFC 1122 4.2.3.2).</summary>
    [Fact]
    [Trait("Rfc9293", "MUST-40")]
    public void A_peer_that_waits_half_a_second_with_the_odd_segment_costs_a_probe_at_most()
    {
        Given given = Open(TcpProfile.Default).Writes(3 * Mss).SendsSegments(0, 3).After(RoundTrip).Receives(Ack(2));
        given.After(499).Ignoring().Receives(Ack(3)).SendsNothing();
        Assert.InRange(given.Stack.Counters.SegmentsRetransmitted, 0, 2);
        Assert.True(given.Window() >= 10, "and whatever was taken for a loss was none");
        Assert.Equal(0, given.Connection.SendQueue);
    }

    /// <summary>A peer without half-close: it resets when our FIN comes. What it had sent before is still read.</summary>
    [Fact]
    [Trait("Rfc9293", "MUST-12")]
    public void A_peer_that_answers_our_FIN_with_RST_ends_the_connection_and_says_so() => Given.Established()
        .ShutsDown().Sends("F. seq 1 ack 1")
        .Receives("R. seq 1 ack 2").SendsNothing().Then(TcpState.Closed).ReadFails(TcpError.ConnectionReset)
        .And(g => Assert.Equal(CloseReason.RemoteReset, g.Connection.CloseReason))
        .After(300_000).SendsNothing();
}
