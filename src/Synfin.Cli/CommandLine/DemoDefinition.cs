using System.CommandLine;
using Synfin.Cli.Scenarios;
using Synfin.Cli.Scenarios.Http;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin demo</c>.</summary>
internal static class DemoDefinition
{
    private const int NarrowestWidth = 40;
    private const int WidestWidth = 1_000;
    private const int MostRequests = 1_000;

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(Terminal terminal, TextWriter output, TextWriter error)
    {
        var scenario = new Argument<string?>("SCENARIO")
        {
            HelpName = "SCENARIO",
            Description = "What to show; without it, one HTTP request over TCP",
            Arity = ArgumentArity.ZeroOrOne,
        };
        scenario.CompletionSources.Add(_ => ScenarioCatalog.All.Select(s => s.Name));
        Option<bool> list = CommandOptions.Switch("--list", "List the scenarios and the question that each one answers");
        Option<ulong?> seed = CommandOptions.Number("--seed", "N", ulong.MinValue, ulong.MaxValue,
            "Choose initial sequence numbers and chance; the same seed gives the same output");
        var lose = new Option<string[]>("--lose") { HelpName = "RULE", Description = "Lose the segments that RULE names; may be repeated" };
        Option<bool> absolute = CommandOptions.Switch("--absolute", "Show sequence numbers as they stand on the wire, not from 0");
        Option<DemoFormat> format = CommandOptions.Choice<DemoFormat>("--format",
            "A ladder to read, or JSON, one object a line [default: text]");
        Option<string?> pcap = CommandOptions.Text("--pcap", "FILE", "Write the packets to FILE too, as pcapng: as one host saw them");
        Option<int?> width = CommandOptions.Number<int>("--width", "N", NarrowestWidth, WidestWidth,
            $"Columns of the output [default: the terminal's, or {Terminal.DefaultWidth}]");
        Option<ColorChoice> color = CommandOptions.Choice<ColorChoice>("--color",
            "Colour the output [default: auto, in a terminal only]");

        var command = new Command("demo", "Show a ladder of a scenario: who sent what, and both ends' states")
        {
            scenario, list, seed, lose, absolute, format, pcap, width, color,
        };
        Func<ParseResult, HttpOptions> http = AddHttp(command);
        command.SetAction(parsed => DemoCommand.Run(
            new DemoOptions
            {
                Scenario = parsed.GetValue(scenario),
                List = parsed.GetValue(list),
                Seed = parsed.GetValue(seed),
                Lose = parsed.GetValue(lose) ?? [],
                Absolute = parsed.GetValue(absolute),
                Format = parsed.GetValue(format),
                Pcap = parsed.GetValue(pcap),
                Width = parsed.GetValue(width) ?? terminal.Width,
                Color = terminal.UsesColor(parsed.GetValue(color)),
                Http = http(parsed),
            },
            output,
            error));
        return command;
    }

    /// <summary>The options of <c>demo http</c>, and how they are read.</summary>
    private static Func<ParseResult, HttpOptions> AddHttp(Command command)
    {
        Option<bool> http10 = CommandOptions.Switch("--http10", "http: HTTP/1.0 alone, a connection for each request, with its ladder");
        Option<bool> keepAlive = CommandOptions.Switch("--keep-alive", "http: HTTP/1.1 alone, one connection, with its ladder");
        Option<bool> http2 = CommandOptions.Switch("--h2", "http: HTTP/2 alone, with its ladder");
        Option<bool> tls = CommandOptions.Switch("--tls", "http: over TLS");
        Option<int?> requests = CommandOptions.Number<int>("--requests", "N", 1, MostRequests, "http: how many requests [default: 5]");
        var fault = new Option<string?>("--fault")
        {
            HelpName = "NAME",
            Description = "http: what HttpClient makes of a fault of the server's; without NAME, of each",
            Arity = ArgumentArity.ZeroOrOne,
        };
        foreach (Option option in (Option[])[http10, keepAlive, http2, tls, requests, fault]) command.Options.Add(option);
        return parsed => new HttpOptions
        {
            Http10 = parsed.GetValue(http10),
            KeepAlive = parsed.GetValue(keepAlive),
            Http2 = parsed.GetValue(http2),
            Tls = parsed.GetValue(tls),
            Requests = parsed.GetValue(requests),
            Fault = parsed.GetResult(fault) is null ? null : parsed.GetValue(fault) ?? HttpOptions.EveryFault,
        };
    }
}
