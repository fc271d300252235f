using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>RFC 9937: proportional rate reduction, from ten segments to seven.</summary>
[Trait("Rfc9293", "MUST-19")]
public sealed class PrrTests
{
    [Fact]
    [Trait("Rfc", "9937 6")]
    public void Linux_counts_in_segments_and_sends_seven_for_ten()
    {
        // Segment 0 is lost. Limited transmit lets 10 and 11 out; the third SACK tells of the loss.
        Given given = Flight(TcpProfile.Linux, write: 40)
            .Receives(Ack(0, (1, 2))).SendsSegments(10).Receives(Ack(0, (1, 3))).SendsSegments(11).SendsNothing()
            .Receives(Ack(0, (1, 4))).SendsSegments(0).SendsNothing(); // ceil(0.7 * 1) - 0
        Assert.Equal((9, 7), (given.Window(), given.Threshold()));
        given.Receives(Ack(0, (1, 5))).SendsSegments(12).SendsNothing() // ceil(0.7 * 2) - 1
            .Receives(Ack(0, (1, 6))).SendsSegments(13).SendsNothing() // ceil(0.7 * 3) - 2
            .Receives(Ack(0, (1, 7))).SendsNothing() // ceil(0.7 * 4) - 3
            .Receives(Ack(0, (1, 8))).SendsNothing() // the pipe is 7
            .Receives(Ack(0, (1, 9))).SendsSegments(14).SendsNothing() // 6: what was delivered goes out, up to ssthresh
            .Receives(Ack(0, (1, 10))).SendsSegments(15).SendsNothing();
        given.After(RoundTrip).Receives(Ack(12)).SendsSegments(16, 3).SendsNothing();
        Assert.Equal((CongestionState.Open, 7), (given.Status().CongestionState, given.Window()));
    }

    [Fact]
    [Trait("Rfc", "9937 6")]
    public void By_octets_a_fraction_of_a_segment_waits_for_the_rest()
    {
        Given given = Flight(TcpProfile.Default, write: 40)
            .Receives(Ack(0, (1, 2))).SendsSegments(10).Receives(Ack(0, (1, 3))).SendsSegments(11).SendsNothing()
            .Receives(Ack(0, (1, 4))).SendsSegments(0).SendsNothing(); // the fast retransmit, at all costs
        Assert.Equal(7, given.Threshold());
        int sent = 1;
        for (int sacked = 5; sacked <= 10; sacked++)
        {
            given.Receives(Ack(0, (1, sacked)));
            sent += given.Unseen;
            given.Ignoring();
        }
        Assert.Equal(5, sent); // 0.7 * 7 segments were delivered
        given.After(RoundTrip).Receives(Ack(12)).Ignoring();
        Assert.Equal((CongestionState.Open, 7), (given.Status().CongestionState, given.Window()));
    }

    [Fact]
    [Trait("Rfc", "9937 6")]
    public void After_heavy_loss_what_arrives_clocks_the_retransmissions_out()
    {
        // Segments 0 to 6 are lost: the pipe is far below ssthresh, and each delivery lets at least one out.
        Given given = Flight(TcpProfile.Linux).Receives(Ack(0, (7, 10))).SendsSegments(0, 3).SendsNothing();
        given.After(RoundTrip).Receives(Ack(1, (7, 10))).SendsSegments(3, 2).Receives(Ack(2, (7, 10))).SendsSegments(5, 2).SendsNothing();
        given.Receives(Ack(3, (7, 10))).After(RoundTrip).Receives(Ack(10)).SendsNothing();
        Assert.Equal((7L, 0L), (given.Status().TotalRetransmits, given.Stack.Counters.RetransmissionTimeouts));
    }

    [Fact]
    [Trait("Rfc", "9937 6")]
    [Trait("Rfc", "6582 3.2")]
    public void Without_SACK_duplicates_clock_it()
    {
        Given given = Flight(TcpProfile.Linux, write: 40, options: "mss 1000").Receives(Ack(0)).Receives(Ack(0)).Ignoring();
        given.Receives(Ack(0)).SendsSegments(0).SendsNothing();
        Assert.Equal((CongestionState.Recovery, 7), (given.Status().CongestionState, given.Threshold()));
        int sent = 0;
        for (int i = 0; i < 8; i++)
        {
            given.Receives(Ack(0));
            sent += given.Unseen;
            given.Ignoring();
        }
        Assert.InRange(sent, 3, 6);
        given.After(RoundTrip).Receives(Ack(12)).Ignoring();
        Assert.Equal(7, given.Window());
    }
}
