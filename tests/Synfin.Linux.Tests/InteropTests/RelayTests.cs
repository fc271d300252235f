using Synfin.Simulation;
using Synfin.Timers;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>
/// A megabyte each way over a link that does all that links do: between two kernels for comparison, and between Synfin and one.
/// </summary>
[Trait("Needs", "tun")]
public sealed class RelayTests
{
    private const int Octets = 1_048_577;

    private static readonly SimulatedLinkOptions _bad = new()
    {
        Delay = Duration.FromMilliseconds(5),
        Jitter = Duration.FromMilliseconds(2),
        Loss = 0.01,
        Duplicate = 0.01,
        Reorder = 0.02,
        ReorderDelay = Duration.FromMilliseconds(3),
    };

    private static readonly SimulatedLinkOptions _narrow = new()
    {
        Delay = Duration.FromMilliseconds(10),
        BitsPerSecond = 20_000_000,
        QueuePackets = 30,
    };

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Two_kernels_talk_through_the_relay(bool ipv6, bool narrow)
    {
        using RelayedBed bed = RelayedBed.Create(narrow ? _narrow : _bad);
        using Transfers there = await Transfers.KernelsOpenAsync(bed.Near, bed.Far, RelayedBed.FarAddress(ipv6));
        await there.ExchangeAsync(Octets);
        await there.EndAsync();
        using Transfers back = await Transfers.KernelsOpenAsync(bed.Far, bed.Near, RelayedBed.NearAddress(ipv6));
        await back.ExchangeAsync(Octets);
        await back.EndAsync();
        AssertBad(bed, narrow);
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public async Task Synfin_and_a_kernel_talk_through_the_relay(bool ipv6, bool narrow, bool offloads)
    {
        using RelayedBed bed = RelayedBed.Create(narrow ? _narrow : _bad, seed: 2, offloads);
        using Transfers there = await Transfers.SynfinOpensAsync(bed.Far, bed.Bed.Sockets, RelayedBed.FarAddress(ipv6));
        await there.ExchangeAsync(Octets);
        await there.EndAsync();
        using Transfers back = await Transfers.KernelOpensAsync(bed.Far, bed.Bed.Sockets, Testbed.SynfinAddress(ipv6));
        await back.ExchangeAsync(Octets);
        await back.EndAsync();
        AssertBad(bed, narrow);
        Duration roundTrip = there.Synfin!.Status().SmoothedRoundTrip;
        Assert.True(roundTrip >= Duration.FromMilliseconds(10), $"the relay's delay is part of every round trip, which takes {roundTrip}");
        bed.Bed.EndsSoundly();
    }

    /// <summary>A relay that does nothing to packets would prove nothing.</summary>
    private static void AssertBad(RelayedBed bed, bool narrow)
    {
        bed.Relay.Dispose();
        Assert.Null(bed.Relay.Failure);
        foreach (Relay.RelayPath path in new[] { bed.Relay.ToRight, bed.Relay.ToLeft })
        {
            LinkStatistics what = path.Statistics;
            if (narrow) Assert.InRange(what.LostInQueue, 1, long.MaxValue);
            else Assert.True(what.LostByChance > 0 && what.Duplicated > 0 && what.Reordered > 0, "the link was good");
        }
    }
}
