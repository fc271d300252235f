using System.Diagnostics;

namespace Synfin.Cli.Bench;

/// <summary>Measures how often something happens.</summary>
internal static class Rate
{
    /// <summary>Repeats <paramref name="batch"/> for about <paramref name="budget"/>.</summary>
    /// <param name="budget">When to stop; at least one batch runs.</param>
    /// <param name="batch">Does the work and returns how much it did.</param>
    /// <returns>Work a second.</returns>
    public static double PerSecond(TimeSpan budget, Func<long> batch)
    {
        long start = Stopwatch.GetTimestamp();
        long done = 0;
        TimeSpan elapsed;
        do
        {
            done += batch();
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < budget);

        return done / elapsed.TotalSeconds;
    }
}
