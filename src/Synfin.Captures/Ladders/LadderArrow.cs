using Synfin.Stack;

namespace Synfin.Captures.Ladders;

/// <summary>A segment in a row: its numbers as they are to be shown, its way, and what is special about it.</summary>
public sealed record LadderArrow
{
    /// <summary>The segment as it stood on the wire.</summary>
    public required LadderSegment Segment { get; init; }

    /// <summary>How much of its way this row shows.</summary>
    public required LadderPassage Passage { get; init; }

    /// <summary>SEG.SEQ as shown: counted from the sender's SYN, or as on the wire with <see cref="LadderOptions.Absolute"/>.</summary>
    public required long Seq { get; init; }

    /// <summary>SEG.ACK as shown; null without the ACK bit.</summary>
    public required long? Ack { get; init; }

    /// <summary>The window in octets, scaled where both SYNs carried the option (RFC 7323 2.2).</summary>
    public required int Window { get; init; }

    /// <summary>The SACK blocks as shown, [left, right).</summary>
    public IReadOnlyList<(long Left, long Right)> Sack { get; init; } = [];

    /// <summary>Why it never arrived; null if it did, or is still in flight.</summary>
    public string? LostReason { get; init; }

    /// <summary>The number of the row that first carried the same octet, if this is a retransmission; else 0.</summary>
    public int AgainOf { get; init; }

    /// <summary>The number of the row in which it left, if it arrives a long time after that; else 0.</summary>
    public int SentInRow { get; init; }

    /// <summary>What is special about it.</summary>
    public LadderMarks Marks { get; init; }

    /// <summary>Why the receiver did not act on it.</summary>
    public DropReason Dropped { get; init; }
}
