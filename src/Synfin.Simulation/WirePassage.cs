using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>What a wire does to a packet.</summary>
public readonly record struct WirePassage
{
    /// <summary>Why it never arrives, or null.</summary>
    public string? LostBecause { get; init; }

    /// <summary>When it arrives, unless it is lost.</summary>
    public Timestamp Arrival { get; init; }

    /// <summary>Whether a copy arrives right behind it.</summary>
    public bool ArrivesTwice { get; init; }

    /// <summary>Whether a bit of it is flipped, which is for the caller to do.</summary>
    public bool IsCorrupt { get; init; }
}
