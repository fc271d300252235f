using Microsoft.Extensions.Logging;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.AspNetCore.Telemetry;

/// <summary>
/// Every line that Synfin logs, with its number, which never changes: 1 to 19 listeners and connections, 20 to 29 states, 30 to 39 segments
/// and timers. What any peer can bring about at will is Debug, as Kestrel has it; Information is what an operator may want to look into;
/// Warning is a limit of this host.
/// </summary>
internal static partial class SynfinLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Address}:{Port}.", EventName = "Listening")]
    public static partial void Listening(ILogger logger, InternetAddress address, ushort port);

    [LoggerMessage(2, LogLevel.Information, "No longer listening on {Address}:{Port}.", EventName = "ListeningStopped")]
    public static partial void ListeningStopped(ILogger logger, InternetAddress address, ushort port);

    [LoggerMessage(3, LogLevel.Debug, "Connection {Connection} is established.", EventName = "ConnectionOpened")]
    public static partial void ConnectionOpened(ILogger logger, FourTuple connection);

    [LoggerMessage(4, LogLevel.Debug, "Connection {Connection} closed in order: {Reason}.", EventName = "ConnectionClosed")]
    public static partial void ConnectionClosed(ILogger logger, FourTuple connection, CloseReason reason);

    [LoggerMessage(5, LogLevel.Debug, "Connection {Connection} was reset by the peer in {State}.", EventName = "ConnectionReset")]
    public static partial void ConnectionReset(ILogger logger, FourTuple connection, string state);

    [LoggerMessage(6, LogLevel.Debug, "Connection {Connection} was reset by this end in {State}: {Reason}.",
        EventName = "ConnectionAborted")]
    public static partial void ConnectionAborted(ILogger logger, FourTuple connection, string state, CloseReason reason);

    [LoggerMessage(7, LogLevel.Debug, "Connection {Connection} was refused.", EventName = "ConnectionRefused")]
    public static partial void ConnectionRefused(ILogger logger, FourTuple connection);

    [LoggerMessage(8, LogLevel.Information, "Connection {Connection} timed out in {State}: {Reason}.", EventName = "ConnectionTimedOut")]
    public static partial void ConnectionTimedOut(ILogger logger, FourTuple connection, string state, CloseReason reason);

    [LoggerMessage(9, LogLevel.Information, "Connection {Connection}: the peer cannot be reached.", EventName = "PeerUnreachable")]
    public static partial void PeerUnreachable(ILogger logger, FourTuple connection);

    [LoggerMessage(10, LogLevel.Warning, "Connection {Connection} was ended in {State} because a limit of this host was reached.",
        EventName = "LimitReached")]
    public static partial void LimitReached(ILogger logger, FourTuple connection, string state);

    [LoggerMessage(11, LogLevel.Debug, "Half-open connection {Connection} came to nothing: {Reason}.", EventName = "HalfOpenEnded")]
    public static partial void HalfOpenEnded(ILogger logger, FourTuple connection, CloseReason reason);

    [LoggerMessage(20, LogLevel.Debug, "Connection {Connection}: {From} -> {To}.", EventName = "StateChanged", SkipEnabledCheck = true)]
    public static partial void StateChanged(ILogger logger, FourTuple connection, string from, string to);

    [LoggerMessage(30, LogLevel.Trace, "Connection {Connection}: a segment was dropped in {State}: {Reason}.", EventName = "SegmentDropped",
        SkipEnabledCheck = true)]
    public static partial void SegmentDropped(ILogger logger, FourTuple connection, string state, DropReason reason);

    [LoggerMessage(31, LogLevel.Trace,
        "Connection {Connection}: timer {Timer} fired for the {Count}. time in {State}; the next wait is {Next}.",
        EventName = "TimerFired", SkipEnabledCheck = true)]
    public static partial void TimerFired(ILogger logger, FourTuple connection, TcpTimerKind timer, int count, string state, Duration next);
}
