using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>Sees what a stack does. A call site costs one predictable branch when there is no observer.</summary>
public interface ITcpObserver
{
    /// <summary>A segment is about to be sent; a super-segment is reported once.</summary>
    void SegmentSent(in SegmentEvent e);

    /// <summary>A valid segment arrived; what follows from it is reported after this.</summary>
    void SegmentReceived(in SegmentEvent e);

    /// <summary>A segment that was reported as received is not acted on, or only answered.</summary>
    void SegmentDropped(in SegmentEvent e, DropReason reason);

    /// <summary>A connection changed its state.</summary>
    void StateChanged(in StateEvent e);

    /// <summary>A deadline passed and was acted on.</summary>
    void TimerFired(in TimerEvent e);

    /// <summary>The application called.</summary>
    void UserCalled(in UserCallEvent e);
}

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

/// <summary>A change of state.</summary>
/// <param name="Time">When.</param>
/// <param name="Tuple">The connection, from this stack's end; the remote part of a listener's is unspecified.</param>
/// <param name="From">The state left.</param>
/// <param name="To">The state entered.</param>
/// <param name="Reason">Who ended it and how, when <paramref name="To"/> is CLOSED.</param>
public readonly record struct StateEvent(Timestamp Time, FourTuple Tuple, TcpState From, TcpState To, CloseReason Reason);

/// <summary>A deadline that passed.</summary>
/// <param name="Time">When.</param>
/// <param name="Tuple">The connection.</param>
/// <param name="Kind">Which deadline.</param>
/// <param name="State">The connection's state.</param>
/// <param name="Count">How often in a row, from 1.</param>
/// <param name="Next">The length of the next wait, where there is one.</param>
public readonly record struct TimerEvent(Timestamp Time, FourTuple Tuple, TcpTimerKind Kind, TcpState State, int Count, Duration Next);

/// <summary>A call of the application.</summary>
/// <param name="Time">When.</param>
/// <param name="Tuple">The connection.</param>
/// <param name="Call">Which.</param>
/// <param name="State">The connection's state before it.</param>
/// <param name="Octets">Octets sent or received, where that applies.</param>
/// <param name="Error">Its result.</param>
public readonly record struct UserCallEvent(Timestamp Time, FourTuple Tuple, UserCall Call, TcpState State, int Octets, TcpError Error);
