using Synfin.Captures.Ladders;
using Synfin.Cli.CommandLine;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>The main job: one request of a real HttpClient to a real Kestrel, from the first SYN to the end of TIME-WAIT.</summary>
internal sealed class HttpRequest : IScenario
{
    /// <inheritdoc/>
    public string Name => "request";

    /// <inheritdoc/>
    public string Question => "What does one HTTP request take, from SYN to the end of TIME-WAIT?";

    /// <inheritdoc/>
    public int Run(DemoOptions options, TextWriter output, TextWriter error) => HttpShow.Guard(error, () =>
    {
        HttpRun run = HttpRun.PlayWarm(new HttpPlan { Seed = options.Seed ?? 1, Lose = options.Lose });
        Ladder ladder = run.Ladder(options.Absolute);
        if (options.Format is DemoFormat.Json)
        {
            output.WriteLine(JsonLadderRenderer.Render(ladder));
            output.WriteLine(HttpShow.Json(run, HttpFigures.Of(run, ladder)));
        }
        else
        {
            HttpShow.Title(this, options, output);
            HttpShow.Draw(ladder, options, output);
            output.WriteLine();
            HttpShow.Tell(HttpAccount.Of(run, ladder), options, output);
        }
        if (options.Pcap is { } path) run.Network.WritePcapng(path, HttpPlan.Client);
        return ExitCode.Success;
    });
}
