using System.CommandLine;
using Synfin.Cli.Status;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin status</c>.</summary>
internal static class StatusDefinition
{
    /// <summary>The command, bound to its action.</summary>
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string?>("NAME")
        {
            HelpName = "NAME",
            Description = "The device of the host to show; without it, all hosts",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> socket = CommandOptions.Text("--socket", "PATH", "Ask at this status socket, wherever it is");
        Option<bool> json = CommandOptions.Switch("--json", "One JSON object a line and host, with all numbers");
        Option<bool> all = CommandOptions.Switch("--all", "Show listeners, too", "-a");

        var command = new CheckedCommand("status", "Show the connections of running stacks, as ss shows the kernel's (Linux)")
        {
            name, socket, json, all,
        };
        command.Check(parsed =>
            parsed.GetValue(name) is not null && parsed.GetValue(socket) is not null ? "NAME and --socket are both there; take one" : null);
        command.SetAction((parsed, _) => StatusCommand.RunAsync(
            new StatusOptions
            {
                Name = parsed.GetValue(name),
                Socket = parsed.GetValue(socket),
                Json = parsed.GetValue(json),
                All = parsed.GetValue(all),
                Width = context.Terminal.Width,
            },
            context));
        return command;
    }
}
