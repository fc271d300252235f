using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>One row of a ladder. The states are those after what the row tells.</summary>
public sealed record LadderRow
{
    /// <summary>What the row tells.</summary>
    public required LadderRowKind Kind { get; init; }

    /// <summary>The row's number, from 1; 0 for rows that are not numbered (calls, timers, notes, gaps).</summary>
    public int Number { get; init; }

    /// <summary>The number of its connection; 0 if it belongs to none.</summary>
    public int Connection { get; init; }

    /// <summary>Where it happens; for arrows the sender.</summary>
    public LadderSide Side { get; init; }

    /// <summary>When: for arrows the time of sending, or that of arrival in a row of its own.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>When the packet was sent; null if nobody could see it, or for other rows.</summary>
    public Timestamp? Sent { get; init; }

    /// <summary>When the packet arrived; null if it did not, if nobody could see it, or for other rows.</summary>
    public Timestamp? Delivered { get; init; }

    /// <summary>The left end's state.</summary>
    public EndState Left { get; init; }

    /// <summary>The right end's state.</summary>
    public EndState Right { get; init; }

    /// <summary>The segment, for <see cref="LadderRowKind.Segment"/>.</summary>
    public LadderArrow? Arrow { get; init; }

    /// <summary>The contents, for <see cref="LadderRowKind.Run"/>.</summary>
    public LadderRun? Run { get; init; }

    /// <summary>When the last segment of a run happened.</summary>
    public Timestamp? Until { get; init; }

    /// <summary>The call, for <see cref="LadderRowKind.Call"/>.</summary>
    public UserCall? Call { get; init; }

    /// <summary>The octets sent or received by the call.</summary>
    public int Octets { get; init; }

    /// <summary>The result of the call.</summary>
    public TcpError Error { get; init; }

    /// <summary>The timer, for <see cref="LadderRowKind.Timer"/>.</summary>
    public TcpTimerKind? Timer { get; init; }

    /// <summary>How long was waited: by a timer, or in a gap.</summary>
    public Duration? Waited { get; init; }

    /// <summary>How much of the way an ICMP message is shown to go; else <see cref="LadderPassage.Whole"/>.</summary>
    public LadderPassage Passage { get; init; }

    /// <summary>The row in words: the call, the timer, the note, the ICMP message; empty for states and segments.</summary>
    public string Text { get; init; } = "";
}
