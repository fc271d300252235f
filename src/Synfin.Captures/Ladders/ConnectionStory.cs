using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>A connection while a ladder is built of it: its events with what was concluded from them.</summary>
internal sealed class ConnectionStory
{
    public ConnectionStory(ConnectionLog log, int number, int leftEnd, HostLog[] hosts, IEnumerable<RecordedEvent> notes)
    {
        Log = log;
        Number = number;
        LeftEnd = leftEnd;
        Hosts = hosts;
        var packets = new Dictionary<PacketLog, StoryPacket>();
        var events = new List<StoryEvent>(log.Events.Count);
        foreach (RecordedEvent e in log.Events)
        {
            StoryPacket? packet = null;
            if (e.Packet is { } p && !packets.TryGetValue(p, out packet))
            {
                packets[p] = packet = new StoryPacket(p);
                Packets.Add(packet);
            }
            var told = new StoryEvent(e, packet);
            if (e.Kind == RecordedKind.Delivered) packet!.Arrival ??= told;
            events.Add(told);
        }
        foreach (RecordedEvent note in notes)
        {
            for (int end = 0; end < 2; end++)
            {
                if (note.Host == hosts[end]) events.Add(new StoryEvent(note with { End = end }, null));
            }
        }
        events.Sort((a, b) => a.Event.Index.CompareTo(b.Event.Index));
        Events = events;
    }

    public ConnectionLog Log { get; }

    public int Number { get; }

    /// <summary>Which end is drawn on the left, 0 or 1.</summary>
    public int LeftEnd { get; }

    /// <summary>The hosts, by end.</summary>
    public HostLog[] Hosts { get; }

    /// <summary>Events of both ends, and notes on either host, in the order of the recording.</summary>
    public List<StoryEvent> Events { get; }

    /// <summary>Packets in the order of sending.</summary>
    public List<StoryPacket> Packets { get; } = [];

    /// <summary>What each end sent, by end.</summary>
    public SendSide[] Sides { get; } = [new(), new()];

    /// <summary>The state of an end before anything happened: LISTEN or CLOSED, or unknown if it tells no states.</summary>
    public EndState InitialState(int end)
    {
        if (!Hosts[end].TellsStates) return new EndState(null, Inferred: true);
        int first = Log.Events.Count == 0 ? 0 : Log.Events[0].Index;
        bool listens = Hosts[end].ListensAt(first, Log.PortOf(end));
        return new EndState(listens ? TcpState.Listen : TcpState.Closed, Inferred: false);
    }

    public LadderSide SideOf(int end) => end == LeftEnd ? LadderSide.Left : LadderSide.Right;

    public int EndOf(LadderSide side) => side == LadderSide.Left ? LeftEnd : 1 - LeftEnd;
}
