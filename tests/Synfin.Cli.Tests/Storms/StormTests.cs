using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Synfin.Cli.Scenarios;
using Synfin.Cli.Scenarios.Storm;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Storms;

/// <summary>
/// What TCP promises, in random worlds. SYNFIN_STORM_SEEDS says how many of them; a failure says how to play its world again.
/// </summary>
public sealed class StormTests
{
    private const int DefaultWorlds = 2_500;

    /// <summary>Where FsCheck begins: another number, other worlds.</summary>
    private const ulong FirstSeed = 9_293;

    [Fact]
    [Subject(22)]
    public void No_world_makes_TCP_break_its_promises()
    {
        string? wanted = Environment.GetEnvironmentVariable("SYNFIN_STORM_SEEDS");
        int worlds = wanted is null ? DefaultWorlds : int.Parse(wanted, CultureInfo.InvariantCulture);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(worlds).WithReplay(FirstSeed, 1);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue).ToArbitrary(); // no shrinking: a smaller seed is another world
        FsCheck.Check.One(config, Prop.ForAll(seeds, seed => KeepsItsPromises((ulong)seed)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_world_goes_the_same_way_twice_recorded_or_not(ulong seed)
    {
        ulong first = StormRun.Play(StormMaker.Make(seed)).Network.TraceHash;
        Assert.Equal(first, StormRun.Play(StormMaker.Make(seed), record: true).Network.TraceHash);
        Assert.NotEqual(first, StormRun.Play(StormMaker.Make(seed + 1)).Network.TraceHash);
    }

    [Fact]
    public void An_ISN_lies_where_the_world_wants_it()
    {
        const uint Wanted = 0x8000_0000;
        StormWorld world = StormMaker.Make(1) with { Isn = new StormIsn("a", Wanted) };
        world = world with { Connections = [world.Connections[0] with { OpenedByB = false, SimultaneousAfter = null }] };
        StormRun run = StormRun.Play(world);
        Assert.Equal(Wanted, run.Pairs[0].Client.Connection!.Status().Iss.Value);
    }

    [Fact]
    public void A_broken_promise_is_explained_with_ladder_and_command()
    {
        string text = StormReport.Explain(StormMaker.Make(5));
        Assert.Contains("world 5 breaks:", text, StringComparison.Ordinal);
        Assert.Contains("SYN-SENT", text, StringComparison.Ordinal);
        Assert.EndsWith("dotnet run --project src/Synfin.Cli -- demo storm --seed 5", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_demo_shows_the_ladder_the_world_and_the_verdict()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(0, new StormScenario().Run(new DemoOptions { Seed = 5 }, output, error));
        Assert.Empty(error.ToString());
        Assert.Contains("link: ", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("All promises were kept.\n", output.ToString(), StringComparison.Ordinal);
    }

    private static bool KeepsItsPromises(ulong seed)
    {
        StormWorld world = StormMaker.Make(seed);
        StormRun run = StormRun.Play(world);
        bool kept = StormPromises.BrokenBy(run).Count == 0;
        if (!kept) throw new InvalidOperationException(StormReport.Explain(world));
        ulong again = StormRun.Play(world).Network.TraceHash;
        if (again == run.Network.TraceHash) return true;
        throw new InvalidOperationException(
            $"world {seed} goes another way the second time: dotnet run --project src/Synfin.Cli -- demo storm --seed {seed}");
    }
}
