using System.Net.Sockets;
using Synfin.Ip;
using Synfin.Runtime;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>
/// "Ping": echo requests of ICMP (RFC 792) and ICMPv6 (RFC 4443 4), and what comes back. Any number of requests may be under way at a time.
/// </summary>
public sealed class EchoSocket : IWaiterOwner, IDisposable, IAsyncDisposable
{
    private readonly TcpStack _stack;
    private readonly EchoEndpoint _engine;
    private readonly List<PendingEcho> _pending = [];
    private ushort _lastSequence;
    private bool _disposed;

    internal EchoSocket(TcpStack stack, EchoEndpoint engine)
    {
        _stack = stack;
        _engine = engine;
        engine.Owner = this;
    }

    /// <summary>Whether requests that do not fit the path's MTU are refused with MessageSize instead of fragmented.</summary>
    public bool DontFragment
    {
        get => _engine.DontFragment;
        set => _engine.DontFragment = value;
    }

    /// <summary>
    /// Sends an echo request and waits for the reply, or for an ICMP error about it. Neither may ever come: who does not want to wait for
    /// ever cancels.
    /// </summary>
    /// <param name="address">A unicast address.</param>
    /// <param name="size">The octets of data, 0 to 65,507, to 65,527 for IPv6; what does not fit the path goes in fragments.</param>
    /// <param name="timeToLive">The time to live, or hop limit, at least 1.</param>
    /// <param name="ct">Ends the wait; an answer that comes later is ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is negative or <paramref name="timeToLive"/> 0.</exception>
    /// <exception cref="SocketException">
    /// AddressNotAvailable: nobody can be there, or no address of ours reaches it; MessageSize; NoBufferSpaceAvailable: too many packets
    /// wait for the link; OperationAborted: disposed during the call.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed.</exception>
    public async ValueTask<EchoResult> PingAsync(
        InternetAddress address, int size = 56, byte timeToLive = 64, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfZero(timeToLive);
        PendingEcho pending = Begin(address, size, timeToLive, ct, out ValueTask done);
        await done.ConfigureAwait(false);
        return pending.Result;
    }

    /// <summary>Who waits gets OperationAborted.</summary>
    public void Dispose()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Dispose));
        if (_disposed) return;
        _disposed = true;
        _engine.Close(_stack.Now);
        _stack.Forget(this);
        foreach (PendingEcho pending in _pending) pending.Waiter.Fail(SocketErrors.Open(TcpError.Aborted));
        _pending.Clear();
    }

    /// <summary>The same as <see cref="Dispose"/>.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    void IWaiterOwner.WaiterCancelled(Waiter waiter) =>
        _pending.RemoveAt(_pending.FindIndex(pending => ReferenceEquals(pending.Waiter, waiter)));

    /// <summary>The engine has replies or errors.</summary>
    internal void Signalled()
    {
        while (_engine.Receive([], _stack.Now, out ReceivedEcho echo) == TcpError.None)
        {
            int at = _pending.FindIndex(pending => pending.Sequence == echo.Sequence && pending.Address == echo.Destination);
            if (at < 0) continue; // cancelled, or nobody asked
            PendingEcho pending = _pending[at];
            _pending.RemoveAt(at);
            TimeSpan roundTrip = (echo.Time - pending.Sent).ToTimeSpan();
            pending.Result = new EchoResult(echo.Kind, echo.Source, roundTrip, echo.TimeToLive, echo.Mtu);
            pending.Waiter.Succeed(0);
        }
    }

    private PendingEcho Begin(InternetAddress address, int size, byte timeToLive, CancellationToken ct, out ValueTask done)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(PingAsync));
        ObjectDisposedException.ThrowIf(_disposed, this);
        ct.ThrowIfCancellationRequested();
        ushort sequence = ++_lastSequence;
        if (_pending.Exists(pending => pending.Sequence == sequence)) throw SocketErrors.Open(TcpError.InsufficientResources);
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) data[i] = (byte)i;
        _engine.TimeToLive = timeToLive;
        TcpError error = _engine.Send(data, address, sequence, _stack.Now);
        if (error == TcpError.MessageTooLong) throw TooLong(size, address);
        if (error != TcpError.None) throw SocketErrors.Open(error);
        PendingEcho pending = new(_stack.Gate.Rent(this, ct), address, sequence, _stack.Now);
        _pending.Add(pending);
        done = pending.Waiter.Done;
        _stack.OutputReady?.Invoke();
        return pending;
    }

    private SocketException TooLong(int size, InternetAddress address)
    {
        SocketException plain = SocketErrors.Open(TcpError.MessageTooLong);
        string help = $"{size} octets to {address}, where {_engine.MaxDataTo(address)} fit: ask for fewer, or let them be fragmented";
        return new SocketException((int)plain.SocketErrorCode, $"{plain.Message} ({help})");
    }

    private sealed class PendingEcho(Waiter waiter, InternetAddress address, ushort sequence, Timestamp sent)
    {
        public Waiter Waiter { get; } = waiter;

        public InternetAddress Address { get; } = address;

        public ushort Sequence { get; } = sequence;

        public Timestamp Sent { get; } = sent;

        public EchoResult Result { get; set; }
    }
}
