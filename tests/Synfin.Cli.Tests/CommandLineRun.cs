using Synfin.Cli.CommandLine;

namespace Synfin.Cli.Tests;

/// <summary>One run of the program, in this process.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs <paramref name="args"/> as if their output went to a file.</summary>
    public static async Task<CommandLineRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(IsInteractive: false, Terminal.DefaultWidth, RefusesColor: false);
        int exitCode = await SynfinCommandLine.RunAsync(args, terminal, output, error);
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The lines of standard output.</summary>
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines of standard error.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
