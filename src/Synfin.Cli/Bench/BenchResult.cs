namespace Synfin.Cli.Bench;

/// <summary>The values of one figure, one a run.</summary>
/// <param name="Benchmark">The figure.</param>
/// <param name="Values">In its unit; at least one.</param>
internal sealed record BenchResult(IBenchmark Benchmark, IReadOnlyList<double> Values)
{
    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    public double Median
    {
        get
        {
            double[] sorted = [.. Values.Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>The smallest.</summary>
    public double Min => Values.Min();

    /// <summary>The largest.</summary>
    public double Max => Values.Max();
}
