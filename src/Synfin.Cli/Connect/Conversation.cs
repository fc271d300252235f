using System.Globalization;
using System.Net.Sockets;
using Synfin.Cli.CommandLine;
using Synfin.Cli.Hosts;
using Synfin.Sockets;

namespace Synfin.Cli.Connect;

/// <summary>One connection joined to standard input and output, and how it is told.</summary>
internal static class Conversation
{
    /// <summary>Runs the bridge; a line says what went wrong, or with <paramref name="verbose"/> how it ended.</summary>
    /// <returns>0 after an orderly end, else 1.</returns>
    public static async Task<int> RunAsync(
        TcpConnection connection, Bridge bridge, bool verbose, CommandContext context, CancellationToken ct)
    {
        string peer = connection.Tuple.RemoteAddress.WithPort(connection.Tuple.RemotePort);
        try
        {
            await bridge.RunAsync(ct).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            if (failure.InnerException is SocketException { SocketErrorCode: SocketError.OperationAborted }) throw new HostEndedException();
            string reason = FailureWords.IsOfConnections(failure) ? ReasonOf(connection, failure) : failure.Message.TrimEnd('.');
            return SynfinCommandLine.Fail(context.Error, $"{peer}: {reason}", ExitCode.Failure);
        }
        if (!connection.CloseReason.IsOrderly())
            return SynfinCommandLine.Fail(context.Error, $"{peer}: {connection.CloseReason.Describe()}", ExitCode.Failure);
        if (verbose) await context.Error.WriteLineAsync(End(connection, bridge.Received, bridge.Sent)).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>A line about a connection that has ended.</summary>
    public static string End(TcpConnection connection, long received, long sent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{connection.Tuple.RemoteAddress.WithPort(connection.Tuple.RemotePort)}: {received} octets received, {sent} sent; "
        + $"{connection.CloseReason.Describe()}");

    private static string ReasonOf(TcpConnection connection, IOException failure) =>
        connection.CloseReason is CloseReason.None or CloseReason.LocalAbort ? FailureWords.Of(failure) : connection.CloseReason.Describe();
}
