namespace Synfin.Proof;

/// <summary>How a scope is explored.</summary>
internal sealed record ExplorerOptions
{
    /// <summary>The most states; beyond it the exploration stops and has shown nothing.</summary>
    public int MaxStates { get; init; } = 20_000_000;

    /// <summary>How many worlds are explored at the same time.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 64);

    /// <summary>
    /// Of so many runs that end in a state which another run reached before, one is followed a step further, to see that the two ends are
    /// the same state indeed; 0 for none.
    /// </summary>
    public int AuditEvery { get; init; } = 64;
}
