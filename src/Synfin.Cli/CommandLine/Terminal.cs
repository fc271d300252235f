namespace Synfin.Cli.CommandLine;

/// <summary>Where the output goes: what decides its width and its colour.</summary>
/// <param name="IsInteractive">Whether standard output is a terminal, and no file or pipe.</param>
/// <param name="Width">Columns; <see cref="DefaultWidth"/> if it is no terminal.</param>
/// <param name="RefusesColor">Whether the environment asks for no colour: NO_COLOR is set and not empty, or TERM is "dumb".</param>
internal sealed record Terminal(bool IsInteractive, int Width, bool RefusesColor)
{
    /// <summary>The width of output that goes into a file or a pipe.</summary>
    public const int DefaultWidth = 80;

    /// <summary>The facts of this process.</summary>
    public static Terminal OfThisProcess()
    {
        bool interactive = !Console.IsOutputRedirected;
        bool refusesColor = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal(interactive, interactive ? WindowWidth() : DefaultWidth, refusesColor);
    }

    /// <summary>Whether to colour.</summary>
    public bool UsesColor(ColorChoice choice) => choice switch
    {
        ColorChoice.Always => true,
        ColorChoice.Never => false,
        _ => IsInteractive && !RefusesColor,
    };

    private static int WindowWidth()
    {
        try
        {
            // Some terminals say 0: they have not been told their size.
            return Console.WindowWidth is > 0 and var columns ? columns : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
