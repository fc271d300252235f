using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using EngineConnection = Synfin.Tcp.TcpConnection;
using EngineListener = Synfin.Tcp.TcpListener;

namespace Synfin.Sockets;

/// <summary>
/// The sockets of one stack, in strict mode: all calls come on the thread that owns the stack, and what is awaited continues there. A call
/// from another thread throws <see cref="InvalidOperationException"/>.
/// </summary>
public sealed partial class TcpStack : IStackSignals
{
    private readonly Func<Timestamp> _clock;
    private readonly List<Signal> _signals = [];

    /// <summary>Sockets over an engine.</summary>
    /// <param name="engine">The stack; only its owner's thread touches it.</param>
    /// <param name="clock">The time of a call.</param>
    /// <param name="scheduler">Continues what waits; one scheduler may serve several stacks of the same thread.</param>
    public TcpStack(NetworkStack engine, Func<Timestamp> clock, OwnerScheduler scheduler)
    {
        Engine = engine;
        Scheduler = scheduler;
        _clock = clock;
        Waiters = new WaiterPool(scheduler.Pipe, scheduler.ContextFreePipe);
    }

    /// <summary>The stack.</summary>
    public NetworkStack Engine { get; }

    /// <summary>Continues what waits.</summary>
    public OwnerScheduler Scheduler { get; }

    /// <summary>Called after each call that may have left something to send or to tell: the owner is to run a turn.</summary>
    public Action? OutputReady { get; set; }

    internal Timestamp Now => _clock();

    internal WaiterPool Waiters { get; }

    /// <summary>Passive OPEN.</summary>
    /// <param name="address">One of the host's addresses; null or unspecified for all of them.</param>
    /// <param name="port">The port, or 0 for a free one: see <see cref="TcpListener.LocalPort"/>.</param>
    /// <param name="backlog">How many connections may wait to be accepted, and how many may be half-open.</param>
    /// <param name="options">What its connections start with; null for the stack's defaults.</param>
    /// <exception cref="System.Net.Sockets.SocketException">AddressAlreadyInUse, AddressNotAvailable, NoBufferSpaceAvailable.</exception>
    public TcpListener Listen(InternetAddress? address, ushort port, int backlog = 128, TcpConnectionOptions? options = null)
    {
        Scheduler.VerifyOwner(nameof(Listen));
        TcpError error = Engine.Listen(address ?? InternetAddress.AnyIpv6, port, backlog, options, Now, out EngineListener? listener);
        return error == TcpError.None ? new TcpListener(this, listener!) : throw SocketErrors.Open(error);
    }

    /// <summary>Active OPEN; completes in ESTABLISHED. Cancelling it aborts the attempt.</summary>
    /// <param name="remote">The peer's address.</param>
    /// <param name="port">The peer's port.</param>
    /// <param name="localAddress">One of the host's addresses, or null to let the stack choose.</param>
    /// <param name="localPort">The local port, or 0 for a free one.</param>
    /// <param name="options">What it starts with; null for the stack's defaults.</param>
    /// <param name="ct">Aborts the attempt.</param>
    /// <exception cref="System.Net.Sockets.SocketException">
    /// ConnectionRefused, TimedOut, HostUnreachable, NetworkUnreachable, AddressNotAvailable, AddressAlreadyInUse, NoBufferSpaceAvailable.
    /// </exception>
    public async ValueTask<TcpConnection> ConnectAsync(
        InternetAddress remote,
        ushort port,
        InternetAddress? localAddress = null,
        ushort localPort = 0,
        TcpConnectionOptions? options = null,
        CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        TcpConnection connection = BeginConnect(remote, port, localAddress, localPort, options);
        try
        {
            await connection.WhenConnected(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
            throw;
        }
        return connection;
    }

    /// <summary>Active OPEN that returns at once, in SYN-SENT, to be watched; see <see cref="TcpConnection.WhenConnected"/>.</summary>
    /// <param name="remote">The peer's address.</param>
    /// <param name="port">The peer's port.</param>
    /// <param name="localAddress">One of the host's addresses, or null to let the stack choose.</param>
    /// <param name="localPort">The local port, or 0 for a free one.</param>
    /// <param name="options">What it starts with; null for the stack's defaults.</param>
    /// <exception cref="System.Net.Sockets.SocketException">AddressNotAvailable, AddressAlreadyInUse, NoBufferSpaceAvailable.</exception>
    public TcpConnection BeginConnect(
        InternetAddress remote,
        ushort port,
        InternetAddress? localAddress = null,
        ushort localPort = 0,
        TcpConnectionOptions? options = null)
    {
        Scheduler.VerifyOwner(nameof(BeginConnect));
        TcpError error = Engine.Connect(remote, port, localAddress, localPort, options, Now, out EngineConnection? connection);
        if (error != TcpError.None) throw SocketErrors.Open(error);
        OutputReady?.Invoke();
        return new TcpConnection(this, connection!);
    }

    /// <summary>The end of a turn: completes what waited for what the engine has to tell. Runs no application code itself.</summary>
    public void DeliverSignals()
    {
        Scheduler.VerifyOwner(nameof(DeliverSignals));
        Engine.DeliverSignals(this);
        // Acted on only now: completing a read calls the engine, which is not to happen while it walks its own lists.
        for (int i = 0; i < _signals.Count; i++)
        {
            Signal signal = _signals[i];
            if (signal.Target is TcpConnection connection) connection.Signalled(signal.Signals);
            else if (signal.Target is UdpSocket socket) socket.Signalled();
            else ((TcpListener)signal.Target).Signalled();
        }
        _signals.Clear();
    }

    /// <summary>A connection that nobody has accepted yet has no handle; who accepts it asks for its state.</summary>
    void IStackSignals.ConnectionSignalled(EngineConnection connection, TcpSignals signals)
    {
        if (connection.Owner is TcpConnection handle) _signals.Add(new Signal(handle, signals));
    }

    void IStackSignals.ListenerSignalled(EngineListener listener)
    {
        if (listener.Owner is TcpListener handle) _signals.Add(new Signal(handle, TcpSignals.None));
    }

    private readonly record struct Signal(object Target, TcpSignals Signals);
}
