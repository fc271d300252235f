using System.Text.Json.Nodes;
using Synfin.Captures.Ladders;
using Synfin.Cli.CommandLine;
using Synfin.Simulation.Faults;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>What the scenarios of HTTP have in common: errors, ladders, tables.</summary>
internal static class HttpShow
{
    /// <summary>Does the work; a rule that cannot be used is a usage error.</summary>
    public static int Guard(TextWriter error, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (problem is RuleSyntaxException or ArgumentException)
        {
            string line = problem.Message.Split('\n', 2)[0];
            return SynfinCommandLine.Fail(error, $"--lose: {line}; for example --lose 'FIN from {HttpPlan.Server}'", ExitCode.Usage);
        }
    }

    /// <summary>The scenario's name and question, and a line between.</summary>
    public static void Title(IScenario scenario, DemoOptions options, TextWriter output)
    {
        Scenario.WriteWrapped($"{scenario.Name}: {scenario.Question}", options.Width, output);
        output.WriteLine();
    }

    /// <summary>A ladder.</summary>
    public static void Draw(Ladder ladder, DemoOptions options, TextWriter output) =>
        TextLadderRenderer.Render(ladder, output, new TextLadderOptions { Width = options.Width, Colour = options.Color });

    /// <summary>Sentences, each with the name of what it is about before it.</summary>
    public static void Tell(IReadOnlyList<(string Name, string Text)> account, DemoOptions options, TextWriter output)
    {
        int indent = account.Max(line => line.Name.Length) + 2;
        foreach ((string name, string text) in account)
        {
            string start = name + ":";
            foreach (string line in WordWrap.Lines(text, options.Width - indent))
            {
                output.WriteLine(start.PadRight(indent) + line);
                start = "";
            }
        }
    }

    /// <summary>What runs cost, side by side if there is room, else one below the other.</summary>
    public static void Tabulate(IReadOnlyList<(HttpRun Run, HttpFigures Figures)> runs, DemoOptions options, TextWriter output)
    {
        string[] lines = [.. HttpTable.Of(runs).Lines()];
        if (runs.Count == 1 || lines[0].Length <= options.Width)
        {
            foreach (string line in lines) output.WriteLine(line);
            return;
        }
        foreach ((HttpRun, HttpFigures) run in runs)
        {
            if (run != runs[0]) output.WriteLine();
            Tabulate([run], options, output);
        }
    }

    /// <summary>The figures of a run as one line of JSON (<c>"format": "synfin-http/1"</c>); times are nanoseconds.</summary>
    public static string Json(HttpRun run, HttpFigures figures)
    {
        JsonObject json = new()
        {
            ["format"] = "synfin-http/1",
            ["mode"] = run.Plan.Mode switch
            {
                HttpMode.Http10 => "http10",
                HttpMode.KeepAlive => "keep-alive",
                HttpMode.Http2 => "h2",
                _ => throw new System.Diagnostics.UnreachableException(),
            },
            ["tls"] = run.Plan.Tls,
            ["requests"] = run.Plan.Requests,
            ["answered"] = figures.Answered,
            ["failed"] = figures.Failed,
            ["connections"] = figures.Connections,
            ["syns"] = figures.Syns,
            ["segments"] = figures.Segments,
            ["lost"] = figures.Lost,
            ["sentAgain"] = figures.SentAgain,
            ["octets"] = figures.Octets,
            ["headerOctets"] = figures.HeaderOctets,
            ["textOctets"] = figures.TextOctets,
            ["bodyOctets"] = figures.BodyOctets,
            ["time"] = figures.Time.Nanoseconds,
            ["opening"] = figures.Opening?.Nanoseconds,
            ["securing"] = figures.Securing?.Nanoseconds,
            ["clientTimeWaits"] = figures.ClientTimeWaits,
            ["serverTimeWaits"] = figures.ServerTimeWaits,
        };
        return json.ToJsonString();
    }
}
