using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;
using static Synfin.Core.Tests.Engine.Recovering;

namespace Synfin.Core.Tests.Engine;

/// <summary>Forward RTO recovery (RFC 5682): was the time-out needed?</summary>
public sealed class FRtoTests
{
    private static readonly TcpProfile Linux = TcpProfile.Linux with { TailLossProbe = false };

    private static Given TimedOut(int write = 20, string options = "mss 1000,sackOK") =>
        Open(Linux, options).Writes(write * Mss).SendsSegments(0, 10).After(301).SendsSegments(0).SendsNothing();

    [Theory]
    [InlineData("mss 1000,sackOK")]
    [InlineData("mss 1000")]
    [Trait("Rfc", "5682 2.1")]
    [Trait("Rfc", "5682 3.1")]
    public void New_data_goes_after_the_first_ACK_and_a_second_one_proves_it_needless(string options)
    {
        Given given = TimedOut(options: options);
        given.After(10).Receives(Ack(1)).SendsSegments(10, 2).SendsNothing();
        given.After(10).Receives(Ack(2)).Ignoring();
        Assert.Equal((1L, 11), (given.Stack.Counters.SpuriousTimeouts, given.Window())); // the ten of before, and this ACK's one
        Assert.Equal(0, given.Status().LostSegments);
        for (int i = 3; i <= 20; i++) given.After(5).Receives(Ack(i)).Ignoring();
        Assert.Equal((0, 1L), (given.Connection.SendQueue, given.Status().TotalRetransmits));
    }

    [Fact]
    [Trait("Rfc", "5682 3.1")]
    public void A_SACK_of_the_new_data_alone_proves_the_loss()
    {
        Given given = TimedOut();
        given.After(10).Receives(Ack(1)).SendsSegments(10, 2).SendsNothing();
        given.After(RoundTrip).Receives(Ack(1, (10, 11))).SendsSegments(1);
        Assert.Equal((0L, CongestionState.Loss), (given.Stack.Counters.SpuriousTimeouts, given.Status().CongestionState));
    }

    [Fact]
    [Trait("Rfc", "5682 2.1")]
    public void Without_SACK_a_duplicate_proves_it()
    {
        Given given = TimedOut(options: "mss 1000");
        given.After(10).Receives(Ack(1)).SendsSegments(10, 2).SendsNothing();
        given.After(RoundTrip).Receives(Ack(1)).SendsSegments(1);
        Assert.Equal((0L, CongestionState.Loss), (given.Stack.Counters.SpuriousTimeouts, given.Status().CongestionState));
    }

    [Fact]
    [Trait("Rfc", "5682 2.1")]
    public void Without_new_data_recovery_is_the_usual_one()
    {
        Given given = TimedOut(write: 10);
        given.After(10).Receives(Ack(1)).SendsSegments(1, 2).SendsNothing();
        Assert.Equal(CongestionState.Loss, given.Status().CongestionState);
    }

    [Fact]
    [Trait("Rfc", "5682 3.1")]
    public void A_SACK_of_an_original_right_after_the_timeout_is_proof_at_once()
    {
        Given given = TimedOut().After(10).Receives(Ack(0, (1, 2)));
        Assert.Equal((1L, 10), (given.Stack.Counters.SpuriousTimeouts, given.Window()));
    }

    [Fact]
    [Trait("Rfc", "5682 2.1")]
    public void If_the_new_data_is_lost_too_the_timer_helps()
    {
        Given given = TimedOut().After(10).Receives(Ack(1)).SendsSegments(10, 2).SendsNothing();
        given.After(5_000);
        Assert.True(given.Stack.Counters.RetransmissionTimeouts >= 2);
        given.Ignoring();
        for (int i = 2; i <= 20; i++) given.After(RoundTrip).Receives(Ack(i)).Ignoring();
        Assert.Equal(0, given.Connection.SendQueue);
    }
}
