using System.CommandLine;
using Synfin.Cli.Bench;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin bench</c>.</summary>
internal static class BenchDefinition
{
    private const int MostRuns = 1_000;

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(Terminal terminal, TextWriter output, TextWriter error)
    {
        var names = new Argument<string[]>("NAME")
        {
            HelpName = "NAME",
            Description = "Figures, or prefixes of their names; without it, all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(_ => BenchmarkCatalog.All.Select(b => b.Name));
        Option<bool> json = CommandOptions.Switch("--json", "One JSON object a line, instead of a table");
        Option<bool> list = CommandOptions.Switch("--list", "List the figures and what each one measures");
        Option<int?> runs = CommandOptions.Number<int>("--runs", "N", 1, MostRuns,
            $"Runs of each figure, after a warm-up; the median counts [default: {BenchOptions.DefaultRuns}]");
        Option<bool> quick = CommandOptions.Switch("--quick", "Short runs: to see that it works, not to quote");

        var command = new Command("bench", "Measure this stack, and the yardsticks that it is compared to, on this machine")
        {
            names, json, list, runs, quick,
        };
        command.SetAction(parsed => BenchCommand.Run(
            new BenchOptions
            {
                Names = parsed.GetValue(names) ?? [],
                Json = parsed.GetValue(json),
                List = parsed.GetValue(list),
                Runs = parsed.GetValue(runs) ?? BenchOptions.DefaultRuns,
                Quick = parsed.GetValue(quick),
                Width = terminal.Width,
                Color = terminal.UsesColor(ColorChoice.Auto),
            },
            output,
            error));
        return command;
    }
}
