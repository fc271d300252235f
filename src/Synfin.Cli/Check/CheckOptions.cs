namespace Synfin.Cli.Check;

/// <summary>What <c>synfin check</c> was asked for.</summary>
internal sealed record CheckOptions
{
    /// <summary>The scopes to explore; none for those that a build has time for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>List the scopes, and what each is about.</summary>
    public bool List { get; init; }

    /// <summary>How many accidents; null for each scope's own number.</summary>
    public int? Accidents { get; init; }

    /// <summary>The profile of both ends.</summary>
    public string Profile { get; init; } = "default";

    /// <summary>A run to do and to draw, instead of exploring.</summary>
    public string? Replay { get; init; }

    /// <summary>The most states of a scope.</summary>
    public int? MaxStates { get; init; }

    /// <summary>How the results are written.</summary>
    public CheckFormat Format { get; init; }

    /// <summary>Columns of the output.</summary>
    public int Width { get; init; }
}
