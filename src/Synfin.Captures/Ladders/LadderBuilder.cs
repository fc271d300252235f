using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Builds one ladder of a recording.</summary>
internal sealed class LadderBuilder(LadderRecorder recorder, LadderOptions options)
{
    private string _left = "";
    private string _right = "";

    public Ladder Build()
    {
        ChoosePair();
        List<ConnectionStory> stories = ChooseConnections();
        var rows = new List<RowDraft>();
        foreach (ConnectionStory story in stories)
        {
            SegmentAnalysis.Run(story);
            StateTracking.Run(story);
            rows.AddRange(new RowPlacement(story, options).Place());
        }
        AddNotes(rows, stories);
        if (options.Connection is null) AddStrayMessages(rows);
        // Stable; a note comes before the change of state that it explains.
        rows = [.. rows.OrderBy(row => row.Order).ThenBy(row => row.Kind != LadderRowKind.Note)];
        if (options.FoldRuns) rows = new RunFolding(options).Fold(rows);
        rows = WithGaps(rows);
        int number = 0;
        foreach (RowDraft row in rows)
        {
            if (row.IsNumbered) row.Number = ++number;
        }
        return new Ladder
        {
            Left = _left,
            Right = _right,
            Start = rows.Count > 0 ? rows[0].Time : default,
            Absolute = options.Absolute,
            Connections = [.. stories.Select(Describe)],
            Rows = [.. rows.Select(row => row.ToRow(options.Absolute))],
            Missing = recorder.Missing,
        };
    }

    private static LadderConnection Describe(ConnectionStory story)
    {
        FourTuple tuple = story.LeftEnd == 0 ? story.Log.Tuple : story.Log.Tuple.Reversed;
        SendSide left = story.Sides[story.LeftEnd], right = story.Sides[1 - story.LeftEnd];
        return new LadderConnection(story.Number, tuple, left.Base, right.Base, new VerdictFinder(story).Find());
    }

    private void ChoosePair()
    {
        string? left = options.Left, right = options.Right;
        foreach (ConnectionLog log in recorder.Connections)
        {
            if (left is not null && right is not null) break;
            string opener = recorder.HostOf(log, 0).Name, peer = recorder.HostOf(log, 1).Name;
            if (left is null && (right is null || right == peer || right == opener))
            {
                left = right == opener ? peer : opener;
                right = right == opener ? opener : peer;
            }
            else if (left == opener) right = peer;
            else if (left == peer) right = opener;
        }
        _left = left ?? "?";
        _right = right ?? "?";
    }

    private List<ConnectionStory> ChooseConnections()
    {
        var stories = new List<ConnectionStory>();
        int number = 0;
        foreach (ConnectionLog log in recorder.Connections)
        {
            HostLog[] hosts = [recorder.HostOf(log, 0), recorder.HostOf(log, 1)];
            bool straight = hosts[0].Name == _left && hosts[1].Name == _right;
            bool mirrored = hosts[0].Name == _right && hosts[1].Name == _left;
            if (!straight && !mirrored) continue;
            number++;
            if (options.Connection is { } wanted && wanted != number) continue;
            stories.Add(new ConnectionStory(log, number, straight ? 0 : 1, hosts, recorder.Notes));
        }
        if (options.Connection is not null && stories.Count == 0)
            throw new ArgumentException($"{_left} and {_right} have {number} connections; {options.Connection} is none of them");
        return stories;
    }

    private void AddNotes(List<RowDraft> rows, List<ConnectionStory> stories)
    {
        foreach (RecordedEvent note in recorder.Notes)
        {
            LadderSide side = note.Host is null ? LadderSide.None : SideOf(note.Host.Name);
            if (side == LadderSide.None && note.Host is not null) continue;
            rows.Add(new RowDraft
            {
                Order = note.Index,
                Kind = LadderRowKind.Note,
                Time = note.Time,
                Side = side,
                Text = note.Text,
                Story = stories.Count == 1 ? stories[0] : null,
            });
        }
    }

    /// <summary>ICMP messages between the two hosts that belong to no connection.</summary>
    private void AddStrayMessages(List<RowDraft> rows)
    {
        foreach (PacketLog packet in recorder.Packets)
        {
            if (packet.Connection is not null) continue;
            LadderSide side = SideOf(packet.Sender.Name);
            LadderSide to = SideOf(recorder.HostAt(packet.Facts.Destination).Name);
            if (side == LadderSide.None || to == LadderSide.None || side == to) continue;
            rows.Add(new RowDraft
            {
                Order = packet.Index,
                Kind = LadderRowKind.Icmp,
                Time = packet.Sent,
                Side = side,
                Packet = new StoryPacket(packet),
                Passage = packet.LostReason is null ? LadderPassage.Whole : LadderPassage.Lost,
                Text = packet.Facts.Icmp,
            });
        }
    }

    private LadderSide SideOf(string host) =>
        host == _left ? LadderSide.Left : host == _right ? LadderSide.Right : LadderSide.None;

    /// <summary>A long silence becomes a row, unless the timer that ends it says how long it was.</summary>
    private List<RowDraft> WithGaps(List<RowDraft> rows)
    {
        var spaced = new List<RowDraft>(rows.Count);
        Timestamp busyUntil = rows.Count > 0 ? rows[0].Time : default;
        foreach (RowDraft row in rows)
        {
            Duration idle = row.Time - busyUntil;
            bool told = row.Kind == LadderRowKind.Timer && row.Waited is { } waited && waited.Nanoseconds >= idle.Nanoseconds / 2;
            if (idle >= options.IdleGap && !told)
                spaced.Add(new RowDraft { Order = row.Order, Kind = LadderRowKind.Gap, Time = busyUntil, Waited = idle });
            spaced.Add(row);
            busyUntil = Timestamp.Max(busyUntil, Timestamp.Max(row.Time, row.Until ?? row.Delivered ?? row.Time));
        }
        return spaced;
    }
}
