using System.Net.Sockets;

namespace Synfin.Determinism;

/// <summary>The exceptions that the sockets' documentation names.</summary>
internal static class StormErrors
{
    /// <summary>A name for an exception that may come, null for one that may not.</summary>
    public static string? NameOf(Exception failure, bool mayCancel) => failure switch
    {
        IOException { InnerException: SocketException inner } => inner.SocketErrorCode.ToString(),
        SocketException socket => socket.SocketErrorCode.ToString(),
        OperationCanceledException when mayCancel => "cancelled",
        ObjectDisposedException => "disposed",
        _ => null,
    };
}
