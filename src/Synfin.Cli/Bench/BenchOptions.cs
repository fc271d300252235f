namespace Synfin.Cli.Bench;

/// <summary>What <c>synfin bench</c> was asked for.</summary>
internal sealed record BenchOptions
{
    /// <summary>How often a figure is run if nobody says otherwise.</summary>
    public const int DefaultRuns = 5;

    /// <summary>Figures or prefixes of their names; none means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>JSON lines instead of a table.</summary>
    public bool Json { get; init; }

    /// <summary>List the figures instead of running them.</summary>
    public bool List { get; init; }

    /// <summary>Runs of each figure, after a warm-up.</summary>
    public int Runs { get; init; } = DefaultRuns;

    /// <summary>Short runs.</summary>
    public bool Quick { get; init; }

    /// <summary>Columns of the table.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Whether to colour the table.</summary>
    public bool Color { get; init; }

    /// <summary>How long one run measures.</summary>
    public TimeSpan Budget => Quick ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(1);
}
