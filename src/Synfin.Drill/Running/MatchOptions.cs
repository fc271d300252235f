using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>How strictly outbound packets are compared.</summary>
internal sealed record MatchOptions
{
    /// <summary>Let pass that PSH is there or missing.</summary>
    public bool LenientPsh { get; init; }

    /// <summary>Let pass another order or padding of TCP options.</summary>
    public bool LenientOptions { get; init; }

    /// <summary>Compare each segment by itself.</summary>
    public bool StrictSegments { get; init; }

    /// <summary>What one step of TS val stands for; zero: TS val is not compared.</summary>
    public Duration TimestampTick { get; init; }

    /// <summary>The least tolerance of times.</summary>
    public Duration Tolerance { get; init; } = Duration.FromMilliseconds(4);
}
