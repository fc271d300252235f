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
