using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using System.Reflection;

namespace Synfin.Cli.CommandLine;

/// <summary>The program <c>synfin</c>: its commands, and how they fail.</summary>
internal static class SynfinCommandLine
{
    /// <summary>What the user types.</summary>
    public const string ProgramName = "synfin";

    // An argument may start with '@': we read no response files.
    private static readonly ParserConfiguration _parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>"0.1.0": the version of this build, without the commit that a build may append.</summary>
    public static string Version { get; } = typeof(SynfinCommandLine).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Runs one command line. Returns an <see cref="ExitCode"/>; every failure is one line on <paramref name="error"/>.</summary>
    public static Task<int> RunAsync(string[] args, Terminal terminal, TextWriter output, TextWriter error) =>
        RunAsync(args, new CommandContext(terminal, output, error));

    /// <summary>The same, with all that a process gives.</summary>
    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        TextWriter error = context.Error;
        ParseResult parsed = Build(context).Parse(args, _parsing);
        bool runsCommand = parsed.Action is ParseErrorAction || parsed.Action == parsed.CommandResult.Command.Action;
        if (runsCommand && UsageErrors.Describe(parsed) is { } problem) return Fail(error, problem, ExitCode.Usage);
        var invocation = new InvocationConfiguration
        {
            Output = context.Output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // Commands that have something to end handle signals themselves.
            ProcessTerminationTimeout = null,
        };
        return await GuardAsync(() => parsed.InvokeAsync(invocation), error);
    }

    /// <summary>Does <paramref name="work"/>; if it fails, one line says how.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> work, TextWriter error)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The outermost frame: whatever it is, the user gets a line and the caller an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(error, FirstLine(e), ExitCode.Failure);
        }
    }

    /// <summary>Writes the one line of a failure.</summary>
    /// <returns><paramref name="exitCode"/>, for the caller to return.</returns>
    public static int Fail(TextWriter error, string problem, int exitCode)
    {
        error.WriteLine($"{ProgramName}: {problem}");
        return exitCode;
    }

    private static RootCommand Build(CommandContext context)
    {
        (Terminal terminal, TextWriter output, TextWriter error) = (context.Terminal, context.Output, context.Error);
        var root = new RootCommand("See and test what TCP does: a connection's life, from SYN to FIN.")
        {
            DemoDefinition.Create(terminal, output, error),
            ListenDefinition.Create(context),
            ConnectDefinition.Create(context),
            ServeDefinition.Create(context),
            PingDefinition.Create(context),
            StatusDefinition.Create(context),
            BenchDefinition.Create(terminal, output, error),
            DrillDefinition.Create(context),
            CheckDefinition.Create(terminal, output, error),
        };
        root.HelpName = ProgramName;
        var help = new HelpAction { MaxWidth = terminal.Width };
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.SetAction(parsed => help.Invoke(parsed));
        return root;
    }

    /// <summary>The first line of the message, and the type of the exception if it is one that only a fault of ours can raise.</summary>
    private static string FirstLine(Exception e)
    {
        string line = e.Message.Split('\n', 2)[0].TrimEnd('\r', '.');
        bool expected = e is IOException or UnauthorizedAccessException or PlatformNotSupportedException or SocketException;
        return expected ? line : $"{e.GetType().Name}: {line}";
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"{ProgramName} {Version}");
            return ExitCode.Success;
        }
    }
}
