using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Synfin.Cli.CommandLine;
using Synfin.Cli.Connect;
using Synfin.Cli.Hosts;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Cli.Listen;

/// <summary>`synfin listen`: waits for a connection and joins it to standard input and output, or echoes, or discards.</summary>
internal static class ListenCommand
{
    /// <summary>Serves one connection, or with <see cref="ListenOptions.KeepOpen"/> until it is stopped.</summary>
    /// <returns>0 after an orderly end, 1 after a connection that broke.</returns>
    public static async Task<int> RunAsync(ListenOptions options, HostSession session, CancellationToken ct)
    {
        using TcpListenerGroup listener = session.Sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, options.Port));
        if (options.Verbose || options.Mode is not ListenMode.Bridge) Announce(session, listener.LocalEndPoint.Port, options.Mode);
        if (options.Mode is ListenMode.Bridge) return await BridgeAsync(options, session, listener, ct).ConfigureAwait(false);
        var service = new PeerService(listener, options, session.Context);
        return options.KeepOpen
            ? await service.ServeAllAsync(ct).ConfigureAwait(false)
            : await service.ServeOneAsync(ct).ConfigureAwait(false);
    }

    private static async Task<int> BridgeAsync(
        ListenOptions options, HostSession session, TcpListenerGroup listener, CancellationToken ct)
    {
        CommandContext context = session.Context;
        PipeReader? input = null;
        try
        {
            while (true)
            {
                TcpConnection connection = await listener.AcceptAsync(ct).ConfigureAwait(false);
                // Whoever comes later is refused at once, and does not wait for nothing.
                if (!options.KeepOpen) listener.Close();
                string peer = connection.Tuple.RemoteAddress.WithPort(connection.Tuple.RemotePort);
                if (options.Verbose) await context.Error.WriteLineAsync($"{peer} connected").ConfigureAwait(false);
                input ??= InputPipe.Start(context.OpenInput());
                var bridge = new Bridge(connection, input, context.OpenOutput(), BridgeMode.HalfClose, context.Time);
                int code = await Conversation.RunAsync(connection, bridge, options.Verbose, context, ct).ConfigureAwait(false);
                if (!options.KeepOpen) return code;
            }
        }
        catch (OperationCanceledException) when (options.KeepOpen && ct.IsCancellationRequested)
        {
            return ExitCode.Success; // there is no other end to serving for ever
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.NetworkDown)
        {
            throw new HostEndedException();
        }
    }

    private static void Announce(HostSession session, int port, ListenMode mode)
    {
        IReadOnlyList<InternetAddress> addresses = session.Host.Addresses;
        string where = addresses.Count == 0 ? "any address" : string.Join(", ", addresses);
        string what = mode switch
        {
            ListenMode.Echo => "Echoing on",
            ListenMode.Discard => "Discarding on",
            _ => "Listening on",
        };
        string tries = addresses.Count == 0 ? "" : $" Try: nc {addresses[0]} {port.ToString(CultureInfo.InvariantCulture)}.";
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{what} {where} port {port} behind {session.Host.Device}.{tries} Ctrl+C ends.");
        session.Context.Error.WriteLine(text);
        session.Context.Error.Flush();
    }
}
