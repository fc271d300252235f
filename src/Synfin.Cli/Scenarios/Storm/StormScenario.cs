using Synfin.Captures.Ladders;
using Synfin.Cli.CommandLine;
using Synfin.Simulation.Faults;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>A random world, as the storm tests play them by the thousand.</summary>
internal sealed class StormScenario : IScenario
{
    /// <summary>A short story: the seed that is played if none is asked for.</summary>
    private const ulong DefaultSeed = 36;

    /// <inheritdoc/>
    public string Name => "storm";

    /// <inheritdoc/>
    public string Question => "Does TCP keep its promises in the random world of --seed?";

    /// <inheritdoc/>
    public int Run(DemoOptions options, TextWriter output, TextWriter error)
    {
        StormRun run;
        try
        {
            StormWorld world = StormMaker.Make(options.Seed ?? DefaultSeed);
            run = StormRun.Play(world, record: true, options.Lose.Select(SegmentRule.Parse));
        }
        catch (RuleSyntaxException problem)
        {
            return SynfinCommandLine.Fail(error, $"--lose: {problem.Message}", ExitCode.Usage);
        }
        Ladder ladder = StormReport.Ladder(run, options.Absolute);
        if (options.Format is DemoFormat.Json) output.WriteLine(JsonLadderRenderer.Render(ladder));
        else Show(run, ladder, options, output);
        if (options.Pcap is { } path) run.Network.WritePcapng(path);
        return ExitCode.Success;
    }

    private void Show(StormRun run, Ladder ladder, DemoOptions options, TextWriter output)
    {
        output.WriteLine($"{Name}: {Question}");
        output.WriteLine();
        TextLadderRenderer.Render(ladder, output, new TextLadderOptions { Width = options.Width, Colour = options.Color });
        output.WriteLine();
        foreach (string line in StormReport.Describe(run)) Scenario.WriteWrapped(line, options.Width, output);
        IReadOnlyList<string> broken = StormPromises.BrokenBy(run);
        output.WriteLine(broken.Count == 0 ? "All promises were kept." : "Broken promises:");
        foreach (string promise in broken) Scenario.WriteWrapped($"- {promise}", options.Width, output);
    }
}
