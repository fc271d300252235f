using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>Puts what a stack does into the trace hash, and tells the ladder and the host's own observer.</summary>
internal sealed class HostObserver(SimulatedHost host, ITcpObserver? ladder) : ITcpObserver
{
    private const ulong StateWord = 0x100;
    private const ulong TimerWord = 0x101;

    /// <summary>After a crash nobody sees what the old stack does.</summary>
    public bool IsMuted { get; set; }

    private ITcpObserver? Own => host.Observer;

    public void SegmentSent(in SegmentEvent e)
    {
        if (IsMuted) return;
        ladder?.SegmentSent(in e);
        Own?.SegmentSent(in e);
    }

    public void SegmentReceived(in SegmentEvent e)
    {
        if (IsMuted) return;
        ladder?.SegmentReceived(in e);
        Own?.SegmentReceived(in e);
    }

    public void SegmentDropped(in SegmentEvent e, DropReason reason)
    {
        if (IsMuted) return;
        ladder?.SegmentDropped(in e, reason);
        Own?.SegmentDropped(in e, reason);
    }

    public void StateChanged(in StateEvent e)
    {
        if (IsMuted) return;
        Trace(StateWord, e.Time.Nanoseconds, e.Tuple, (ulong)e.From << 16 | (ulong)e.To << 8 | (ulong)e.Reason);
        ladder?.StateChanged(in e);
        Own?.StateChanged(in e);
    }

    public void TimerFired(in TimerEvent e)
    {
        if (IsMuted) return;
        Trace(TimerWord, e.Time.Nanoseconds, e.Tuple, (ulong)e.Kind << 32 | (uint)e.Count);
        ladder?.TimerFired(in e);
        Own?.TimerFired(in e);
    }

    public void UserCalled(in UserCallEvent e)
    {
        if (IsMuted) return;
        ladder?.UserCalled(in e);
        Own?.UserCalled(in e);
    }

    private void Trace(ulong kind, long time, in FourTuple tuple, ulong what)
    {
        TraceHash trace = host.Network.Trace;
        trace.Add(kind);
        trace.Add(time);
        trace.Add(host.Name);
        trace.Add((ulong)tuple.LocalPort << 16 | tuple.RemotePort);
        trace.Add(what);
    }
}
