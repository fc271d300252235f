using System.CommandLine;
using Synfin.Cli.Hosts;
using Synfin.Cli.Listen;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin listen</c>.</summary>
internal static class ListenDefinition
{
    /// <summary>The command, bound to its action.</summary>
    public static Command Create(CommandContext context)
    {
        Argument<int> port = CommandArguments.Port("PORT", "The port to listen on, 1 to 65535");
        Option<bool> echo = CommandOptions.Switch("--echo", "Send back what comes (RFC 862)");
        Option<bool> discard = CommandOptions.Switch("--discard", "Take what comes, and forget it (RFC 863)");
        Option<bool> keepOpen = CommandOptions.Switch(
            "--keep-open", "Go on after the first connection; --echo and --discard serve many at a time", "-k");
        Option<bool> verbose = CommandOptions.Verbose("Say who connects and how it ends, on standard error");

        var command = new CheckedCommand(
            "listen", "Wait for a connection; it gets standard input, and standard output gets what it says (Linux)")
        {
            port, echo, discard, keepOpen, verbose,
        };
        HostDefinition host = HostDefinition.AddTo(command);
        command.Check(parsed => parsed.GetValue(echo) && parsed.GetValue(discard) ? "--echo and --discard are both there; take one" : null);
        command.SetAction((parsed, _) =>
        {
            var options = new ListenOptions
            {
                Port = parsed.GetValue(port),
                Mode = parsed.GetValue(echo) ? ListenMode.Echo : parsed.GetValue(discard) ? ListenMode.Discard : ListenMode.Bridge,
                KeepOpen = parsed.GetValue(keepOpen),
                Verbose = parsed.GetValue(verbose),
            };
            // Standard output is the peer's, unless it is nobody's.
            TextWriter ladders = options.Mode is ListenMode.Bridge ? context.Error : context.Output;
            return HostSession.RunAsync(
                context, host.Read(parsed), "synfin listen", ladders, (session, ct) => ListenCommand.RunAsync(options, session, ct));
        });
        return command;
    }
}
