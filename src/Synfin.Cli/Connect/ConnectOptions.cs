namespace Synfin.Cli.Connect;

/// <summary>What `synfin connect` was asked to do.</summary>
internal sealed record ConnectOptions
{
    /// <summary>Where to.</summary>
    public required Target Target { get; init; }

    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>What the end of the input does.</summary>
    public BridgeMode Mode { get; init; }

    /// <summary>How long opening may take; null for as long as TCP tries.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether to say on standard error who was reached, and how it ended.</summary>
    public bool Verbose { get; init; }
}
