using Synfin.Captures.Ladders;
using Synfin.Cli.CommandLine;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>What requests cost over connections that end, last, or carry streams.</summary>
internal sealed class HttpConnections : IScenario
{
    private const int DefaultRequests = 5;

    private const string SeveralThreads =
        "HttpClient and Kestrel write HTTP/2's frames from several threads: which of them share a segment can differ from run to run.";

    /// <inheritdoc/>
    public string Name => "http";

    /// <inheritdoc/>
    public string Question => "What does a connection for each request cost, against one kept alive?";

    /// <inheritdoc/>
    public int Run(DemoOptions options, TextWriter output, TextWriter error)
    {
        if (options.Http.Contradiction() is { } problem)
            return SynfinCommandLine.Fail(error, $"{problem}; 'synfin demo --help' explains", ExitCode.Usage);
        if (options.Http.Fault is not null) return HttpShow.Guard(error, () => HttpFaults.Run(this, options, output, error));
        if (options is { Pcap: not null, Http.Mode: null })
        {
            return SynfinCommandLine.Fail(
                error, "--pcap takes one run, not a comparison: add --http10, --keep-alive or --h2", ExitCode.Usage);
        }
        return HttpShow.Guard(error, () => options.Http.Mode is { } mode ? Show(mode, options, output) : Compare(options, output));
    }

    private static HttpPlan Plan(HttpMode mode, DemoOptions options) => new()
    {
        Mode = mode,
        Tls = options.Http.Tls,
        Requests = options.Http.Requests ?? DefaultRequests,
        Seed = options.Seed ?? 1,
        Lose = options.Lose,
    };

    private int Show(HttpMode mode, DemoOptions options, TextWriter output)
    {
        HttpRun run = HttpRun.PlayWarm(Plan(mode, options));
        Ladder ladder = run.Ladder(options.Absolute);
        HttpFigures figures = HttpFigures.Of(run, ladder);
        if (options.Format is DemoFormat.Json)
        {
            output.WriteLine(JsonLadderRenderer.Render(ladder));
            output.WriteLine(HttpShow.Json(run, figures));
        }
        else
        {
            HttpShow.Title(this, options, output);
            HttpShow.Draw(ladder, options, output);
            output.WriteLine();
            HttpShow.Tabulate([(run, figures)], options, output);
            if (mode is HttpMode.Http2)
            {
                output.WriteLine();
                Scenario.WriteWrapped(SeveralThreads, options.Width, output);
            }
        }
        if (options.Pcap is { } path) run.Network.WritePcapng(path, HttpPlan.Client);
        return ExitCode.Success;
    }

    private int Compare(DemoOptions options, TextWriter output)
    {
        (HttpRun Run, HttpFigures Figures) each = Measure(HttpMode.Http10, options), kept = Measure(HttpMode.KeepAlive, options);
        if (options.Format is DemoFormat.Json)
        {
            output.WriteLine(HttpShow.Json(each.Run, each.Figures));
            output.WriteLine(HttpShow.Json(kept.Run, kept.Figures));
            return ExitCode.Success;
        }
        HttpShow.Title(this, options, output);
        HttpShow.Tabulate([each, kept], options, output);
        output.WriteLine();
        Scenario.WriteWrapped(Summary(each.Figures, kept.Figures), options.Width, output);
        return ExitCode.Success;
    }

    private static (HttpRun Run, HttpFigures Figures) Measure(HttpMode mode, DemoOptions options)
    {
        HttpRun run = HttpRun.PlayWarm(Plan(mode, options));
        return (run, HttpFigures.Of(run, run.Ladder()));
    }

    private static string Summary(HttpFigures each, HttpFigures kept)
    {
        string difference = $"{HttpWords.Count(each.Connections - kept.Connections, "handshake")}, "
            + $"{HttpWords.Time(each.Time - kept.Time)}, {HttpWords.Count(each.Segments - kept.Segments, "segment")} "
            + $"and {each.Octets - kept.Octets} octets";
        bool isSaved = each.Failed + kept.Failed == 0 && each.Time >= kept.Time && each.Segments >= kept.Segments;
        return (isSaved ? $"Keeping the connection saved {difference}. " : "")
            + "'synfin demo http --http10' and 'synfin demo http --keep-alive' draw the two.";
    }
}
