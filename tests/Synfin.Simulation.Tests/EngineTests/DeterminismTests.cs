using Synfin.Timers;

namespace Synfin.Simulation.Tests.EngineTests;

public sealed class DeterminismTests : EngineTest
{
    private static readonly SimulatedLinkOptions s_badLink = new()
    {
        BitsPerSecond = 20_000_000,
        Delay = Duration.FromMilliseconds(20),
        Jitter = Duration.FromMilliseconds(3),
        Loss = 0.03,
        Duplicate = 0.01,
        Reorder = 0.02,
        Corrupt = 0.01,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    public void The_same_seed_gives_the_same_run_to_the_octet(ulong seed) => Assert.Equal(HashOf(seed), HashOf(seed));

    [Fact]
    public void Another_seed_gives_another_run() => Assert.NotEqual(HashOf(1), HashOf(2));

    [Fact]
    public void Watching_changes_nothing()
    {
        SimulationOptions plain = new() { Seed = 5, CheckInvariants = false };
        SimulationOptions watched = new() { Seed = 5, CheckInvariants = true, RecordLadder = true, RecordPackets = true };
        Assert.Equal(HashOf(plain), HashOf(watched));
    }

    [Fact]
    public void Another_host_that_stays_silent_changes_nothing()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(5, s_badLink);
        net.AddHost("c");
        Exchange(net, 100_000);
        Assert.Equal(HashOf(5), net.TraceHash);
    }

    private static ulong HashOf(ulong seed) => HashOf(new SimulationOptions { Seed = seed });

    private static ulong HashOf(SimulationOptions options)
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(options, s_badLink);
        Exchange(net, 100_000);
        return net.TraceHash;
    }
}
