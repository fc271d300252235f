using Synfin.Buffers;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>A segment that is about to become a packet.</summary>
internal readonly ref struct OutgoingSegment
{
    public required FourTuple Tuple { get; init; }
    public required SequenceNumber Seq { get; init; }
    public required SequenceNumber Ack { get; init; }
    public required TcpFlags Flags { get; init; }
    public required ushort Wnd { get; init; }
    public ushort Up { get; init; }
    public TextSlices Text { get; init; }
    public required byte TrafficClass { get; init; }
    public required byte TimeToLive { get; init; }
    public int SegmentSize { get; init; }
    public required int WireSegments { get; init; }
    public required TcpState State { get; init; }
    public bool Retransmission { get; init; }
}
