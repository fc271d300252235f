using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Synfin.Sockets;

/// <summary>Accepts the connections of several shards that listen on the same port.</summary>
public sealed class TcpListenerGroup : IDisposable
{
    private readonly TcpListener[] _listeners;
    private readonly Channel<TcpConnection>? _accepted;

    internal TcpListenerGroup(IReadOnlyList<TcpListener> listeners, int backlog)
    {
        _listeners = [.. listeners];
        if (_listeners.Length == 1) return;
        // What does not fit waits in the shards' own accept queues.
        _accepted = Channel.CreateBounded<TcpConnection>(backlog);
        foreach (TcpListener listener in _listeners) _ = PassOn(listener);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => _listeners[0].LocalEndPoint;

    /// <summary>Takes the next connection, or waits for one.</summary>
    /// <exception cref="ObjectDisposedException">The listener was closed before the call.</exception>
    /// <exception cref="SocketException">OperationAborted: it was closed during the call.</exception>
    public ValueTask<TcpConnection> AcceptAsync(CancellationToken ct = default) =>
        _accepted is null ? _listeners[0].AcceptAsync(ct) : AcceptAny(_accepted.Reader, ct);

    /// <summary>Stops listening: connections that nobody accepted are reset, accepted ones go on.</summary>
    public void Close()
    {
        foreach (TcpListener listener in _listeners) listener.Close();
        if (_accepted is null) return;
        _accepted.Writer.TryComplete();
        while (_accepted.Reader.TryRead(out TcpConnection? connection)) connection.Abort();
    }

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    private static async ValueTask<TcpConnection> AcceptAny(ChannelReader<TcpConnection> accepted, CancellationToken ct)
    {
        try
        {
            return await accepted.ReadAsync(ct).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new SocketException((int)SocketError.OperationAborted);
        }
    }

    private async Task PassOn(TcpListener listener)
    {
        try
        {
            while (true)
            {
                TcpConnection connection = await listener.AcceptAsync().ConfigureAwait(false);
                if (_accepted!.Writer.TryWrite(connection)) continue;
                try
                {
                    await _accepted.Writer.WriteAsync(connection).ConfigureAwait(false);
                }
                catch (ChannelClosedException)
                {
                    connection.Abort();
                    return;
                }
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The stack may have ended without the listener having been closed.
            _accepted!.Writer.TryComplete();
        }
    }
}
