using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>A packet and what became of it.</summary>
internal sealed class PacketLog(PacketFacts facts, HostLog sender, int index, Timestamp sent)
{
    public PacketFacts Facts { get; } = facts;

    public HostLog Sender { get; } = sender;

    /// <summary>The place of its sending in the recording.</summary>
    public int Index { get; } = index;

    public Timestamp Sent { get; } = sent;

    public ConnectionLog? Connection { get; set; }

    /// <summary>Which end of the connection sent it.</summary>
    public int End { get; set; }

    public List<RecordedEvent> Deliveries { get; } = [];

    public string? LostReason { get; set; }

    /// <summary>Why the receiver did not act on it when it came first.</summary>
    public DropReason Dropped => Deliveries.Count > 0 ? Deliveries[0].Dropped : DropReason.None;
}
