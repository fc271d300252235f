using System.CommandLine;
using Synfin.Cli.Scenarios;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin demo</c>.</summary>
internal static class DemoDefinition
{
    private const int NarrowestWidth = 40;
    private const int WidestWidth = 1_000;

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(Terminal terminal, TextWriter output, TextWriter error)
    {
        var scenario = new Argument<string?>("SCENARIO")
        {
            HelpName = "SCENARIO",
            Description = "What to show; without it, the life of one connection",
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
            },
            output,
            error));
        return command;
    }
}
