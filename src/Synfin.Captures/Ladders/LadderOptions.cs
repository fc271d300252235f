using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>Which ladder to build, and how.</summary>
public sealed record LadderOptions
{
    /// <summary>The left host; null for the one that opened the first connection.</summary>
    public string? Left { get; init; }

    /// <summary>The right host; null for the left host's first peer.</summary>
    public string? Right { get; init; }

    /// <summary>Only this connection of the two hosts, from 1 in the order of their appearance; null for all.</summary>
    public int? Connection { get; init; }

    /// <summary>Sequence numbers as on the wire, not counted from each side's SYN.</summary>
    public bool Absolute { get; init; }

    /// <summary>Whether long runs of data and acknowledgments become one row.</summary>
    public bool FoldRuns { get; init; } = true;

    /// <summary>A run of more rows than this is folded.</summary>
    public int LongestRun { get; init; } = 6;

    /// <summary>Whether losses, retransmissions, SACKs and timers are folded too, so that a long transfer becomes one row.</summary>
    public bool FoldTrouble { get; init; }

    /// <summary>Nothing happening for this long becomes a row of its own.</summary>
    public Duration IdleGap { get; init; } = Duration.FromSeconds(1);

    /// <summary>Whether the application's calls are shown.</summary>
    public bool Calls { get; init; } = true;

    /// <summary>Whether timers are shown.</summary>
    public bool Timers { get; init; } = true;
}
