using System.Buffers;
using System.Net.Sockets;
using Synfin.Cli.CommandLine;
using Synfin.Cli.Connect;
using Synfin.Cli.Hosts;
using Synfin.Sockets;

namespace Synfin.Cli.Listen;

/// <summary>Echoes or discards what peers say, up to their FIN.</summary>
internal sealed class PeerService(TcpListenerGroup listener, ListenOptions options, CommandContext context)
{
    /// <summary>The most connections served at a time; more wait in the listener's queues.</summary>
    private const int MaxConnections = 1_024;

    private const int BufferSize = 65_536;

    /// <summary>How long peers have to close as well, when the service ends.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    /// <summary>Serves the first who comes.</summary>
    /// <returns>0 after an orderly end, else 1.</returns>
    public async Task<int> ServeOneAsync(CancellationToken ct)
    {
        TcpConnection connection = await listener.AcceptAsync(ct).ConfigureAwait(false);
        listener.Close();
        bool orderly = await ConverseAsync(connection, ct).ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        return orderly ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Serves until cancelled; then closes what is open and waits a little for the peers to do the same.</summary>
    public async Task<int> ServeAllAsync(CancellationToken ct)
    {
        using var room = new SemaphoreSlim(MaxConnections);
        bool hostEnded = false;
        try
        {
            while (true)
            {
                await room.WaitAsync(ct).ConfigureAwait(false);
                TcpConnection connection;
                try
                {
                    connection = await listener.AcceptAsync(ct).ConfigureAwait(false);
                }
                catch
                {
                    room.Release();
                    throw;
                }
                _ = ConverseAsync(connection, room, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The orderly end.
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.NetworkDown)
        {
            hostEnded = true;
        }
        listener.Close();
        for (int i = 0; i < MaxConnections; i++) await room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        return hostEnded ? throw new HostEndedException() : ExitCode.Success;
    }

    private async Task ConverseAsync(TcpConnection connection, SemaphoreSlim room, CancellationToken ct)
    {
        try
        {
            await ConverseAsync(connection, ct).ConfigureAwait(false);
        }
        finally
        {
            room.Release();
        }
    }

    /// <returns>Whether it ended in order.</returns>
    private async Task<bool> ConverseAsync(TcpConnection connection, CancellationToken ct)
    {
        string peer = connection.Tuple.RemoteAddress.WithPort(connection.Tuple.RemotePort);
        if (options.Verbose) Tell($"{peer} connected");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long received = 0, sent = 0;
        try
        {
            while (await connection.ReadAsync(buffer, ct).ConfigureAwait(false) is > 0 and var count)
            {
                received += count;
                if (options.Mode is not ListenMode.Echo) continue;
                await connection.WriteAsync(buffer.AsMemory(0, count), ct).ConfigureAwait(false);
                sent += count;
            }
            await connection.CloseAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await CloseSoonAsync(connection).ConfigureAwait(false);
        }
        catch (Exception failure) when (FailureWords.IsOfConnections(failure))
        {
            connection.Abort(); // its reason stays the first one
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        bool orderly = connection.CloseReason.IsOrderly();
        if (options.Verbose || !(orderly || options.KeepOpen)) Tell(Conversation.End(connection, received, sent));
        return orderly;
    }

    private async Task CloseSoonAsync(TcpConnection connection)
    {
        using var late = new CancellationTokenSource(_grace, context.Time);
        try
        {
            await connection.CloseAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
        }
    }

    private void Tell(string line)
    {
        context.Error.WriteLine(line);
        context.Error.Flush();
    }
}
