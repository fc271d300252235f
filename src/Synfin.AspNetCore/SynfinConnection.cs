using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore.Telemetry;
using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.AspNetCore;

/// <summary>A connection as Kestrel and other servers know it: its pipes are the engine's own pages.</summary>
internal sealed class SynfinConnection : ConnectionContext,
    IConnectionIdFeature,
    IConnectionItemsFeature,
    IConnectionEndPointFeature,
    IConnectionLifetimeFeature,
    IConnectionLifetimeNotificationFeature,
    IConnectionTransportFeature,
    IConnectionMetricsTagsFeature,
    IMemoryPoolFeature,
    ISynfinConnectionFeature
{
    /// <summary>Ids go on from a random number: unique in a process, and hardly ever seen in another one's logs.</summary>
    private static long s_lastId = Random.Shared.NextInt64();

    private readonly ILogger _logger;
    private readonly TcpConnection _connection;
    private readonly TcpDuplexPipe _pipe;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _closeRequested = new();
    private readonly TaskCompletionSource _toldClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionAbortedException? _abortReason;
    private string? _connectionId;
    private IDictionary<object, object?>? _items;
    private int _closedFired;
    private int _disposed;

    public SynfinConnection(TcpConnection connection, ILogger logger)
    {
        _logger = logger;
        _connection = connection;
        _pipe = new TcpDuplexPipe(connection, Translate);
        Transport = _pipe;
        LocalEndPoint = connection.LocalEndPoint;
        RemoteEndPoint = connection.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        ConnectionClosedRequested = _closeRequested.Token;
        Features = new FeatureCollection();
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionLifetimeNotificationFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionMetricsTagsFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set<ISynfinConnectionFeature>(this);
        connection.WatchInputEnd(FireConnectionClosed);
    }

    public override string ConnectionId
    {
        get => _connectionId ??= Interlocked.Increment(ref s_lastId).ToString("X16", CultureInfo.InvariantCulture);
        set => _connectionId = value;
    }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public CancellationToken ConnectionClosedRequested { get; set; }

    public MemoryPool<byte> MemoryPool => MemoryPool<byte>.Shared;

    public ICollection<KeyValuePair<string, object?>> Tags { get; } = [];

    public TcpConnection Connection => _connection;

    public void RequestClose()
    {
        if (_disposed == 0) _closeRequested.Cancel();
    }

    /// <summary>
    /// RST. Kestrel passes null where the connection has ended in order, such as by the peer's FIN: what was flushed goes, and FIN.
    /// </summary>
    public override void Abort(ConnectionAbortedException? abortReason)
    {
        if (abortReason is null)
        {
            _connection.EndWrites();
            return;
        }
        Interlocked.CompareExchange(ref _abortReason, abortReason, null);
        SynfinLog.TransportAborted(_logger, ConnectionId, _connection.Tuple, abortReason.Message);
        _connection.Abort();
        FireConnectionClosed();
    }

    /// <summary>What was written leaves before the FIN, whether anybody waits for it or not.</summary>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _pipe.Output.CompleteAsync().ConfigureAwait(false);
            await _pipe.Input.CompleteAsync().ConfigureAwait(false);
            FireConnectionClosed();
        }
        await _toldClosed.Task.ConfigureAwait(false);
    }

    /// <summary>Called at the gate: the token's callbacks are not to run there.</summary>
    private void FireConnectionClosed()
    {
        if (Interlocked.Exchange(ref _closedFired, 1) != 0) return;
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.TellClosed(), this, preferLocal: false);
    }

    private void TellClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (AggregateException failure)
        {
            SynfinLog.CallbackFailed(_logger, ConnectionId, failure);
        }
        _toldClosed.SetResult();
    }

    private Exception Translate(IOException failure)
    {
        SocketError error = (failure.InnerException as SocketException)?.SocketErrorCode ?? SocketError.SocketError;
        if (error is SocketError.OperationAborted)
            return _abortReason ?? new ConnectionAbortedException("The connection was aborted by this end.", failure);
        SynfinLog.TransportFailed(_logger, ConnectionId, _connection.Tuple, failure.Message);
        return error is SocketError.ConnectionReset ? new ConnectionResetException(failure.Message, failure) : failure;
    }
}
