using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Makes one row of a long run of segments in which nothing happens but text and its acknowledgments.</summary>
internal static class RunFolding
{
    public static List<RowDraft> Fold(List<RowDraft> rows, int longestRun, Duration idleGap)
    {
        var folded = new List<RowDraft>(rows.Count);
        for (int i = 0; i < rows.Count;)
        {
            int end = EndOfRun(rows, i, idleGap, out int segmentRows);
            if (segmentRows > longestRun)
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
    private static int EndOfRun(List<RowDraft> rows, int start, Duration idleGap, out int segmentRows)
    {
        segmentRows = 0;
        int end = start;
        if (!IsPlain(rows[start])) return end;
        for (int i = start; i < rows.Count; i++)
        {
            RowDraft row = rows[i];
            if (row.Story != rows[start].Story || (i > start && row.Time - rows[i - 1].Time >= idleGap)) break;
            if (MovesText(row)) continue;
            if (!IsPlain(row)) break;
            segmentRows++;
            end = i + 1;
        }
        return end;
    }

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

    private static RowDraft Summarise(List<RowDraft> rows, int start, int end)
    {
        var seen = new HashSet<StoryPacket>();
        long toRight = 0, toLeft = 0;
        for (int i = start; i < end; i++)
        {
            if (rows[i].Packet is not { } packet || !seen.Add(packet)) continue;
            if (rows[i].Side == LadderSide.Left) toRight += packet.Segment!.TextLength;
            else toLeft += packet.Segment!.TextLength;
        }
        RowDraft first = rows[start];
        var run = new LadderRun(seen.Count, toRight, toLeft);
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
            Text = $"{LadderWords.Count(run.Segments, "segment")}, {LadderWords.Octets(run.Octets)}",
        };
    }
}
