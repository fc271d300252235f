using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Paths that lose what they should not: large packets, or all at a time.</summary>
public sealed class BlackHoleTests
{
    [Theory]
    [InlineData(1400)]
    [InlineData(1100)]
    [InlineData(600)]
    [Trait("Threat", "37")]
    [Trait("Rfc", "2923 2.1")]
    [Trait("Rfc", "4821 7.7")]
    public void A_path_that_swallows_large_packets_in_silence_is_found_out(int largest)
    {
        var pair = new Pair { Lose = (_, _, packet) => packet.Length > largest };
        (TcpConnection a, TcpConnection b) = pair.Connect();
        a.Send(new byte[100_000], pair.Now, out int sent);
        int read = 0;
        byte[] buffer = new byte[100_000];
        for (int second = 0; second < 120 && read < sent; second++)
        {
            pair.Run(Duration.FromSeconds(1));
            b.Receive(buffer, pair.Now, out int received);
            read += received;
        }
        Assert.Equal((100_000, 100_000), (sent, read));
        Assert.True(pair.A.Counters.BlackHoles >= 1);
        Assert.True(a.Status().SendMss + 52 <= largest);
    }

    [Fact]
    [Trait("Threat", "37")]
    public void If_small_packets_are_lost_too_it_was_not_their_size()
    {
        bool down = true;
        var pair = new Pair();
        (TcpConnection a, _) = pair.Connect();
        int mss = a.Status().SendMss;
        pair.Lose = (_, _, _) => down;
        a.Send(new byte[100_000], pair.Now, out _);
        pair.Run(Duration.FromSeconds(30));
        Assert.Equal(2, pair.A.Counters.BlackHoles);
        pair.Run(Duration.FromSeconds(120));
        Assert.Equal(mss, a.Status().SendMss);
        down = false;
        pair.Run(Duration.FromSeconds(300));
        Assert.Equal(0, a.SendQueue);
    }

    [Fact]
    [Trait("Threat", "37")]
    public void The_linux_and_the_rfc_profile_wait_for_ICMP()
    {
        foreach (TcpProfile profile in new[] { TcpProfile.Linux, TcpProfile.Rfc })
        {
            var pair = new Pair(new StackOptions { Profile = profile }) { Lose = (_, _, packet) => packet.Length > 1_000 };
            (TcpConnection a, _) = pair.Connect();
            a.Send(new byte[10_000], pair.Now, out _);
            pair.Run(Duration.FromSeconds(60));
            Assert.Equal((0L, 10_000), (pair.A.Counters.BlackHoles, a.SendQueue));
        }
    }

    [Theory]
    [InlineData(1_000, 100)]
    [InlineData(1_200, 150)]
    [InlineData(500, 60)]
    [InlineData(210, 30)]
    [Trait("Threat", "10")]
    public void Bursts_of_loss_in_step_with_the_timer_do_not_stop_the_flow(int period, int burst)
    {
        // Kuzmanovic and Knightly 2003: each burst takes all that is sent in it. Whoever times out into the next one for ever is stopped.
        var pair = new Pair();
        (TcpConnection a, TcpConnection b) = pair.Connect();
        pair.Lose = (_, _, _) => pair.Now.Milliseconds % period < burst;
        byte[] chunk = new byte[20_000];
        byte[] buffer = new byte[200_000];
        long read = 0;
        for (int step = 0; step < 3_000; step++) // 30 s in steps of 10 ms: the application writes at 2 MB/s at most
        {
            a.Send(chunk, pair.Now, out _);
            pair.Run(Duration.FromMilliseconds(10));
            b.Receive(buffer, pair.Now, out int received);
            read += received;
        }
        double offered = 3_000.0 * chunk.Length;
        Assert.True(read > 0.4 * offered, $"{read} octets of {offered} arrived");
    }
}
