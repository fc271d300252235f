using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>An event with the state of its end after it.</summary>
internal sealed class StoryEvent(RecordedEvent e, StoryPacket? packet)
{
    public RecordedEvent Event { get; } = e;

    public StoryPacket? Packet { get; } = packet;

    public EndState After { get; set; }

    /// <summary>Whether a change of state is shown by another event at the same time and needs no row of its own.</summary>
    public bool Absorbed { get; set; }

    /// <summary>How long a timer ran before it fired.</summary>
    public Duration? Waited { get; set; }
}
