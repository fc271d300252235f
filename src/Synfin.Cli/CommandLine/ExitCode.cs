namespace Synfin.Cli.CommandLine;

/// <summary>What the process returns to its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The arguments were fine, the work was not.</summary>
    public const int Failure = 1;

    /// <summary>The arguments were wrong; one line on standard error says how.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C, as a shell counts it (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
