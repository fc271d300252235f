using Synfin.Tcp;

namespace Synfin.Captures.Ladders;

/// <summary>
/// Makes the rows of one connection. A segment takes one row, drawn level, unless its receiver did something else between its sending
/// and its arrival: then it takes two, as in RFC 9293 figures 8 and 13, so that every end's own order of events is told as it was.
/// </summary>
internal sealed class RowPlacement(ConnectionStory story, LadderOptions options)
{
    private readonly List<RowDraft> _rows = [];
    private readonly EndState[] _states = new EndState[2];

    public List<RowDraft> Place()
    {
        FindWholeOnes();
        for (int end = 0; end < 2; end++) _states[end] = story.InitialState(end);
        List<StoryEvent> events = story.Events;
        int first = events.FindIndex(e => e.Event.Kind != RecordedKind.Note);
        for (int i = 0; i < events.Count; i++)
        {
            if (i == first && (story.Hosts[0].TellsStates || story.Hosts[1].TellsStates)) Add(StatesRow(events[i]));
            PlaceEvent(i);
        }
        return _rows;
    }

    /// <summary>Calls that move text change no state and may be told a little late.</summary>
    private static bool MayFloat(RecordedEvent e) =>
        e.Kind == RecordedKind.Call && e.Call.Call is UserCall.Receive or UserCall.Send or UserCall.SendUrgent;

    private void FindWholeOnes()
    {
        for (int i = 0; i < story.Events.Count; i++)
        {
            StoryEvent e = story.Events[i];
            if (e.Event.Kind == RecordedKind.Sent) e.Packet!.IsWhole = IsWhole(i, e.Packet);
        }
    }

    private bool IsWhole(int sent, StoryPacket packet)
    {
        int receiver = 1 - packet.Log.End;
        if (packet.Arrival is not { } arrival) return packet.Log.LostReason is null && !story.Hosts[receiver].Observed;
        for (int i = sent + 1; story.Events[i] != arrival; i++)
        {
            StoryEvent between = story.Events[i];
            if (between.Event.End != receiver || between.Absorbed || MayFloat(between.Event)) continue;
            // An arrival that is itself drawn further up keeps the receiver's order.
            bool drawnAbove = between.Packet is { IsWhole: true } other && other.Arrival == between && other.Log.Index < packet.Log.Index;
            if (!drawnAbove) return false;
        }
        return true;
    }

    private void PlaceEvent(int index)
    {
        StoryEvent e = story.Events[index];
        switch (e.Event.Kind)
        {
            case RecordedKind.Sent:
                PlaceSending(e);
                break;
            case RecordedKind.Delivered:
                bool again = e.Packet!.Arrival != e;
                if (!again && e.Packet.IsWhole) break;
                bool changes = Enter(e.Event.End, e.After);
                Add(PacketRow(e, LadderPassage.Arrives, again), changes);
                break;
            case RecordedKind.State:
                if (!e.Absorbed && Enter(e.Event.End, e.After)) AddChange(e);
                break;
            case RecordedKind.Call:
                if (options.Calls && LadderWords.Call(e.Event.Call) is { Length: > 0 } call) Add(Aside(e, LadderRowKind.Call, call));
                if (!MayFloat(e.Event)) ShowChange(index);
                break;
            case RecordedKind.Timer:
                if (options.Timers) Add(Aside(e, LadderRowKind.Timer, LadderWords.Timer(e.Event.Timer.Kind, e.Waited)));
                ShowChange(index);
                break;
            default:
                ShowChange(index);
                break;
        }
    }

    private void PlaceSending(StoryEvent e)
    {
        StoryPacket packet = e.Packet!;
        bool changes = Enter(e.Event.End, e.After);
        LadderPassage passage = packet.IsWhole ? LadderPassage.Whole
            : packet.Log.LostReason is not null && packet.Arrival is null ? LadderPassage.Lost
            : LadderPassage.Departs;
        if (packet.IsWhole && packet.Arrival is { } arrival) changes |= Enter(arrival.Event.End, arrival.After);
        RowDraft row = PacketRow(e, passage, again: false);
        packet.Row = row;
        Add(row, changes);
    }

    private RowDraft PacketRow(StoryEvent e, LadderPassage passage, bool again) => new()
    {
        Order = e.Event.Index,
        Kind = e.Packet!.Segment is null ? LadderRowKind.Icmp : LadderRowKind.Segment,
        Time = e.Event.Time,
        Story = story,
        Side = story.SideOf(e.Packet.Log.End),
        Packet = e.Packet,
        Event = e.Event,
        Passage = passage,
        IsDuplicate = again,
        Text = e.Packet.Log.Facts.Icmp,
    };

    private RowDraft Aside(StoryEvent e, LadderRowKind kind, string text) => new()
    {
        Order = e.Event.Index,
        Kind = kind,
        Time = e.Event.Time,
        Story = story,
        Side = story.SideOf(e.Event.End),
        Event = e.Event,
        Waited = e.Waited,
        Text = text,
    };

    /// <summary>A change of state by a call, a timer or a crash is shown in a row of its own, unless a segment goes out with it.</summary>
    private void ShowChange(int index)
    {
        StoryEvent e = story.Events[index];
        if (!Enter(e.Event.End, e.After)) return;
        for (int i = index + 1; i < story.Events.Count && story.Events[i].Event.Time == e.Event.Time; i++)
        {
            if (story.Events[i].Event.End == e.Event.End && story.Events[i].Event.Kind == RecordedKind.Sent) return;
        }
        AddChange(e);
    }

    /// <summary>What changes at both ends at once takes one row.</summary>
    private void AddChange(StoryEvent e)
    {
        if (_rows is [.., { Kind: LadderRowKind.States, Changes: true } last] && last.Time == e.Event.Time) _rows.RemoveAt(_rows.Count - 1);
        Add(StatesRow(e), true);
    }

    private RowDraft StatesRow(StoryEvent e) => new()
    {
        Order = e.Event.Index,
        Kind = LadderRowKind.States,
        Time = e.Event.Time,
        Story = story,
    };

    private bool Enter(int end, EndState state)
    {
        bool changes = _states[end] != state;
        _states[end] = state;
        return changes;
    }

    private void Add(RowDraft row, bool changes = false)
    {
        row.Left = _states[story.LeftEnd];
        row.Right = _states[1 - story.LeftEnd];
        row.Changes = changes;
        _rows.Add(row);
    }
}
