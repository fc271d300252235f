using System.Globalization;
using System.Text.Json.Nodes;
using Synfin.Captures.Ladders;
using Synfin.Cli.CommandLine;
using Synfin.Simulation.Faults;

namespace Synfin.Cli.Scenarios.Http;

/// <summary><c>synfin demo http --fault</c>: what HttpClient makes of a server whose stream is cut.</summary>
internal static class HttpFaults
{
    /// <summary>Longer than a header, so that a cut in the middle of the answer is one in the body.</summary>
    private const int BodyLength = 1_000;

    /// <summary>Where an answer is cut in two if nothing else was asked for: in the body.</summary>
    private const int Cut = 600;

    private const string Partial = "partial-";

    private static readonly string _body = string.Concat(Enumerable.Repeat("0123456789", BodyLength / 10));

    /// <summary>Plays one fault, or each in turn, with and without Content-Length.</summary>
    public static int Run(IScenario scenario, DemoOptions options, TextWriter output, TextWriter error)
    {
        string wanted = options.Http.Fault!;
        bool playsAll = wanted == HttpOptions.EveryFault;
        string[] faults = playsAll ? [.. StreamFaultGrammar.Names.Select(Complete)] : [Complete(wanted)];
        try
        {
            foreach (string fault in faults) StreamFault.Parse(fault);
        }
        catch (RuleSyntaxException problem)
        {
            string line = problem.Message.Split('\n', 2)[0];
            return SynfinCommandLine.Fail(error, $"--fault: {line}", ExitCode.Usage);
        }
        if (playsAll && options.Pcap is not null)
            return SynfinCommandLine.Fail(error, "--pcap takes one fault, not all: name it, as in --fault partial-rst", ExitCode.Usage);
        HttpRun[] announced = [.. faults.Select(fault => HttpRun.PlayWarm(Plan(fault, HttpMode.KeepAlive, options)))];
        HttpRun[] closing = [.. faults.Select(fault => HttpRun.PlayWarm(Plan(fault, HttpMode.Http10, options)))];
        if (options.Format is DemoFormat.Json) WriteJson(playsAll, announced, closing, options, output);
        else Write(scenario, playsAll, announced, closing, options, output);
        if (options.Pcap is { } path) announced[0].Network.WritePcapng(path, HttpPlan.Client);
        return ExitCode.Success;
    }

    private static string Complete(string fault) =>
        fault.StartsWith(Partial, StringComparison.OrdinalIgnoreCase) && !fault.Contains(' ')
            ? string.Create(CultureInfo.InvariantCulture, $"{fault} {Cut}")
            : fault;

    private static HttpPlan Plan(string fault, HttpMode mode, DemoOptions options) => new()
    {
        Mode = mode,
        Fault = fault,
        Body = _body,
        AnnouncesLength = mode is not HttpMode.Http10,
        AsksToClose = true,
        Seed = options.Seed ?? 1,
        Lose = options.Lose,
    };

    private static void Write(
        IScenario scenario, bool playsAll, HttpRun[] announced, HttpRun[] closing, DemoOptions options, TextWriter output)
    {
        string what = playsAll ? "a stream that is cut" : $"the fault '{announced[0].Plan.Fault}'";
        Scenario.WriteWrapped($"{scenario.Name}: What does HttpClient make of {what}?", options.Width, output);
        output.WriteLine();
        if (!playsAll)
        {
            HttpShow.Draw(announced[0].Ladder(options.Absolute), options, output);
            output.WriteLine();
        }
        string limit = HttpWords.Time(HttpPlan.Patience);
        Scenario.WriteWrapped(
            $"GET with Content-Length: {BodyLength}; HttpClient gives up after {limit} of virtual time:", options.Width, output);
        Tabulate(announced, options, output);
        output.WriteLine();
        Scenario.WriteWrapped("The same without Content-Length: the end of the stream is the end of the body:", options.Width, output);
        Tabulate(closing, options, output);
    }

    private static void Tabulate(HttpRun[] runs, DemoOptions options, TextWriter output)
    {
        string[][] rows =
        [
            ["fault", "connections", "body", "time", "the application got"],
            .. runs.Select(run => new[]
            {
                run.Plan.Fault!,
                run.Dials.Count.ToString(CultureInfo.InvariantCulture),
                run.Outcomes[0].Octets.ToString(CultureInfo.InvariantCulture),
                HttpWords.Time(run.Outcomes[0].Time),
                Verdict(run.Outcomes[0]),
            }),
        ];
        HttpTable.Write(rows, options.Width, output);
    }

    private static string Verdict(HttpOutcome outcome)
    {
        if (outcome.Error is { } error)
        {
            string causes = HttpWords.Causes(error);
            return HttpWords.Describe(error) + (causes.Length > 0 ? $" around {causes}" : "");
        }
        return outcome.Octets == BodyLength ? "everything" : $"no error, though {BodyLength - outcome.Octets} octets are missing";
    }

    private static void WriteJson(bool playsAll, HttpRun[] announced, HttpRun[] closing, DemoOptions options, TextWriter output)
    {
        if (!playsAll) output.WriteLine(JsonLadderRenderer.Render(announced[0].Ladder(options.Absolute)));
        foreach (HttpRun run in (HttpRun[])[.. announced, .. closing]) output.WriteLine(Json(run));
    }

    /// <summary>One line (<c>"format": "synfin-http-fault/1"</c>); the time is nanoseconds.</summary>
    private static string Json(HttpRun run)
    {
        HttpOutcome outcome = run.Outcomes[0];
        JsonArray errors = [];
        for (Exception? e = outcome.Error; e is not null; e = e.InnerException) errors.Add((JsonNode)HttpWords.Describe(e));
        return new JsonObject
        {
            ["format"] = "synfin-http-fault/1",
            ["fault"] = run.Plan.Fault,
            ["contentLength"] = run.Plan.AnnouncesLength,
            ["connections"] = run.Dials.Count,
            ["status"] = (int?)outcome.Status,
            ["bodyOctets"] = outcome.Octets,
            ["missingOctets"] = BodyLength - outcome.Octets,
            ["time"] = outcome.Time.Nanoseconds,
            ["errors"] = errors,
        }.ToJsonString();
    }
}
