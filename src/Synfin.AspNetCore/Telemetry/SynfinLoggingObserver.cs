using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.AspNetCore.Telemetry;

/// <summary>
/// Logs what a stack does, in three categories: <c>Synfin.Tcp.Connections</c> (listeners, and how connections open and end),
/// <c>Synfin.Tcp.States</c> (each change of state, Debug) and <c>Synfin.Tcp.Segments</c> (what is dropped, and timers, Trace). The numbers
/// of the lines are in docs/telemetry.md. Give it to the stack: <c>stack.Observer = CompositeObserver.Add(stack.Observer, observer)</c>.
/// </summary>
public sealed class SynfinLoggingObserver : ITcpObserver
{
    /// <summary>The category of listeners and of how connections open and end.</summary>
    public const string ConnectionsCategory = "Synfin.Tcp.Connections";

    /// <summary>The category of changes of state.</summary>
    public const string StatesCategory = "Synfin.Tcp.States";

    /// <summary>The category of dropped segments and of timers.</summary>
    public const string SegmentsCategory = "Synfin.Tcp.Segments";

    private readonly ILogger _connections;
    private readonly ILogger _states;
    private readonly ILogger _segments;

    /// <summary>An observer that logs.</summary>
    /// <param name="loggers">Makes its three loggers.</param>
    public SynfinLoggingObserver(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _connections = loggers.CreateLogger(ConnectionsCategory);
        _states = loggers.CreateLogger(StatesCategory);
        _segments = loggers.CreateLogger(SegmentsCategory);
    }

    /// <inheritdoc/>
    public void StateChanged(in StateEvent e)
    {
        if (_states.IsEnabled(LogLevel.Debug)) SynfinLog.StateChanged(_states, e.Tuple, e.From.ToRfcName(), e.To.ToRfcName());
        switch (e.To)
        {
            case TcpState.Listen when e.From is TcpState.Closed:
                SynfinLog.Listening(_connections, e.Tuple.LocalAddress, e.Tuple.LocalPort);
                break;
            case TcpState.Listen:
                SynfinLog.HalfOpenEnded(_connections, e.Tuple, e.Reason);
                break;
            case TcpState.Established:
                SynfinLog.ConnectionOpened(_connections, e.Tuple);
                break;
            case TcpState.Closed when e.From is TcpState.Listen:
                SynfinLog.ListeningStopped(_connections, e.Tuple.LocalAddress, e.Tuple.LocalPort);
                break;
            case TcpState.Closed when e.From is TcpState.TimeWait: // it ended when it came there
                break;
            case TcpState.Closed or TcpState.TimeWait:
                Ended(in e);
                break;
            case TcpState.SynSent or TcpState.SynReceived or TcpState.CloseWait:
            case TcpState.FinWait1 or TcpState.FinWait2 or TcpState.Closing or TcpState.LastAck:
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <inheritdoc/>
    public void SegmentDropped(in SegmentEvent e, DropReason reason)
    {
        if (_segments.IsEnabled(LogLevel.Trace)) SynfinLog.SegmentDropped(_segments, e.Tuple, e.State.ToRfcName(), reason);
    }

    /// <inheritdoc/>
    public void TimerFired(in TimerEvent e)
    {
        if (_segments.IsEnabled(LogLevel.Trace))
            SynfinLog.TimerFired(_segments, e.Tuple, e.Kind, e.Count, e.State.ToRfcName(), e.Next);
    }

    /// <inheritdoc/>
    public void SegmentSent(in SegmentEvent e)
    {
    }

    /// <inheritdoc/>
    public void SegmentReceived(in SegmentEvent e)
    {
    }

    /// <inheritdoc/>
    public void UserCalled(in UserCallEvent e)
    {
    }

    private void Ended(in StateEvent e)
    {
        string state = e.From.ToRfcName();
        switch (e.Reason)
        {
            case CloseReason.None or CloseReason.LocalClose or CloseReason.RemoteClose or CloseReason.SimultaneousClose:
                SynfinLog.ConnectionClosed(_connections, e.Tuple, e.Reason);
                break;
            case CloseReason.RemoteReset:
                SynfinLog.ConnectionReset(_connections, e.Tuple, state);
                break;
            case CloseReason.LocalAbort or CloseReason.LocalReset:
                SynfinLog.ConnectionAborted(_connections, e.Tuple, state, e.Reason);
                break;
            case CloseReason.Refused:
                SynfinLog.ConnectionRefused(_connections, e.Tuple);
                break;
            case CloseReason.RetransmissionTimeout or CloseReason.KeepAliveTimeout:
            case CloseReason.FinWait2Timeout or CloseReason.LingerTimeout:
                SynfinLog.ConnectionTimedOut(_connections, e.Tuple, state, e.Reason);
                break;
            case CloseReason.Unreachable:
                SynfinLog.PeerUnreachable(_connections, e.Tuple);
                break;
            case CloseReason.ResourceLimit:
                SynfinLog.LimitReached(_connections, e.Tuple, state);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
