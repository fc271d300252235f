using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>What the observer and the counters are told.</summary>
public sealed partial class NetworkStack
{
    internal void StateChanged(in FourTuple tuple, TcpState from, TcpState to, CloseReason reason)
    {
        Counters.Transitions[(int)from * Counters.States + (int)to]++;
        if (from is TcpState.Closed || (from is TcpState.Listen && to is TcpState.SynReceived)) Opening?.Invoke();
        if (_observer is { } o) o.StateChanged(new StateEvent(Now, tuple, from, to, reason));
    }

    internal void TimerFired(in FourTuple tuple, TcpTimerKind kind, TcpState state, int count, Duration next)
    {
        if (_observer is { } o) o.TimerFired(new TimerEvent(Now, tuple, kind, state, count, next));
    }

    internal void UserCalled(in FourTuple tuple, UserCall call, TcpState state, int octets, TcpError error)
    {
        if (_observer is { } o) o.UserCalled(new UserCallEvent(Now, tuple, call, state, octets, error));
    }

    internal void Dropped(in Segment seg, TcpState state, DropReason reason)
    {
        Counters.Dropped[(int)reason]++;
        if (_observer is { } o) o.SegmentDropped(EventOf(in seg, state), reason);
    }

    private SegmentEvent EventOf(in Segment seg, TcpState state) => new()
    {
        Time = Now,
        Tuple = seg.Tuple,
        Seq = seg.Seq,
        Ack = seg.Ack,
        Wnd = seg.Wnd,
        Flags = seg.Flags,
        TextLength = seg.Text.Length,
        WireSegments = seg.WireSegments,
        State = state,
    };

    private SegmentEvent EventOf(in OutgoingSegment seg) => new()
    {
        Time = Now,
        Tuple = seg.Tuple,
        Seq = seg.Seq,
        Ack = seg.Ack,
        Wnd = seg.Wnd,
        Flags = seg.Flags,
        TextLength = seg.Text.Length,
        WireSegments = seg.WireSegments,
        State = seg.State,
        Retransmission = seg.Retransmission,
    };
}
