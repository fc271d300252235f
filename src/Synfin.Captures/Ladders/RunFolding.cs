using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Makes one row of a long run of segments in which nothing happens but text and its acknowledgments.</summary>
internal sealed class RunFolding(LadderOptions options)
{
    public List<RowDraft> Fold(List<RowDraft> rows)
    {
        var folded = new List<RowDraft>(rows.Count);
        for (int i = 0; i < rows.Count;)
        {
            int end = EndOfRun(rows, i, out int segmentRows);
            if (segmentRows > options.LongestRun)
            {
                folded.Add(Summarise(rows, i, end));
                i = end;
            }
            else
            {
                // A run that is too short is kept as a whole: no later row of it could start a longer one.
                for (end = Math.Max(end, i + 1); i < end; i++) folded.Add(rows[i]);
            }
        }
        return folded;
    }

    /// <summary>The index after the last segment of the run that starts here.</summary>
    private int EndOfRun(List<RowDraft> rows, int start, out int segmentRows)
    {
        segmentRows = 0;
        int end = start;
        if (!Folds(rows[start])) return end;
        for (int i = start; i < rows.Count; i++)
        {
            RowDraft row = rows[i];
            if (row.Story != rows[start].Story || (i > start && row.Time - rows[i - 1].Time >= options.IdleGap)) break;
            if (MovesText(row) || (options.FoldTrouble && row is { Kind: LadderRowKind.Timer, Changes: false })) continue;
            if (!Folds(row)) break;
            segmentRows++;
            end = i + 1;
        }
        return end;
    }

    private bool Folds(RowDraft row) => IsPlain(row) || (options.FoldTrouble && IsTroubled(row));

    private static bool MovesText(RowDraft row) => row.Kind == LadderRowKind.Call && row.Event!.Call is
    {
        Error: TcpError.None, Octets: > 0, Call: UserCall.Send or UserCall.Receive,
    };

    private static bool IsPlain(RowDraft row)
    {
        if (row.Kind != LadderRowKind.Segment || row.Changes || row.IsDuplicate || row.Passage == LadderPassage.Lost) return false;
        StoryPacket packet = row.Packet!;
        return (packet.Segment!.Flags | TcpFlags.Psh) == (TcpFlags.Ack | TcpFlags.Psh) && packet.Sack.Length == 0
            && (packet.Marks & ~LadderMarks.WindowUpdate) == 0 && packet.AgainOf is null && !packet.IsReferredTo
            && packet.Log.LostReason is null && packet.Log.Dropped == DropReason.None;
    }

    /// <summary>Text or an acknowledgment, whatever became of it.</summary>
    private static bool IsTroubled(RowDraft row) =>
        row is { Kind: LadderRowKind.Segment, Changes: false }
        && (row.Packet!.Segment!.Flags | TcpFlags.Psh) == (TcpFlags.Ack | TcpFlags.Psh);

    private static RowDraft Summarise(List<RowDraft> rows, int start, int end)
    {
        var seen = new HashSet<StoryPacket>();
        long toRight = 0, toLeft = 0;
        int lost = 0, again = 0;
        for (int i = start; i < end; i++)
        {
            if (rows[i].Packet is not { } packet || !seen.Add(packet)) continue;
            if (packet.Log.LostReason is not null && packet.Arrival is null) lost++;
            if (packet.AgainOf is not null) again++;
            else if (rows[i].Side == LadderSide.Left) toRight += packet.Segment!.TextLength;
            else toLeft += packet.Segment!.TextLength;
        }
        RowDraft first = rows[start];
        var run = new LadderRun(seen.Count, toRight, toLeft) { Lost = lost, Retransmissions = again };
        return new RowDraft
        {
            Order = first.Order,
            Kind = LadderRowKind.Run,
            Time = first.Time,
            Story = first.Story,
            Side = (toRight, toLeft) switch
            {
                ( > 0, 0) => LadderSide.Left,
                (0, > 0) => LadderSide.Right,
                _ => LadderSide.None,
            },
            Left = first.Left,
            Right = first.Right,
            Run = run,
            Until = rows[end - 1].Delivered ?? rows[end - 1].Time,
            Text = $"{LadderWords.Count(run.Segments, "segment")}, {LadderWords.Octets(run.Octets)}{LadderWords.Losses(lost, again)}",
        };
    }
}
