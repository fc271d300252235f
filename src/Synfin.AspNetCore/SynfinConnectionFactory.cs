using System.Net;
using Microsoft.AspNetCore.Connections;
using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.AspNetCore;

/// <summary>Connects for clients that are written against the connection abstractions.</summary>
/// <param name="stack">The stack, in hosted mode.</param>
/// <param name="options">What connections start with; null for the stack's defaults with Nagle's algorithm off.</param>
public sealed class SynfinConnectionFactory(TcpStack stack, TcpConnectionOptions? options = null) : IConnectionFactory
{
    /// <summary>Connects to an IPEndPoint or a DnsEndPoint.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">As the stack reports it.</exception>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new SynfinConnection(
            await stack.ConnectAsync(endpoint, options ?? SynfinConnection.DefaultOptions(stack), cancellationToken).ConfigureAwait(false));
}
