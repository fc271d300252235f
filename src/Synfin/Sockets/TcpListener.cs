using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Tcp;
using Synfin.Wire;
using EngineConnection = Synfin.Tcp.TcpConnection;
using EngineListener = Synfin.Tcp.TcpListener;

namespace Synfin.Sockets;

/// <summary>Accepts connections. Any number of <see cref="AcceptAsync"/> may wait at a time; they are served in their order.</summary>
public sealed class TcpListener : IWaiterOwner, IDisposable
{
    private readonly TcpStack _stack;
    private readonly EngineListener _engine;
    private WaiterQueue _accepting;
    private volatile bool _closed;

    internal TcpListener(TcpStack stack, EngineListener engine)
    {
        _stack = stack;
        _engine = engine;
        engine.Owner = this;
        LocalAddress = engine.LocalAddress;
        LocalPort = engine.LocalPort;
    }

    /// <summary>The address listened on; unspecified means all.</summary>
    public InternetAddress LocalAddress { get; }

    /// <summary>The port listened on.</summary>
    public ushort LocalPort { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => LocalAddress.ToEndPoint(LocalPort);

    /// <summary>Takes the connection that waited longest, or waits for one. A cancelled call takes none.</summary>
    /// <exception cref="ObjectDisposedException">The listener was closed before the call.</exception>
    /// <exception cref="SocketException">OperationAborted: it was closed during the call.</exception>
    public async ValueTask<TcpConnection> AcceptAsync(CancellationToken ct = default)
    {
        if (ct.IsCancellationRequested) await Task.FromCanceled(ct).ConfigureAwait(false); // throws, as sockets' calls do
        ObjectDisposedException.ThrowIf(_closed, this);
        while (true)
        {
            if (TryAccept(ct, out TcpConnection? connection, out ValueTask next)) return connection;
            await next.ConfigureAwait(false);
        }
    }

    private bool TryAccept(CancellationToken ct, [NotNullWhen(true)] out TcpConnection? connection, out ValueTask next)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(AcceptAsync));
        if (_closed) throw new SocketException((int)SocketError.OperationAborted);
        TcpError error = _engine.Accept(_stack.Now, out EngineConnection? accepted);
        if (error is not (TcpError.None or TcpError.WouldBlock)) throw SocketErrors.Open(error);
        connection = null;
        next = default;
        if (error is TcpError.None)
        {
            connection = new TcpConnection(_stack, accepted!);
            return true;
        }
        Waiter waiter = _stack.Gate.Rent(this, ct);
        _accepting.Enqueue(waiter);
        next = waiter.Done;
        return false;
    }

    /// <summary>Stops listening: connections that nobody accepted are reset, accepted ones go on.</summary>
    public void Close()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Close));
        if (_closed) return;
        _engine.Close(_stack.Now);
        Abandon();
        _stack.OutputReady?.Invoke();
    }

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    void IWaiterOwner.WaiterCancelled(Waiter waiter) => _accepting.Remove(waiter);

    /// <summary>At the gate.</summary>
    internal TcpListenerStatus Status() => new(LocalEndPoint, _engine.AcceptQueueCount, _engine.SynQueueCount, _engine.Backlog);

    /// <summary>Nobody will be accepted any more.</summary>
    internal void Abandon()
    {
        _closed = true;
        _stack.Forget(this);
        while (_accepting.TryDequeue(out Waiter? waiter)) waiter.Fail(new SocketException((int)SocketError.OperationAborted));
    }

    /// <summary>Wakes as many as there are connections; each takes one itself.</summary>
    internal void Signalled()
    {
        for (int count = _engine.AcceptQueueCount; count > 0 && _accepting.TryDequeue(out Waiter? waiter); count--) waiter.Succeed(0);
    }
}
