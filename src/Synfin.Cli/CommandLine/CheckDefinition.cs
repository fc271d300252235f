using System.CommandLine;
using Synfin.Cli.Check;
using Synfin.Proof;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin check</c>.</summary>
internal static class CheckDefinition
{
    private const int MostAccidents = 8;
    private const int FewestStates = 1;
    private const int MostStates = 100_000_000;

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(Terminal terminal, TextWriter output, TextWriter error)
    {
        var scope = new Option<string[]>("--scope")
        {
            HelpName = "NAME",
            Description = $"Explore this scope, or '{Scopes.WideSet}' for more than a build has time for; may be repeated",
        };
        scope.CompletionSources.Add(_ => Scopes.All.Select(s => s.Name).Append(Scopes.WideSet));
        Option<bool> list = CommandOptions.Switch("--list", "List the scopes and what each is about");
        Option<int?> accidents = CommandOptions.Number<int>("--accidents", "N", 0, MostAccidents,
            "Lose, duplicate, reorder or delay up to N segments [default: each scope's own number]");
        Option<string?> profile = CommandOptions.Text("--profile", "NAME", "Whose choices both ends make: default, rfc, linux or freebsd");
        Option<string?> replay = CommandOptions.Text("--replay", "RUN", "Do this run of the scope and draw it, as a failure tells it");
        Option<int?> maxStates = CommandOptions.Number<int>("--max-states", "N", FewestStates, MostStates,
            "Stop a scope that has more states [default: 20000000]");
        Option<bool> json = CommandOptions.Switch("--json", "One JSON object a line and scope");
        Option<bool> markdown = CommandOptions.Switch("--markdown", "The table of docs/proof.md");
        var command = new CheckedCommand("check", "Explore the engine from both ends, exhaustively in small scopes")
        {
            scope, list, accidents, profile, replay, maxStates, json, markdown,
        };
        command.Check(parsed =>
            parsed.GetValue(json) && parsed.GetValue(markdown) ? "--json and --markdown are both there; take one" : null);
        command.SetAction(parsed => CheckCommand.Run(
            new CheckOptions
            {
                Scopes = parsed.GetValue(scope) ?? [],
                List = parsed.GetValue(list),
                Accidents = parsed.GetValue(accidents),
                Profile = parsed.GetValue(profile) ?? "default",
                Replay = parsed.GetValue(replay),
                MaxStates = parsed.GetValue(maxStates),
                Format = parsed.GetValue(json) ? CheckFormat.Json : parsed.GetValue(markdown) ? CheckFormat.Markdown : CheckFormat.Text,
                Width = terminal.Width,
            },
            output,
            error));
        return command;
    }
}
