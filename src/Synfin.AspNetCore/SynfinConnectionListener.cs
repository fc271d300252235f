using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Synfin.Sockets;

namespace Synfin.AspNetCore;

/// <summary>One address that Kestrel listens on.</summary>
internal sealed class SynfinConnectionListener(TcpListenerGroup listener, ILogger logger) : IConnectionListener
{
    public EndPoint EndPoint { get; } = listener.LocalEndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return new SynfinConnection(await listener.AcceptAsync(cancellationToken).ConfigureAwait(false), logger);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
        {
            return null; // unbound
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        listener.Close();
        return default;
    }
}
