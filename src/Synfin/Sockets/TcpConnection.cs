using System.Diagnostics;
using System.Net;
using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;
using EngineConnection = Synfin.Tcp.TcpConnection;

namespace Synfin.Sockets;

/// <summary>
/// A connection in an application's hands. One read and one write may wait at a time; closing and the <c>When</c> methods go with both.
/// </summary>
/// <remarks>
/// Reads and writes throw <see cref="IOException"/> around a <see cref="System.Net.Sockets.SocketException"/>, as NetworkStream does, with
/// one difference: after a reset every further read throws, where NetworkStream's second one returns 0 and looks like an orderly end.
/// Octets that arrived before the reset are delivered first.
/// </remarks>
public sealed partial class TcpConnection : IWaiterOwner, IAsyncDisposable
{
    private readonly TcpStack _stack;
    private readonly EngineConnection _engine;
    private WaiterQueue _connecting;
    private WaiterQueue _draining;
    private WaiterQueue _ending;
    private bool _connected;
    private bool _left;

    internal TcpConnection(TcpStack stack, EngineConnection engine)
    {
        _stack = stack;
        _engine = engine;
        engine.Owner = this;
    }

    /// <summary>Raised, as queued application code, when urgent data was announced or the urgent pointer advanced (MUST-32).</summary>
    public event Action<TcpConnection>? UrgentArrived;

    /// <summary>
    /// Raised, as queued application code, when R1 was reached or ICMP reported an error that does not end the connection (MUST-47).
    /// </summary>
    public event Action<TcpConnection>? SoftErrorReported;

    /// <summary>Both ends.</summary>
    public FourTuple Tuple => _engine.Tuple;

    /// <summary>This end.</summary>
    public IPEndPoint LocalEndPoint => _engine.Tuple.LocalAddress.ToEndPoint(_engine.Tuple.LocalPort);

    /// <summary>The peer.</summary>
    public IPEndPoint RemoteEndPoint => _engine.Tuple.RemoteAddress.ToEndPoint(_engine.Tuple.RemotePort);

    /// <summary>The state.</summary>
    public TcpState State
    {
        get
        {
            using StackGate.Visit visit = _stack.Gate.Enter(nameof(State));
            return _engine.State;
        }
    }

    /// <summary>Who ended it and how, or None; <see cref="CloseReasonWords.Describe"/> says it in words.</summary>
    public CloseReason CloseReason => _engine.CloseReason;

    /// <summary>What ended it, or None.</summary>
    public TcpError Error => _engine.Error;

    /// <summary>What the application chose; set it with <see cref="SetOptions"/>.</summary>
    public TcpConnectionOptions Options => _engine.Options;

    /// <summary>Octets between here and the end of urgent data (MUST-33); 0 if none.</summary>
    public int UrgentRemaining => _engine.UrgentRemaining;

    /// <summary>STATUS (RFC 9293 3.10.6), and what Linux tells in TCP_INFO.</summary>
    public TcpStatus Status()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Status));
        return _engine.Status();
    }

    /// <summary>Changes the options of the open connection (buffers may only be changed before OPEN).</summary>
    public void SetOptions(TcpConnectionOptions options)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(SetOptions));
        _engine.SetOptions(options, _stack.Now);
        _stack.OutputReady?.Invoke();
    }

    /// <summary>
    /// CLOSE: returns at once, the application is gone. Unread data resets; <see cref="TcpConnectionOptions.Linger"/> says what happens to
    /// unsent data. A read or write that waits throws OperationAborted; what it has not handed over yet is not sent.
    /// </summary>
    public void Close()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Close));
        if (_left) return;
        _engine.Close(_stack.Now);
        Leave();
    }

    /// <summary>CLOSE, and waits as <see cref="WhenEnded"/> does; <see cref="CloseReason"/> says whether it ended in order.</summary>
    public ValueTask CloseAsync(CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(CloseAsync));
        Close();
        return WhenEnded(ct);
    }

    /// <summary>ABORT: RST, everything queued is thrown away.</summary>
    public void Abort()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Abort));
        _engine.Abort(_stack.Now);
        Leave();
    }

    /// <summary>The same as <see cref="Close"/>: does not wait for the peer.</summary>
    public ValueTask DisposeAsync()
    {
        Close();
        return default;
    }

    /// <summary>Completes in ESTABLISHED.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">Why it did not get there; OperationAborted if it was closed here.</exception>
    public ValueTask WhenConnected(CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(WhenConnected));
        if (ct.IsCancellationRequested) return ValueTask.FromCanceled(ct);
        if (_connected) return default;
        if (_left) return ValueTask.FromException(SocketErrors.Open(TcpError.Aborted));
        if (_engine.State is TcpState.Closed) return ValueTask.FromException(OpenFailure());
        if (_engine.State is not (TcpState.SynSent or TcpState.SynReceived))
        {
            _connected = true;
            return default;
        }
        return WaitIn(ref _connecting, ct);
    }

    /// <summary>
    /// Completes when all that was written, and the end of it if there is one, has been acknowledged; at once if nothing is outstanding.
    /// </summary>
    /// <exception cref="IOException">The connection ended before that.</exception>
    public ValueTask WhenDrained(CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(WhenDrained));
        if (ct.IsCancellationRequested) return ValueTask.FromCanceled(ct);
        if (HasEnded && !EndedInOrder) return ValueTask.FromException(DrainFailure());
        return _engine.NotifyDrained() ? default : WaitIn(ref _draining, ct);
    }

    /// <summary>Completes when the connection reached TIME-WAIT or CLOSED, in whichever way: <see cref="CloseReason"/> says how.</summary>
    public ValueTask WhenEnded(CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(WhenEnded));
        if (ct.IsCancellationRequested) return ValueTask.FromCanceled(ct);
        return HasEnded ? default : WaitIn(ref _ending, ct);
    }

    void IWaiterOwner.WaiterCancelled(Waiter waiter)
    {
        if (ReferenceEquals(waiter, _reader)) TakeReader();
        else if (ReferenceEquals(waiter, _writer)) TakeWriter();
        else if (!_connecting.Remove(waiter) && !_draining.Remove(waiter) && !_ending.Remove(waiter)) throw new UnreachableException();
    }

    /// <summary>The engine has something to tell.</summary>
    internal void Signalled(TcpSignals signals)
    {
        bool ended = (signals & TcpSignals.Ended) != 0;
        if ((signals & TcpSignals.Connected) != 0)
        {
            _connected = true;
            _connecting.SucceedAll();
        }
        if (ended || (signals & TcpSignals.Readable) != 0)
        {
            ContinueRead();
            if (_engine.FinReceived || ended) _inputEnded?.Invoke();
        }
        if (ended || (signals & TcpSignals.Writable) != 0) ContinueWrite();
        if (ended || (signals & TcpSignals.Drained) != 0) ContinueDrain();
        if ((signals & TcpSignals.Urgent) != 0 && UrgentArrived is not null)
            _stack.Gate.Post(static c => ((TcpConnection)c!).RaiseUrgentArrived(), this);
        if ((signals & TcpSignals.SoftError) != 0 && SoftErrorReported is not null)
            _stack.Gate.Post(static c => ((TcpConnection)c!).RaiseSoftErrorReported(), this);
        if (!ended) return;
        while (_connecting.TryDequeue(out Waiter? waiter)) waiter.Fail(OpenFailure());
        _ending.SucceedAll();
    }

    private bool HasEnded => _engine.State is TcpState.Closed or TcpState.TimeWait;

    private bool EndedInOrder => _engine.CloseReason.IsOrderly();

    /// <summary>After CLOSE and ABORT: whoever waits to use the connection is told; whoever watches its end goes on watching.</summary>
    private void Leave()
    {
        _left = true;
        if (_reader is not null) TakeReader().Fail(SocketErrors.Read(TcpError.Aborted));
        if (_writer is not null) TakeWriter().Fail(SocketErrors.Write(TcpError.Aborted));
        while (_connecting.TryDequeue(out Waiter? waiter)) waiter.Fail(SocketErrors.Open(TcpError.Aborted));
        _stack.OutputReady?.Invoke();
    }

    private void ContinueDrain()
    {
        if (_draining.IsEmpty) return;
        bool failed = HasEnded && !EndedInOrder;
        if (!failed && !_engine.NotifyDrained()) return;
        while (_draining.TryDequeue(out Waiter? waiter))
        {
            if (failed) waiter.Fail(DrainFailure());
            else waiter.Succeed(0);
        }
    }

    private ValueTask WaitIn(ref WaiterQueue queue, CancellationToken ct)
    {
        Waiter waiter = _stack.Gate.Rent(this, ct);
        queue.Enqueue(waiter);
        return waiter.Done;
    }

    private System.Net.Sockets.SocketException OpenFailure() => SocketErrors.Open(ErrorOr(TcpError.Aborted));

    private IOException DrainFailure() => SocketErrors.Write(ErrorOr(TcpError.Aborted));

    private TcpError ErrorOr(TcpError otherwise) => _engine.Error is TcpError.None or TcpError.WouldBlock ? otherwise : _engine.Error;

    private void RaiseUrgentArrived() => UrgentArrived?.Invoke(this);

    private void RaiseSoftErrorReported() => SoftErrorReported?.Invoke(this);
}
