using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Telemetry;

/// <summary>
/// Watches one stack for what counters cannot tell: durations and activities. It joins the stack's observers when something opens while
/// somebody listens, and leaves when nobody does and the last connection that it follows has ended; off, it costs a look at three flags
/// for each opening and nothing for a segment. Runs on the stack's owner.
/// </summary>
internal sealed class StackTelemetry : ITcpObserver
{
    private readonly TelemetryHub _hub;
    private readonly Dictionary<FourTuple, TrackedConnection> _tracked = new(FourTupleComparer.Instance);
    private InternetAddress _lastServer;
    private string? _lastServerText;

    public StackTelemetry(TelemetryHub hub, NetworkStack stack)
    {
        _hub = hub;
        Stack = stack;
        stack.Opening += Opening;
    }

    public NetworkStack Stack { get; }

    /// <summary>The date at the stack's time zero, if its time is virtual.</summary>
    public DateTimeOffset? Epoch { get; set; }

    /// <summary>The connections that it follows.</summary>
    public int TrackedCount => _tracked.Count;

    public void SegmentSent(in SegmentEvent e)
    {
        if ((e.Flags & (TcpFlags.Syn | TcpFlags.Fin)) == 0) return;
        if (_tracked.TryGetValue(e.Tuple, out TrackedConnection? connection)) connection.Sent(e.Flags, e.Time);
    }

    public void SegmentReceived(in SegmentEvent e)
    {
    }

    public void SegmentDropped(in SegmentEvent e, DropReason reason)
    {
    }

    public void StateChanged(in StateEvent e)
    {
        bool begins = e.To is TcpState.SynSent || (e.From is TcpState.Listen && e.To is TcpState.SynReceived);
        if (begins)
        {
            Begin(in e);
            return;
        }
        if (!_tracked.TryGetValue(e.Tuple, out TrackedConnection? connection)) return;
        connection.Moved(in e);
        // TIME-WAIT is the end here: all is said, and the application has gone.
        if (e.To is not (TcpState.Closed or TcpState.TimeWait or TcpState.Listen)) return;
        _tracked.Remove(e.Tuple);
        LeaveIfUnwanted();
    }

    public void TimerFired(in TimerEvent e)
    {
    }

    public void UserCalled(in UserCallEvent e)
    {
    }

    /// <summary>An address as a tag; a server's connections share the text.</summary>
    public string ServerText(InternetAddress address)
    {
        if (_lastServerText is null || _lastServer != address)
        {
            _lastServer = address;
            _lastServerText = address.ToString();
        }
        return _lastServerText;
    }

    /// <summary>The date of an event that happens now, at the stack's time; a real stack's is the system's date.</summary>
    public DateTimeOffset DateOf(Timestamp time) => Epoch is { } epoch
        ? epoch.AddTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : TimeProvider.System.GetUtcNow();

    private void Opening()
    {
        if (!_hub.WantsObserver)
        {
            LeaveIfUnwanted();
            return;
        }
        if (CompositeObserver.Contains(Stack.Observer, this)) return;
        _tracked.Clear(); // whoever took us out meanwhile, we missed the ends of these
        Stack.Observer = CompositeObserver.Add(Stack.Observer, this);
    }

    private void LeaveIfUnwanted()
    {
        if (_tracked.Count == 0 && !_hub.WantsObserver) Stack.Observer = CompositeObserver.Remove(Stack.Observer, this);
    }

    private void Begin(in StateEvent e)
    {
        if (_tracked.Count >= SynfinTelemetry.MaxTrackedConnections) return;
        var connection = new TrackedConnection(_hub, this, in e);
        _tracked[e.Tuple] = connection;
    }
}
