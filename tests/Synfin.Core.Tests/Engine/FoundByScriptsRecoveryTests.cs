using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Tcp.CongestionControl;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>What scripts that Linux passes told of loss recovery and congestion control in the Linux profile.</summary>
[Trait("Rfc9293", "MUST-19")]
public sealed class FoundByScriptsRecoveryTests
{
    private static readonly TcpProfile Linux = TcpProfile.Linux;

    [Fact]
    [Trait("Rfc9293", "MUST-61")]
    public void The_last_segment_of_a_burst_has_PSH_and_alone_it_goes_again_without()
    {
        Given given = Open(Linux).Writes(12 * Mss);
        var pushed = new List<int>();
        while (given.Unseen > 0)
        {
            Segment seg = SegmentScript.Read(given.TakeSent());
            if (seg.Has(TcpFlags.Psh)) pushed.Add((seg.End - given.OurIsn - 1) / Mss);
        }
        Assert.Equal([2, 4, 6, 8, 10], pushed);
        given.After(RoundTrip).Receives(Ack(1, (2, 10)));
        Assert.False(SegmentScript.Read(given.TakeSent()).Has(TcpFlags.Psh));
        given.Ignoring();
    }

    [Fact]
    [Trait("Rfc", "2861 3.2")]
    public void Idleness_halves_the_window_for_each_timeout()
    {
        Given given = Flight(Linux with { SlowStartAfterIdle = true }).Receives(Ack(10)).Writes(20 * Mss).Ignoring()
            .After(RoundTrip).Receives(Ack(30)).SendsNothing();
        Assert.Equal(40, given.Window());
        given.After(450).Writes(Mss).Ignoring();
        Assert.Equal(20, given.Window());
    }

    [Fact]
    [Trait("Rfc", "8985 7.3")]
    public void A_probe_is_no_retransmission_of_a_recovery()
    {
        Given given = Open(Linux).Writes(5 * Mss).SendsSegments(0, 5).After(203).SendsSegments(4);
        Assert.Equal((CongestionState.Open, 0, 1L),
            (given.Status().CongestionState, given.Status().RetransmittedSegments, given.Status().TotalRetransmits));
        given.After(RoundTrip).Receives(Ack(2, (4, 5))).After(26).SendsSegments(2).SendsNothing();
        Assert.Equal((CongestionState.Recovery, 2, 1),
            (given.Status().CongestionState, given.Status().LostSegments, given.Status().RetransmittedSegments));
    }

    [Fact]
    [Trait("Rfc", "7661 4.3")]
    public void The_peers_window_does_not_count_as_the_congestion_windows_limit()
    {
        Given given = Given.Listening(new StackOptions { Profile = Linux })
            .Receives("S seq 0 win 4000 <mss 1000,sackOK>").Sends("S. seq 0 ack 1").After(RoundTrip)
            .Receives(". seq 1 ack 1 win 4000").Accepts().Writes(12 * Mss).SendsSegments(0, 4).SendsNothing();
        given.After(RoundTrip).Receives(". seq 1 ack 4001 win 4000").SendsSegments(4, 4).SendsNothing();
        Assert.Equal(10, given.Window());
    }

    [Fact]
    [Trait("Rfc", "9438 4.4")]
    public void In_whole_segments_the_curve_is_one_above_seven_after_a_reduction_from_ten()
    {
        var epoch = new CubicInSegments();
        Assert.Equal(7, epoch.Reduced(10));
        Timestamp start = Timestamp.Zero + Duration.FromSeconds(1);

        // K = (3 / 0.4)^(1/3) = 1.957 s; W(0.1) = 10 - 0.4 * 1.857^3 = 7.44, and Linux drops the fraction of the 2.56 only: 8.
        Assert.Equal(0, epoch.Growth(7, 6, start, Duration.FromMilliseconds(100)));
        Assert.Equal(1, epoch.Growth(7, 1, start, Duration.FromMilliseconds(100)));
        Assert.Equal(5, epoch.Reduced(8));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 1)]
    [Trait("Rfc", "5681 3.1")]
    public void One_lost_SYN_ACK_is_forgiven(int losses, int window)
    {
        Given given = Given.Listening(new StackOptions { Profile = Linux })
            .Receives("S seq 0 win 65535 <mss 1000,sackOK>").Sends("S. seq 0 ack 1");
        for (int i = 0; i < losses; i++) given.After(1_000 << i).Sends("S. seq 0 ack 1");
        given.After(10).Receives(". seq 1 ack 1 win 65535").Accepts();
        Assert.Equal(window, given.Window());
    }

    [Fact]
    [Trait("Rfc", "6298 5.7")]
    public void The_back_off_lasts_until_a_sample()
    {
        Given given = Open(Linux).Writes(Mss).SendsSegments(0).After(301).SendsSegments(0).After(301).SendsSegments(0)
            .After(10).Receives(Ack(1)).SendsNothing();
        Assert.Equal((0, 1), (given.Status().Retransmits, given.Status().BackOffs));
        given.Writes(Mss).SendsSegments(1).After(RoundTrip).Receives(Ack(2));
        Assert.Equal(0, given.Status().BackOffs);
    }
}
