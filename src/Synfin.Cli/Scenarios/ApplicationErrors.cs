using System.Net.Sockets;

namespace Synfin.Cli.Scenarios;

/// <summary>What an application is told when a connection fails, in the words of its own manual: the same on every system.</summary>
internal static class ApplicationErrors
{
    /// <summary>Whether this is what a connection or an OPEN ends with, and no fault of the scenario.</summary>
    public static bool IsOne(Exception e) => Find(e) is not null;

    /// <summary>For example "connection reset by peer (ECONNRESET)".</summary>
    public static string Describe(Exception e) => Find(e)?.SocketErrorCode switch
    {
        SocketError.ConnectionReset => "connection reset by peer (ECONNRESET)",
        SocketError.ConnectionRefused => "connection refused (ECONNREFUSED)",
        SocketError.TimedOut => "connection timed out (ETIMEDOUT)",
        SocketError.Shutdown => "broken pipe (EPIPE)",
        SocketError.OperationAborted => "closed here (ECANCELED)",
        SocketError.HostUnreachable => "no route to host (EHOSTUNREACH)",
        SocketError.NetworkUnreachable => "network is unreachable (ENETUNREACH)",
        SocketError.AddressAlreadyInUse => "address already in use (EADDRINUSE)",
        SocketError.AddressNotAvailable => "address not available (EADDRNOTAVAIL)",
        { } other => other.ToString(),
        null => e.Message,
    };

    private static SocketException? Find(Exception e) => e as SocketException ?? (e as IOException)?.InnerException as SocketException;
}
