using System.Net.Sockets;
using Synfin.Cli.CommandLine;
using Synfin.Cli.Hosts;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Cli.Connect;

/// <summary>`synfin connect`: standard input goes to a peer, and what it says to standard output.</summary>
internal static class ConnectCommand
{
    /// <summary>Connects, and stays until both sides have ended.</summary>
    /// <returns>0 after an orderly end, 1 if there was no connection or it broke, 2 if a name needs --dns.</returns>
    public static async Task<int> RunAsync(ConnectOptions options, HostSession session, CancellationToken ct)
    {
        CommandContext context = session.Context;
        TcpConnection connection;
        try
        {
            connection = await OpenAsync(options, session, ct).ConfigureAwait(false);
        }
        catch (UnresolvableException failure)
        {
            return SynfinCommandLine.Fail(context.Error, failure.Message, ExitCode.Usage);
        }
        catch (Exception failure) when (FailureWords.IsOfConnections(failure))
        {
            string where = EndPoints.Words(options.Target.Host, options.Port);
            return SynfinCommandLine.Fail(context.Error, $"{where}: {FailureWords.Of(failure)}", ExitCode.Failure);
        }
        if (options.Verbose) await context.Error.WriteLineAsync($"connected to {PeerOf(connection)}").ConfigureAwait(false);
        bool reads = options.Mode is not BridgeMode.ReceiveOnly;
        var bridge = new Bridge(
            connection, reads ? InputPipe.Start(context.OpenInput()) : null, context.OpenOutput(), options.Mode, context.Time);
        return await Conversation.RunAsync(connection, bridge, options.Verbose, context, ct).ConfigureAwait(false);
    }

    /// <summary>Tries the addresses in turn.</summary>
    private static async Task<TcpConnection> OpenAsync(ConnectOptions options, HostSession session, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(options.Timeout ?? Timeout.InfiniteTimeSpan, session.Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            IReadOnlyList<InternetAddress> addresses =
                await options.Target.ResolveAsync(session.Sockets, either.Token).ConfigureAwait(false);
            for (int i = 0; ; i++)
            {
                try
                {
                    var remote = new System.Net.IPEndPoint(addresses[i].ToIPAddress(), options.Port);
                    return await session.Sockets.ConnectAsync(remote, null, either.Token).ConfigureAwait(false);
                }
                catch (SocketException) when (i + 1 < addresses.Count)
                {
                    // The next address may be luckier.
                }
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private static string PeerOf(TcpConnection connection) =>
        connection.Tuple.RemoteAddress.WithPort(connection.Tuple.RemotePort);
}
