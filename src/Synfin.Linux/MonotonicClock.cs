using System.Diagnostics;
using Synfin.Timers;

namespace Synfin.Linux;

/// <summary>CLOCK_MONOTONIC: nanoseconds since the machine started, never set back.</summary>
public static class MonotonicClock
{
    /// <summary>The time.</summary>
    public static Timestamp Now()
    {
        Debug.Assert(Stopwatch.Frequency == 1_000_000_000, "on Linux the stopwatch counts CLOCK_MONOTONIC's nanoseconds");
        return new(Stopwatch.GetTimestamp());
    }
}
