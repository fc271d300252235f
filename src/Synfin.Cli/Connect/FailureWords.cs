using System.Net.Sockets;

namespace Synfin.Cli.Connect;

/// <summary>Why a connection failed, in the words that people know.</summary>
internal static class FailureWords
{
    /// <summary>Whether a connection can fail so.</summary>
    public static bool IsOfConnections(Exception failure) =>
        failure is SocketException or TimeoutException or IOException { InnerException: SocketException };

    /// <summary>The reason, as a clause without a full stop.</summary>
    public static string Of(Exception failure) => failure switch
    {
        SocketException socket => Of(socket),
        IOException { InnerException: SocketException socket } => Of(socket),
        TimeoutException => "timed out",
        _ => failure.Message.TrimEnd('.'),
    };

    private static string Of(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused: nobody listens there",
        SocketError.ConnectionReset => "connection reset by the peer",
        SocketError.TimedOut => "timed out: nothing was answered",
        SocketError.NetworkUnreachable => "network unreachable: no route leads there",
        SocketError.HostUnreachable => "host unreachable: the way there reported it",
        SocketError.AddressNotAvailable => "this host has no address from which to go there",
        SocketError.Shutdown => "the peer had closed, and did not take what was sent",
        SocketError.OperationAborted => "the connection was ended here",
        SocketError.NetworkDown => "the host has ended",
        _ => failure.Message.TrimEnd('.'),
    };
}
