using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.AspNetCore;

/// <summary>Connects for clients that are written against the connection abstractions.</summary>
/// <param name="stack">The stack, in hosted mode.</param>
/// <param name="options">What connections start with; null for the stack's defaults with Nagle's algorithm off.</param>
/// <param name="loggers">Gets what happens to connections; null for nobody.</param>
/// <exception cref="InvalidOperationException">The stack is in strict mode.</exception>
public sealed class SynfinConnectionFactory(TcpStack stack, TcpConnectionOptions? options = null, ILoggerFactory? loggers = null)
    : IConnectionFactory
{
    private readonly TcpStack _stack = stack.VerifyHosted("A ConnectionContext is used from the thread pool");
    private readonly ILogger _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<SynfinConnectionFactory>();

    /// <summary>Connects to an IPEndPoint or a DnsEndPoint.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">As the stack reports it.</exception>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        TcpConnectionOptions chosen = options ?? _stack.HttpOptions;
        return new SynfinConnection(await _stack.ConnectAsync(endpoint, chosen, cancellationToken).ConfigureAwait(false), _logger);
    }
}
