using System.Collections.Generic;
using Synfin.Drill.Language;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>The lines of a script that make a call.</summary>
internal sealed class CallLines(RunState state, CallReader reader, DrillAddresses addresses)
{
    private readonly Dictionary<int, bool> _isStream = [];
    private readonly Dictionary<int, ushort> _boundPorts = [];
    private readonly List<int> _connections = [];

    /// <summary>The socket that code asks for TCP_INFO: the last one that was accepted, connected or, if there is none, opened.</summary>
    public int? InformationSocket => _connections.Count > 0 ? _connections[^1] : LastStream();

    /// <summary>Makes a line's call.</summary>
    public void Make(CallEvent e, in DueTime due)
    {
        SocketCall call = reader.Read(e);
        call.Since = state.Now;
        Timestamp start = state.Now;
        Begin(call);
        SocketResult result = state.Invoke(call);
        if (e.BlocksUntil is { } until)
        {
            Timestamp end = e.BlocksUntilIsRelative ? start + until : state.Clock.Start + until;
            state.Pending = new PendingCall(e, call, end, Duration.Max(due.Tolerance, state.Clock.ToleranceAt(end)), Returned);
            state.Pending.Take(state, result);
            return;
        }
        while (result.IsPending && state.Now < start + due.Tolerance)
        {
            state.Advance(start + due.Tolerance);
            result = state.Invoke(call);
        }
        if (result.IsPending)
        {
            throw state.Failure(
                e.Line, $"{e.Name}() to return at once", "it blocks; a call that is to block has an end in its time (0.1...0.3)");
        }
        Returned(e, call, result);
    }

    /// <summary>Lets the call that blocks return.</summary>
    public void AwaitPending()
    {
        while (state.Pending is { } pending) state.Advance(pending.Latest);
    }

    /// <summary>What a call that opens a connection means for the packets that follow.</summary>
    private void Begin(SocketCall call)
    {
        if (call is ConnectCall { EndPoint: not null } connect && IsStream(connect.Descriptor)) state.Flows.Connecting();
        if (call is SendCall send && (send.Flags & MessageFlags.FastOpen) != 0) state.Flows.Connecting();
    }

    private void Returned(CallEvent e, SocketCall call, SocketResult result)
    {
        Note(call, result);
        if (reader.Compare(e, call, result) is { } mismatch) throw state.Failure(e.Line, mismatch.Expected, mismatch.Came);
    }

    private void Note(SocketCall call, SocketResult result)
    {
        bool opens = result.Value >= 0 || result.Errno is "EINPROGRESS";
        switch (call)
        {
            case ConnectCall { EndPoint: not null } connect when IsStream(connect.Descriptor):
                if (!opens) state.Flows.NotConnecting();
                else Remember(connect.Descriptor);
                break;
            case SendCall { Flags: var flags } when (flags & MessageFlags.FastOpen) != 0 && !opens:
                state.Flows.NotConnecting();
                break;
            case ConnectCall connect when result.Value == 0 && !IsStream(connect.Descriptor):
                if (BoundPort(connect.Descriptor) is { } local) state.Flows.Bound(local);
                break;
            case SocketOpenCall open when result.Value >= 0:
                _isStream[(int)result.Value] = open.Stream;
                break;
            case BindCall { EndPoint: { } endPoint } bind when result.Value == 0:
                _boundPorts[bind.Descriptor] = (ushort)endPoint.Port;
                if (!IsStream(bind.Descriptor)) state.Flows.Bound(BoundPort(bind.Descriptor) ?? addresses.BindPort);
                break;
            case ListenCall listen when result.Value == 0:
                state.Flows.Listening(BoundPort(listen.Descriptor) ?? addresses.BindPort);
                break;
            case AcceptCall when result.Value >= 0:
                _isStream[(int)result.Value] = true;
                Remember((int)result.Value);
                break;
            case CloseCall close when result.Value == 0:
                _connections.Remove(close.Descriptor);
                _isStream.Remove(close.Descriptor);
                _boundPorts.Remove(close.Descriptor);
                break;
            default:
                break;
        }
    }

    private void Remember(int descriptor)
    {
        _connections.Remove(descriptor);
        _connections.Add(descriptor);
    }

    private bool IsStream(int descriptor) => _isStream.GetValueOrDefault(descriptor, true);

    private int? LastStream()
    {
        int? last = null;
        foreach ((int descriptor, bool stream) in _isStream)
        {
            if (stream && (last is null || descriptor > last)) last = descriptor;
        }
        return last;
    }

    /// <summary>The port that a socket has: the kernel may have chosen it.</summary>
    private ushort? BoundPort(int descriptor)
    {
        if (_boundPorts.TryGetValue(descriptor, out ushort port) && port != 0) return port;
        var name = new NameCall(descriptor, ofPeer: false);
        SocketResult result = state.Invoke(name);
        return result.Value == 0 && name.Answer is { Port: > 0 } answer ? (ushort)answer.Port : null;
    }
}
