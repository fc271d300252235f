using System.CommandLine;
using Synfin.Cli.Connect;
using Synfin.Cli.Hosts;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin connect</c>.</summary>
internal static class ConnectDefinition
{
    private const double LongestTimeout = 86_400;

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new CheckedCommand(
            "connect", "Connect to HOST; it gets standard input, and standard output gets what it says (Linux)");
        Func<ParseResult, Target> target = CommandArguments.AddTarget(command);
        Argument<int> port = CommandArguments.Port("PORT", "The peer's port, 1 to 65535");
        Option<bool> halfClose = CommandOptions.Switch("--half-close", "End sending when the input ends; this is the default");
        Option<bool> noShutdown = CommandOptions.Switch("--no-shutdown", "Do not: the connection ends when the peer ends it");
        Option<bool> receiveOnly = CommandOptions.Switch("--recv-only", "Read no input; end when the peer does");
        Option<TimeSpan?> timeout = CommandOptions.Seconds("--timeout", 0.001, LongestTimeout, "Give up opening after so long");
        Option<bool> verbose = CommandOptions.Verbose("Say who was reached and how it ended, on standard error");
        command.Arguments.Add(port);
        foreach (Option option in (Option[])[halfClose, noShutdown, receiveOnly, timeout, verbose]) command.Options.Add(option);
        HostDefinition host = HostDefinition.AddTo(command);
        command.Check(parsed =>
        {
            Option<bool>[] chosen = [.. new[] { halfClose, noShutdown, receiveOnly }.Where(option => parsed.GetValue(option))];
            return chosen.Length > 1 ? $"{chosen[0].Name} and {chosen[1].Name} are both there; take one" : null;
        });
        command.SetAction((parsed, _) =>
        {
            var options = new ConnectOptions
            {
                Target = target(parsed),
                Port = parsed.GetValue(port),
                Mode = parsed.GetValue(receiveOnly) ? BridgeMode.ReceiveOnly
                    : parsed.GetValue(noShutdown) ? BridgeMode.NoShutdown : BridgeMode.HalfClose,
                Timeout = parsed.GetValue(timeout),
                Verbose = parsed.GetValue(verbose),
            };
            return HostSession.RunAsync(
                context, host.Read(parsed), "synfin connect", context.Error,
                (session, ct) => ConnectCommand.RunAsync(options, session, ct));
        });
        return command;
    }
}
