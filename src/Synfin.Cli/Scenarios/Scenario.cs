using System.Net.Sockets;
using Synfin.Captures.Ladders;
using Synfin.Cli.CommandLine;
using Synfin.Simulation;
using Synfin.Simulation.Faults;
using Synfin.Stack;

namespace Synfin.Cli.Scenarios;

/// <summary>A story of two hosts: what the applications do, on which network. The ladder shows what TCP made of it.</summary>
internal abstract class Scenario : IScenario
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Question { get; }

    /// <summary>The seed that is used if none is asked for.</summary>
    protected virtual ulong DefaultSeed => 1;

    /// <summary>The link between a and b.</summary>
    protected virtual LinkOptions Link => Stage.TenMilliseconds;

    /// <summary>What both hosts start with.</summary>
    protected virtual StackOptions StackOptions => new();

    /// <summary>Plays it to its end: afterwards nothing is left on either host.</summary>
    protected abstract void Play(Stage stage);

    /// <summary>Plays it and returns the stage as it was left.</summary>
    /// <exception cref="RuleSyntaxException">A rule cannot be read.</exception>
    public Stage Perform(DemoOptions options)
    {
        var stage = new Stage(options.Seed ?? DefaultSeed, Link, StackOptions, options.Lose.Select(SegmentRule.Parse));
        // With --lose, applications meet errors that the story did not plan for: the ladder shows what follows.
        if (!Survives(stage, () => Play(stage)))
        {
            while (!Survives(stage, stage.RunUntilIdle))
            {
            }
        }
        return stage;
    }

    private static bool Survives(Stage stage, Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (AggregateException failure) when (failure.Flatten().InnerExceptions.All(IsNetworkFailure))
        {
            foreach (Exception inner in failure.Flatten().InnerExceptions) stage.Remarks.Add($"An application saw: {inner.Message}");
            return false;
        }
    }

    /// <inheritdoc/>
    public int Run(DemoOptions options, TextWriter output, TextWriter error)
    {
        Stage stage;
        try
        {
            stage = Perform(options);
        }
        catch (RuleSyntaxException problem)
        {
            return SynfinCommandLine.Fail(error, $"--lose: {problem.Message}", ExitCode.Usage);
        }
        Ladder ladder = stage.Network.Ladder!.Build(stage.LadderOptions with { Absolute = options.Absolute });
        if (options.Format is DemoFormat.Json) output.WriteLine(JsonLadderRenderer.Render(ladder));
        else Show(stage, ladder, options, output);
        if (options.Pcap is { } path) stage.Network.WritePcapng(path);
        return ExitCode.Success;
    }

    private void Show(Stage stage, Ladder ladder, DemoOptions options, TextWriter output)
    {
        output.WriteLine($"{Name}: {Question}");
        output.WriteLine();
        TextLadderRenderer.Render(ladder, output, new TextLadderOptions { Width = options.Width, Colour = options.Color });
        foreach (string line in stage.Remarks.SelectMany(remark => WordWrap.Lines(remark, options.Width))) output.WriteLine(line);
    }

    private static bool IsNetworkFailure(Exception failure) => failure is IOException or SocketException;
}
