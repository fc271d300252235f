namespace Synfin.Proof;

/// <summary>What the exploration of a scope came to.</summary>
internal sealed record ScopeResult
{
    /// <summary>The scope.</summary>
    public required Scope Scope { get; init; }

    /// <summary>Different states.</summary>
    public required int States { get; init; }

    /// <summary>Moves from one to another.</summary>
    public required long Transitions { get; init; }

    /// <summary>The most moves that the shortest way to a state takes.</summary>
    public required int Depth { get; init; }

    /// <summary>States in which nothing can happen any more.</summary>
    public required int Finals { get; init; }

    /// <summary>Pairs of runs to the same state whose futures were compared.</summary>
    public required long Audited { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether it stopped at the limit of states, or at a breach, before it had seen all.</summary>
    public required bool Stopped { get; init; }

    /// <summary>The property that does not hold; null if all do.</summary>
    public Breach? Breach { get; init; }

    /// <summary>A shortest run to <see cref="Breach"/>.</summary>
    public IReadOnlyList<Move> Run { get; init; } = [];

    /// <summary>Whether all states were seen and all properties hold.</summary>
    public bool Holds => !Stopped && Breach is null;
}
