namespace Synfin.Captures.Ladders;

/// <summary>A packet with what was concluded about it.</summary>
internal sealed class StoryPacket(PacketLog log)
{
    public PacketLog Log { get; } = log;

    public LadderSegment? Segment => Log.Facts.Segment;

    /// <summary>SEG.SEQ counted from the sender's SYN.</summary>
    public long Seq { get; set; }

    /// <summary>SEG.ACK counted from the receiver's SYN.</summary>
    public long Ack { get; set; }

    public int Window { get; set; }

    public (long Left, long Right)[] Sack { get; set; } = [];

    public LadderMarks Marks { get; set; }

    /// <summary>The packet that first carried the same first octet.</summary>
    public StoryPacket? AgainOf { get; set; }

    /// <summary>Whether all of it had been acknowledged before it arrived.</summary>
    public bool IsOld { get; set; }

    /// <summary>Whether a retransmission refers to this.</summary>
    public bool IsReferredTo { get; set; }

    /// <summary>Its first arrival.</summary>
    public StoryEvent? Arrival { get; set; }

    /// <summary>Whether one row shows sending and arrival.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The row that shows its sending.</summary>
    public RowDraft? Row { get; set; }
}
