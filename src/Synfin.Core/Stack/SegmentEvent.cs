using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>A segment going by. The spans are borrowed until the call returns.</summary>
public readonly ref struct SegmentEvent
{
    /// <summary>When.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>The connection, from this stack's end.</summary>
    public required FourTuple Tuple { get; init; }

    /// <summary>SEG.SEQ.</summary>
    public required SequenceNumber Seq { get; init; }

    /// <summary>SEG.ACK.</summary>
    public required SequenceNumber Ack { get; init; }

    /// <summary>SEG.WND as on the wire.</summary>
    public required ushort Wnd { get; init; }

    /// <summary>The control bits.</summary>
    public required TcpFlags Flags { get; init; }

    /// <summary>Octets of text.</summary>
    public required int TextLength { get; init; }

    /// <summary>Wire segments.</summary>
    public required int WireSegments { get; init; }

    /// <summary>The connection's state before it.</summary>
    public required TcpState State { get; init; }

    /// <summary>Whether something that was sent before is sent again.</summary>
    public bool Retransmission { get; init; }
}
