using Synfin.Captures.Ladders;
using Synfin.Cli.CommandLine;
using Synfin.Simulation;
using Synfin.Simulation.Faults;
using Synfin.Stack;

namespace Synfin.Cli.Scenarios;

/// <summary>A story of two hosts: what the applications do, on which network. The ladder shows what TCP made of it.</summary>
internal abstract class Scenario : IScenario
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Question { get; }

    /// <summary>The seed that is used if none is asked for.</summary>
    protected virtual ulong DefaultSeed => 1;

    /// <summary>The link between a and b.</summary>
    protected virtual SimulatedLinkOptions Link => Stage.TenMilliseconds;

    /// <summary>What both hosts start with.</summary>
    protected virtual StackOptions StackOptions => new();

    /// <summary>The host whose packets <c>--pcap</c> writes.</summary>
    protected virtual string CapturedAt => "a";

    /// <summary>Plays it to its end: afterwards nothing is left on either host.</summary>
    protected abstract void Play(Stage stage);

    /// <summary>Plays it and returns the stage as it was left.</summary>
    /// <exception cref="RuleSyntaxException">A rule cannot be read.</exception>
    /// <exception cref="ArgumentException">A rule names a host that is not there.</exception>
    public Stage Perform(DemoOptions options)
    {
        Stage stage = Set(options);
        Play(stage);
        return stage;
    }

    /// <inheritdoc/>
    public int Run(DemoOptions options, TextWriter output, TextWriter error)
    {
        Stage stage;
        try
        {
            stage = Set(options);
        }
        catch (Exception problem) when (problem is RuleSyntaxException or ArgumentException)
        {
            string line = problem.Message.Split('\n', 2)[0];
            return SynfinCommandLine.Fail(error, $"--lose: {line}; for example --lose 'FIN from b'", ExitCode.Usage);
        }
        Play(stage);
        Ladder ladder = stage.Network.Ladder!.Build(stage.LadderOptions with { Absolute = options.Absolute });
        if (options.Format is DemoFormat.Json) output.WriteLine(JsonLadderRenderer.Render(ladder));
        else Show(stage, ladder, options, output);
        if (options.Pcap is { } path) stage.Network.WritePcapng(path, CapturedAt);
        return ExitCode.Success;
    }

    private void Show(Stage stage, Ladder ladder, DemoOptions options, TextWriter output)
    {
        WriteWrapped($"{Name}: {Question}", options.Width, output);
        output.WriteLine();
        TextLadderRenderer.Render(ladder, output, new TextLadderOptions { Width = options.Width, Colour = options.Color });
        if (stage.Remarks.Count > 0) output.WriteLine();
        foreach (string remark in stage.Remarks) WriteWrapped(remark, options.Width, output);
    }

    private Stage Set(DemoOptions options) =>
        new(options.Seed ?? DefaultSeed, Link, StackOptions, options.Lose.Select(SegmentRule.Parse));

    /// <summary>Writes a line; what does not fit goes on in indented ones.</summary>
    internal static void WriteWrapped(string text, int width, TextWriter output)
    {
        string indent = "";
        foreach (string line in WordWrap.Lines(text, text.Length <= width ? width : width - Indent))
        {
            output.WriteLine(indent + line);
            indent = new string(' ', Indent);
        }
    }
}
