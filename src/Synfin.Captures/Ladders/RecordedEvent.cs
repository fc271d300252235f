using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>One thing that the recorder was told, at one end of a connection or at a host.</summary>
internal sealed record RecordedEvent
{
    /// <summary>Its place in the recording.</summary>
    public required int Index { get; init; }

    public required RecordedKind Kind { get; init; }

    public required Timestamp Time { get; init; }

    /// <summary>Null if the whole network is meant.</summary>
    public HostLog? Host { get; init; }

    /// <summary>Which end of its connection, 0 or 1.</summary>
    public int End { get; init; }

    public PacketLog? Packet { get; init; }

    /// <summary>Why the host did not act on the packet that was delivered.</summary>
    public DropReason Dropped { get; set; }

    public StateEvent State { get; init; }

    public TimerEvent Timer { get; init; }

    public UserCallEvent Call { get; init; }

    public string Text { get; init; } = "";
}

/// <summary>What a recorder can be told.</summary>
internal enum RecordedKind : byte
{
    Sent,
    Delivered,
    State,
    Timer,
    Call,
    Note,
}
