namespace Synfin.Cli.Listen;

/// <summary>What `synfin listen` was asked to do.</summary>
internal sealed record ListenOptions
{
    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>What to do with who comes.</summary>
    public ListenMode Mode { get; init; }

    /// <summary>Whether to go on after the first connection.</summary>
    public bool KeepOpen { get; init; }

    /// <summary>Whether to say on standard error who came, and how it ended.</summary>
    public bool Verbose { get; init; }
}
