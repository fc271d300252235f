namespace Synfin.Drill.Running;

/// <summary>How scripts are run.</summary>
internal sealed record RunnerOptions
{
    /// <summary>How strictly packets are compared, where a script does not say.</summary>
    public MatchOptions Match { get; init; } = new();

    /// <summary>Let pass packets that no line wanted at the end.</summary>
    public bool AllowLeftovers { get; init; }

    /// <summary>Whether numbers that differ between kernels are FreeBSD's.</summary>
    public bool IsFreeBsd { get; init; }
}
