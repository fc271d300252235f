using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Synfin.Cli.Bench.Http;

/// <summary>
/// The least that can carry Kestrel's octets: two System.IO.Pipelines pipes a connection, no protocol between them. Not for
/// use elsewhere: it knows no reset and no half-close.
/// </summary>
internal sealed class PipeListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _accepting = Channel.CreateUnbounded<ConnectionContext>();
    private int _connections;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 80);

    /// <summary>The client's end of a new connection.</summary>
    public IDuplexPipe Connect()
    {
        PipeOptions options = new(useSynchronizationContext: false);
        Pipe toServer = new(options);
        Pipe toClient = new(options);
        DuplexPipe client = new(toClient.Reader, toServer.Writer);
        DuplexPipe server = new(toServer.Reader, toClient.Writer);
        _accepting.Writer.TryWrite(new DefaultConnectionContext($"pipe {++_connections}", server, client));
        return client;
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new(this);
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepting.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepting.Reader.TryRead(out ConnectionContext? connection)) return connection;
        }
        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepting.Writer.TryComplete();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}
