using Microsoft.Extensions.Logging;

namespace Synfin.AspNetCore;

/// <summary>All that the transport logs, with event ids that stay.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1, LogLevel.Debug, "Connection id \"{ConnectionId}\" ({Tuple}) is aborted: {Reason}", EventName = "ConnectionAborted")]
    public static partial void ConnectionAborted(ILogger logger, string connectionId, string tuple, string reason);

    [LoggerMessage(2, LogLevel.Debug, "Connection id \"{ConnectionId}\" ({Tuple}) failed: {Reason}", EventName = "ConnectionFailed")]
    public static partial void ConnectionFailed(ILogger logger, string connectionId, string tuple, string reason);

    [LoggerMessage(
        3, LogLevel.Error, "Connection id \"{ConnectionId}\": a callback of ConnectionClosed failed", EventName = "CallbackFailed")]
    public static partial void CallbackFailed(ILogger logger, string connectionId, Exception failure);
}
