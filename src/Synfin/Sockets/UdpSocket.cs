using System.Net;
using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Tcp;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>
/// A UDP port (RFC 768). One receive may wait at a time; any number of sends may, and they are served in their order. What was sent before
/// the socket is disposed still goes out.
/// </summary>
/// <remarks>
/// Datagrams get lost: on the way, or here if nobody receives them (<see cref="Stack.StackOptions.MaxUdpQueueDatagrams"/>,
/// <see cref="Stack.StackOptions.MaxUdpQueueOctets"/>). A send waits while the link is full, and then loses nothing. What does
/// not fit the path's MTU goes in fragments, unless <see cref="DontFragment"/> forbids it. There is no multicast (AddressNotAvailable).
/// </remarks>
public sealed class UdpSocket : IWaiterOwner, IDisposable, IAsyncDisposable
{
    private readonly TcpStack _stack;
    private readonly UdpEndpoint _engine;
    private readonly List<PendingSend> _sends = [];
    private Waiter? _receiver;
    private volatile bool _receiving;
    private volatile bool _disposed;

    internal UdpSocket(TcpStack stack, UdpEndpoint engine)
    {
        _stack = stack;
        _engine = engine;
        engine.Owner = this;
    }

    /// <summary>The address and port that it has; the address is unspecified for all of them, until it is connected.</summary>
    public IPEndPoint LocalEndPoint
    {
        get
        {
            using StackGate.Visit visit = _stack.Gate.Enter(nameof(LocalEndPoint));
            return _engine.LocalAddress.ToEndPoint(_engine.LocalPort);
        }
    }

    /// <summary>The peer, or null if it is not connected.</summary>
    public IPEndPoint? RemoteEndPoint
    {
        get
        {
            using StackGate.Visit visit = _stack.Gate.Enter(nameof(RemoteEndPoint));
            return _engine.IsConnected ? _engine.RemoteAddress.ToEndPoint(_engine.RemotePort) : null;
        }
    }

    /// <summary>Datagrams that wait to be received.</summary>
    public int Available => _engine.ReceiveQueueCount;

    /// <summary>The time to live, or hop limit, of what is sent from now on.</summary>
    public byte TimeToLive
    {
        get => _engine.TimeToLive;
        set => _engine.TimeToLive = value;
    }

    /// <summary>The differentiated services code point of what is sent from now on, 0 to 63.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int Dscp
    {
        get => _engine.Dscp;
        set => _engine.Dscp = value;
    }

    /// <summary>Whether what does not fit the path's MTU is refused with MessageSize instead of fragmented (RFC 8085 3.2).</summary>
    public bool DontFragment
    {
        get => _engine.DontFragment;
        set => _engine.DontFragment = value;
    }

    /// <summary>
    /// Whether it may send to 255.255.255.255 and to all of a subnet on the link. What others send there it receives anyway, unless it is
    /// bound to one address or connected.
    /// </summary>
    public bool EnableBroadcast
    {
        get => _engine.Broadcast;
        set => _engine.Broadcast = value;
    }

    /// <summary>
    /// Chooses the one peer, now or anew: only its datagrams are received, and what ICMP says about ours (ConnectionRefused,
    /// HostUnreachable, ...) is thrown by the next send or receive, once. Nothing is sent.
    /// </summary>
    /// <exception cref="SocketException">AddressNotAvailable: no peer can be there, or no address of ours reaches it.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed.</exception>
    public void Connect(IPEndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Connect));
        ObjectDisposedException.ThrowIf(_disposed, this);
        TcpError error = _engine.Connect(remote.Address.ToInternetAddress(), (ushort)remote.Port, _stack.Now);
        if (error != TcpError.None) throw SocketErrors.Open(error);
    }

    /// <summary>Sends a datagram; completes when the stack has taken it, which may wait for a full link.</summary>
    /// <param name="data">The datagram; none is possible, too. It must not change before the task completes.</param>
    /// <param name="remote">To whom; also a connected socket may send to others.</param>
    /// <param name="ct">Ends the wait; then nothing was sent.</param>
    /// <exception cref="SocketException">
    /// MessageSize: it does not fit IP, or the MTU with <see cref="DontFragment"/>; AddressNotAvailable; NoBufferSpaceAvailable;
    /// OperationAborted: disposed during the call; what ICMP said, if connected.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed.</exception>
    public ValueTask SendToAsync(ReadOnlyMemory<byte> data, IPEndPoint remote, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(SendToAsync));
        return SendAsync(new PendingSend(null, data, remote.Address.ToInternetAddress(), (ushort)remote.Port), ct);
    }

    /// <summary>Sends a datagram to the peer; see <see cref="SendToAsync"/>.</summary>
    /// <exception cref="SocketException">NotConnected; and as <see cref="SendToAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken ct = default)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(SendAsync));
        if (!_engine.IsConnected && !_disposed) return ValueTask.FromException(new SocketException((int)SocketError.NotConnected));
        return SendAsync(new PendingSend(null, data, _engine.RemoteAddress, _engine.RemotePort), ct);
    }

    /// <summary>Takes the datagram that waited longest, or waits for one. A cancelled call takes none.</summary>
    /// <param name="destination">Where it goes; what does not fit is lost, and <see cref="UdpReceived.Truncated"/> says so.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="SocketException">OperationAborted: disposed during the call; what ICMP said, if connected.</exception>
    /// <exception cref="InvalidOperationException">Another receive waits, or strict mode turns the thread away.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed.</exception>
    public async ValueTask<UdpReceived> ReceiveFromAsync(Memory<byte> destination, CancellationToken ct = default)
    {
        ReceivedDatagram datagram = await ReceiveDatagram(destination, nameof(ReceiveFromAsync), ct).ConfigureAwait(false);
        return new UdpReceived(datagram.Count, datagram.RemoteAddress.ToEndPoint(datagram.RemotePort), datagram.Truncated);
    }

    /// <summary>Takes a datagram of the peer; see <see cref="ReceiveFromAsync"/>, which also says whether it was cut.</summary>
    /// <returns>The octets; 0 is an empty datagram.</returns>
    /// <exception cref="SocketException">NotConnected; and as <see cref="ReceiveFromAsync"/>.</exception>
    /// <exception cref="InvalidOperationException">Another receive waits, or strict mode turns the thread away.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed.</exception>
    public async ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken ct = default)
    {
        if (!_engine.IsConnected && !_disposed) throw new SocketException((int)SocketError.NotConnected);
        return (await ReceiveDatagram(destination, nameof(ReceiveAsync), ct).ConfigureAwait(false)).Count;
    }

    /// <summary>Leaves the port. Who waits gets OperationAborted; what the stack has taken to send still goes out.</summary>
    public void Dispose()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Dispose));
        if (_disposed) return;
        _disposed = true;
        _engine.Close(_stack.Now);
        _stack.Forget(this);
        EndAll();
        _stack.OutputReady?.Invoke();
    }

    /// <summary>The same as <see cref="Dispose"/>.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    void IWaiterOwner.WaiterCancelled(Waiter waiter)
    {
        if (ReferenceEquals(waiter, _receiver)) _receiver = null;
        else _sends.RemoveAt(_sends.FindIndex(send => ReferenceEquals(send.Waiter, waiter)));
    }

    /// <summary>The engine has a datagram, an error or room, or has closed the endpoint.</summary>
    internal void Signalled()
    {
        if (_engine.IsClosed)
        {
            EndAll();
            return;
        }
        if (_engine.HasNews) TakeReceiver()?.Succeed(0);
        ContinueSends();
    }

    private async ValueTask<ReceivedDatagram> ReceiveDatagram(Memory<byte> destination, string call, CancellationToken ct)
    {
        BeginReceive(call, ct);
        try
        {
            while (true)
            {
                if (TryReceive(destination.Span, call, ct, out ReceivedDatagram datagram, out ValueTask next)) return datagram;
                await next.ConfigureAwait(false);
            }
        }
        finally
        {
            _receiving = false;
        }
    }

    private void BeginReceive(string call, CancellationToken ct)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(call);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ct.ThrowIfCancellationRequested();
        if (_receiving) throw new InvalidOperationException("Another receive waits on this socket: one at a time.");
        _receiving = true;
    }

    private bool TryReceive(Span<byte> destination, string call, CancellationToken ct, out ReceivedDatagram datagram, out ValueTask next)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(call);
        next = default;
        TcpError error = _engine.Receive(destination, _stack.Now, out datagram);
        if (error == TcpError.None) return true;
        if (error != TcpError.WouldBlock) throw Failure(error);
        _receiver = _stack.Gate.Rent(this, ct);
        next = _receiver.Done;
        return false;
    }

    /// <summary>At the gate.</summary>
    private ValueTask SendAsync(PendingSend send, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (ct.IsCancellationRequested) return ValueTask.FromCanceled(ct);
        if (_sends.Count == 0) // else it is not its turn
        {
            TcpError error = Send(send);
            if (error == TcpError.None) return default;
            if (error != TcpError.WouldBlock) return ValueTask.FromException(Failure(error, send));
        }
        Waiter waiter = _stack.Gate.Rent(this, ct);
        _sends.Add(send with { Waiter = waiter });
        return waiter.Done;
    }

    private void ContinueSends()
    {
        int done = 0;
        for (; done < _sends.Count; done++)
        {
            TcpError error = Send(_sends[done]);
            if (error == TcpError.WouldBlock) break;
            if (error == TcpError.None) _sends[done].Waiter!.Succeed(0);
            else _sends[done].Waiter!.Fail(Failure(error, _sends[done]));
        }
        _sends.RemoveRange(0, done);
    }

    private TcpError Send(in PendingSend send)
    {
        TcpError error = _engine.Send(send.Data.Span, send.RemoteAddress, send.RemotePort, _stack.Now);
        if (error == TcpError.None) _stack.OutputReady?.Invoke();
        return error;
    }

    /// <summary>Whoever waits is told that the port is gone.</summary>
    private void EndAll()
    {
        TakeReceiver()?.Fail(Failure(TcpError.Aborted));
        foreach (PendingSend send in _sends) send.Waiter!.Fail(Failure(TcpError.Aborted));
        _sends.Clear();
    }

    private Waiter? TakeReceiver()
    {
        Waiter? receiver = _receiver;
        _receiver = null;
        return receiver;
    }

    private SocketException Failure(TcpError error, in PendingSend send)
    {
        SocketException plain = Failure(error);
        if (error != TcpError.MessageTooLong) return plain;
        int most = _engine.MaxDataTo(send.RemoteAddress);
        string where = _engine.DontFragment ? "fit the MTU" : "are the most";
        string help = $"{send.Data.Length} octets to {send.RemoteAddress}, where {most} {where}: send several smaller datagrams";
        return new SocketException((int)plain.SocketErrorCode, $"{plain.Message} ({help})");
    }

    /// <summary>A call on an endpoint that is closed meanwhile was aborted.</summary>
    private static SocketException Failure(TcpError error) =>
        SocketErrors.Open(error == TcpError.ConnectionDoesNotExist ? TcpError.Aborted : error);

    private readonly record struct PendingSend(
        Waiter? Waiter, ReadOnlyMemory<byte> Data, InternetAddress RemoteAddress, ushort RemotePort);
}
