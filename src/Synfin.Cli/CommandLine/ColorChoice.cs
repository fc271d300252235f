namespace Synfin.Cli.CommandLine;

/// <summary>The values of <c>--color</c>.</summary>
internal enum ColorChoice
{
    /// <summary>Colour in a terminal, unless the environment asks for none.</summary>
    Auto,

    /// <summary>Colour always, also into a file.</summary>
    Always,

    /// <summary>No colour.</summary>
    Never,
}
