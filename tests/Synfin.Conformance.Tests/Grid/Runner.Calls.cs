using Synfin.Conformance.Tests.Transcription;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>User calls and timeouts.</summary>
internal static partial class Runner
{
    private static readonly Duration _userTimeout = Duration.FromSeconds(5);

    private static readonly EventKind[] _calls =
    [
        EventKind.PassiveOpen, EventKind.ActiveOpen, EventKind.Send, EventKind.Receive, EventKind.Close, EventKind.CloseBothHalves,
        EventKind.Abort, EventKind.Status,
    ];

    private static readonly EventKind[] _timeouts =
        [EventKind.UserTimeout, EventKind.RetransmissionTimeout, EventKind.TimeWaitTimeout];

    /// <summary>All calls in a setting.</summary>
    public static Verdict Calls(string profile, Setting setting)
    {
        Verdict verdict = Begin(profile, setting);
        foreach (EventKind call in _calls)
        {
            foreach (int octets in call is EventKind.Send or EventKind.Receive ? [1, 10, 1024] : new[] { 0 })
            {
                Host host = Reach(profile, setting);
                if (Call(host, call, octets) is not { } returned) continue;
                host.Turn();
                Note(verdict, profile, setting, new CellEvent(call, default, octets), new EngineView(host) { Returned = returned });
            }
        }
        return verdict;
    }

    /// <summary>All timeouts in a setting.</summary>
    public static Verdict Timeouts(string profile, Setting setting)
    {
        Verdict verdict = Begin(profile, setting);
        foreach (EventKind timeout in _timeouts)
        {
            Host host = Reach(profile, setting, timeout is EventKind.UserTimeout ? Host.Options with { UserTimeout = _userTimeout } : null);
            if (timeout is EventKind.UserTimeout) PassUserTimeout(host);
            else if (timeout is EventKind.RetransmissionTimeout) PassRetransmissionTimeout(host);
            else if (setting.State is ConnectionState.TimeWait) host.After(ProfileOf(profile).TimeWait);
            Note(verdict, profile, setting, new CellEvent(timeout), new EngineView(host));
        }
        return verdict;
    }

    /// <summary>Makes a call; null if the engine has nothing that it could be made on.</summary>
    private static string? Call(Host host, EventKind call, int octets)
    {
        if (call is EventKind.PassiveOpen) return Returned(host.Listen());
        if (call is EventKind.ActiveOpen) return Returned(host.Connect());
        if (host.Connection is not { } connection)
        {
            bool listens = host.Listener is not null && host.Stack.StateOf(Host.Tuple) is TcpState.Listen;
            if (!listens || call is not (EventKind.Close or EventKind.Abort)) return null;
            host.Listener!.Close(host.Now);
            return "";
        }
        switch (call)
        {
            case EventKind.Send:
                return Returned(connection.Send(new byte[octets], host.Now, out _));
            case EventKind.Receive:
                TcpError error = connection.Receive(new byte[octets], host.Now, out int received);
                // The end of the stream is told by no octets (MUST-12); the RFC's word for it is "connection closing".
                return error is TcpError.None && received == 0 ? "connection closing" : Returned(error);
            case EventKind.Close:
                return Returned(connection.Shutdown(host.Now));
            case EventKind.CloseBothHalves:
                return Returned(connection.Close(host.Now));
            case EventKind.Abort:
                return Returned(connection.Abort(host.Now));
            default:
                // "state = CLOSED" says that the connection does not exist.
                return connection.Status().State is TcpState.Closed ? "connection does not exist" : "";
        }
    }

    private static string Returned(TcpError error) => error switch
    {
        TcpError.None => "",
        TcpError.WouldBlock => "queued",
        TcpError.ConnectionDoesNotExist => "connection does not exist",
        TcpError.ConnectionAlreadyExists => "connection already exists",
        TcpError.ConnectionClosing => "connection closing",
        _ => $"{error}",
    };

    /// <summary>Twice the user timeout passes, deadline by deadline; what is sent again meanwhile is not looked at.</summary>
    private static void PassUserTimeout(Host host)
    {
        Timestamp end = host.Now + _userTimeout * 2;
        while (host.Stack.NextDeadline is { } next && next <= end) host.After(next - host.Now);
        host.After(end - host.Now);
        host.ForgetSentBut(ControlBits.Rst);
    }

    /// <summary>The time passes to the first retransmission timeout, if one is set.</summary>
    private static void PassRetransmissionTimeout(Host host)
    {
        bool set = host.Connection is { } connection
            ? connection.Status().NextTimer is TcpTimerKind.Retransmit
            : host.Stack.StateOf(Host.Tuple) is TcpState.SynReceived;
        if (set) host.After(host.Stack.NextDeadline - host.Now);
    }
}
