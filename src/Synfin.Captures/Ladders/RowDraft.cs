using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>A row before it has its number.</summary>
internal sealed class RowDraft
{
    /// <summary>Who is under way for so long was likely forgotten: the row of its arrival says where it left.</summary>
    private static readonly Duration LongWay = Duration.FromSeconds(1);

    /// <summary>Its place: that of the event that it shows.</summary>
    public required int Order { get; init; }

    public required LadderRowKind Kind { get; init; }

    public required Timestamp Time { get; init; }

    public ConnectionStory? Story { get; init; }

    public LadderSide Side { get; init; }

    public StoryPacket? Packet { get; init; }

    public LadderPassage Passage { get; init; }

    public bool IsDuplicate { get; init; }

    public RecordedEvent? Event { get; init; }

    public Duration? Waited { get; init; }

    public LadderRun? Run { get; init; }

    /// <summary>When the last of a run happened.</summary>
    public Timestamp? Until { get; init; }

    public string Text { get; init; } = "";

    public EndState Left { get; set; }

    public EndState Right { get; set; }

    /// <summary>Whether a state is another than in the row above.</summary>
    public bool Changes { get; set; }

    public int Number { get; set; }

    /// <summary>When a packet arrived, if this row shows it.</summary>
    public Timestamp? Delivered => (Packet, Passage) switch
    {
        ({ Log.Deliveries: [var first, ..] }, LadderPassage.Whole) => first.Time,
        (not null, LadderPassage.Arrives) => Time,
        _ => null,
    };

    public bool IsNumbered => Kind is LadderRowKind.States or LadderRowKind.Segment or LadderRowKind.Icmp or LadderRowKind.Run;

    /// <summary>The row as it is shown, once every row has its number.</summary>
    public LadderRow ToRow(bool absolute)
    {
        bool isPacket = Kind is LadderRowKind.Segment or LadderRowKind.Icmp;
        return new LadderRow
        {
            Kind = Kind,
            Number = Number,
            Connection = Story?.Number ?? 0,
            Side = Side,
            Time = Time,
            Sent = isPacket && Packet!.Log.Sender.Observed ? Packet.Log.Sent : null,
            Delivered = isPacket ? Delivered : null,
            Left = Left,
            Right = Right,
            Arrow = Kind == LadderRowKind.Segment ? ToArrow(Packet!, absolute) : null,
            Run = Run,
            Until = Until,
            Call = Kind == LadderRowKind.Call ? Event!.Call.Call : null,
            Octets = Kind == LadderRowKind.Call ? Event!.Call.Octets : 0,
            Error = Kind == LadderRowKind.Call ? Event!.Call.Error : TcpError.None,
            Timer = Kind == LadderRowKind.Timer ? Event!.Timer.Kind : null,
            Waited = Waited,
            Passage = Passage,
            Text = Text,
        };
    }

    private LadderArrow ToArrow(StoryPacket packet, bool absolute)
    {
        LadderSegment segment = packet.Segment!;
        (long, long)[] sack = packet.Sack;
        if (absolute)
        {
            sack = new (long, long)[packet.Sack.Length];
            for (int i = 0; i < sack.Length; i++)
                sack[i] = (segment.Options.SackBlocks[i].Left.Value, segment.Options.SackBlocks[i].Right.Value);
        }
        DropReason dropped = Passage switch
        {
            LadderPassage.Whole => packet.Log.Dropped,
            LadderPassage.Arrives => Event!.Dropped,
            _ => DropReason.None,
        };
        LadderMarks marks = packet.Marks;
        if (IsDuplicate) marks |= LadderMarks.Duplicate;
        if (packet.IsOld && dropped == DropReason.OutsideWindow) marks |= LadderMarks.ReceivedBefore;
        bool isLate = Passage == LadderPassage.Arrives && Time - packet.Log.Sent >= LongWay;
        long ack = absolute ? segment.Ack.Value : packet.Ack;
        return new LadderArrow
        {
            Segment = segment,
            Passage = Passage,
            Seq = absolute ? segment.Seq.Value : packet.Seq,
            Ack = segment.Has(TcpFlags.Ack) ? ack : null,
            Window = packet.Window,
            Sack = sack,
            LostReason = Passage == LadderPassage.Lost ? packet.Log.LostReason : null,
            AgainOf = packet.AgainOf?.Row?.Number ?? 0,
            SentInRow = isLate ? packet.Row?.Number ?? 0 : 0,
            Marks = marks,
            Dropped = dropped,
        };
    }
}
