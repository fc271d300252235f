using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Synfin.AspNetCore.Telemetry;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.AspNetCore;

/// <summary>Listens for Kestrel on a stack, or on all the shards of a host.</summary>
/// <param name="stacks">The stacks, in hosted mode.</param>
/// <param name="options">How they are used.</param>
/// <param name="loggers">Gets what happens to connections; null for nobody.</param>
/// <exception cref="InvalidOperationException">The stack is in strict mode.</exception>
public sealed class SynfinTransportFactory(
    TcpStackGroup stacks, IOptions<SynfinTransportOptions> options, ILoggerFactory? loggers = null)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly TcpStack _first = stacks.First.VerifyHosted("Kestrel runs on the thread pool");
    private readonly ILogger _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<SynfinTransportFactory>();
    private bool _isLogging;

    /// <summary>Listens for Kestrel on one stack.</summary>
    /// <param name="stack">The stack, in hosted mode.</param>
    /// <param name="options">How it is used.</param>
    /// <param name="loggers">Gets what happens to connections; null for nobody.</param>
    /// <exception cref="InvalidOperationException">The stack is in strict mode.</exception>
    public SynfinTransportFactory(TcpStack stack, IOptions<SynfinTransportOptions> options, ILoggerFactory? loggers = null)
        : this(new TcpStackGroup(stack), options, loggers)
    {
    }

    /// <summary>An IP address and a port; Unix sockets and file handles are left to other transports.</summary>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    /// <inheritdoc/>
    /// <exception cref="AddressInUseException">Another listener of the stack has the port.</exception>
    /// <exception cref="NotSupportedException">Not an IP address and a port.</exception>
    /// <exception cref="SocketException">The address is not the stack's.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint is not IPEndPoint ip)
            throw new NotSupportedException($"Synfin listens on an IPEndPoint, not on a {endpoint.GetType().Name}.");
        cancellationToken.ThrowIfCancellationRequested();
        SynfinTransportOptions chosen = options.Value;
        LogConnections();
        try
        {
            TcpListenerGroup listener = stacks.Listen(ip, chosen.ConnectionOptions ?? _first.HttpOptions, chosen.Backlog);
            return new(new SynfinConnectionListener(listener, _logger));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }
    }

    /// <summary>The stack tells the application's loggers what it does, if they want to hear it.</summary>
    private void LogConnections()
    {
        if (_isLogging || loggers is null) return;
        if (!loggers.CreateLogger(SynfinLoggingObserver.ConnectionsCategory).IsEnabled(LogLevel.Information)) return;
        _isLogging = true;
        foreach (TcpStack stack in stacks.Stacks)
        {
            using StackGate.Visit visit = stack.Gate.Enter(nameof(BindAsync));
            stack.Engine.Observer = CompositeObserver.Add(stack.Engine.Observer, new SynfinLoggingObserver(loggers));
        }
    }
}
