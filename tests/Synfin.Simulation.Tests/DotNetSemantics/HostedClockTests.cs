using Synfin.Timers;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>Timers and holds of virtual time in hosted mode, where nothing but they themselves could wake the clock.</summary>
public sealed class HostedClockTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Long for a clock that goes on after a millisecond of quiet.</summary>
    private static readonly TimeSpan s_real = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delay_on_a_network_where_nothing_has_happened_yet_ends()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        await Task.Delay(TimeSpan.FromHours(1), net.TimeProvider, Token).WaitAsync(s_patience, Token);
        Assert.Equal(3600, net.Now.Seconds);
    }

    [Fact]
    public async Task A_delay_wakes_a_clock_that_stands_because_nothing_is_left_to_happen()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        for (int i = 1; i <= 3; i++)
        {
            await net.RunUntilIdleAsync(Token).WaitAsync(s_patience, Token);
            await Task.Delay(s_real, TimeProvider.System, Token); // so that the clock stands
            await Task.Delay(TimeSpan.FromHours(1), net.TimeProvider, Token).WaitAsync(s_patience, Token);
            Assert.Equal(i * 3600, net.Now.Seconds);
        }
    }

    [Fact]
    public async Task A_hold_that_comes_before_anything_else_holds()
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        Task delay;
        using (net.HoldTime())
        {
            delay = Task.Delay(TimeSpan.FromHours(1), net.TimeProvider, Token);
            await Task.Delay(s_real, TimeProvider.System, Token);
            Assert.False(delay.IsCompleted);
            Assert.Equal(Timestamp.Zero, net.Now);
        }
        await delay.WaitAsync(s_patience, Token);
    }
}
