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

    /// <summary>The lines of a table, and what is to be said of it.</summary>
    public static void Lines(IEnumerable<string> lines, DemoOptions options, TextWriter output)
    {
        foreach (string line in lines)
        {
            if (line.Length <= options.Width) output.WriteLine(line);
            else Scenario.WriteWrapped(line, options.Width, output);
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
