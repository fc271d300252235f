using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using EngineConnection = Synfin.Tcp.TcpConnection;
using EngineListener = Synfin.Tcp.TcpListener;

namespace Synfin.Sockets;

/// <summary>
/// The sockets of one stack. Its gate says who may call: in strict mode (<see cref="OwnerGate"/>) the thread that owns the stack, where
/// also continues what is awaited, and a call from another thread throws <see cref="InvalidOperationException"/>; in hosted mode
/// (<see cref="SharedGate"/>) every thread, and what is awaited continues as with other sockets.
/// </summary>
public sealed partial class TcpStack : IStackSignals
{
    private readonly Func<Timestamp> _clock;
    private readonly List<Signal> _signals = [];
    private readonly List<TcpListener> _listeners = [];
    private readonly List<UdpSocket> _sockets = [];
    private bool _isAbandoned;

    /// <summary>Sockets over an engine.</summary>
    /// <param name="engine">The stack; to be touched at the gate alone.</param>
    /// <param name="clock">The time of a call.</param>
    /// <param name="gate">Who may call; one gate may serve several stacks.</param>
    public TcpStack(NetworkStack engine, Func<Timestamp> clock, StackGate gate)
    {
        Engine = engine;
        Gate = gate;
        _clock = clock;
        Telemetry.SynfinTelemetry.Watch(engine);
    }

    /// <summary>Sockets in strict mode; one scheduler may serve several stacks of the same thread.</summary>
    public TcpStack(NetworkStack engine, Func<Timestamp> clock, OwnerScheduler scheduler)
        : this(engine, clock, new OwnerGate(scheduler))
    {
    }

    /// <summary>The stack.</summary>
    public NetworkStack Engine { get; }

    /// <summary>Who may call.</summary>
    public StackGate Gate { get; }

    /// <summary>Called after each call that may have left something to send or to tell: the owner is to run a turn.</summary>
    public Action? OutputReady { get; set; }

    /// <summary>The stack's defaults with Nagle's algorithm off, as HTTP wants them.</summary>
    internal TcpConnectionOptions HttpOptions => Engine.Options.ConnectionDefaults with { NoDelay = true };

    internal Timestamp Now => _clock();

    /// <summary>Makes what stands between an application and a new connection; null, as it is but in simulations, for nothing.</summary>
    internal Func<TcpConnection, ConnectionHook?>? HookMaker { get; set; }

    /// <summary>Passive OPEN.</summary>
    /// <param name="address">One of the host's addresses; null or unspecified for all of them.</param>
    /// <param name="port">The port, or 0 for a free one: see <see cref="TcpListener.LocalPort"/>.</param>
    /// <param name="backlog">How many connections may wait to be accepted, and how many may be half-open.</param>
    /// <param name="options">What its connections start with; null for the stack's defaults.</param>
    /// <exception cref="System.Net.Sockets.SocketException">
    /// AddressAlreadyInUse, AddressNotAvailable, NoBufferSpaceAvailable; NetworkDown if the stack is no more.
    /// </exception>
    public TcpListener Listen(InternetAddress? address, ushort port, int backlog = 128, TcpConnectionOptions? options = null)
    {
        using StackGate.Visit visit = Gate.Enter(nameof(Listen));
        VerifyNotAbandoned();
        TcpError error = Engine.Listen(address ?? InternetAddress.AnyIpv6, port, backlog, options, Now, out EngineListener? listener);
        if (error != TcpError.None) throw SocketErrors.Listen(error, address, port);
        TcpListener handle = new(this, listener!);
        _listeners.Add(handle);
        return handle;
    }

    /// <summary>Active OPEN; completes in ESTABLISHED. Cancelling it aborts the attempt.</summary>
    /// <param name="remote">The peer's address.</param>
    /// <param name="port">The peer's port.</param>
    /// <param name="localAddress">One of the host's addresses, or null to let the stack choose.</param>
    /// <param name="localPort">The local port, or 0 for a free one.</param>
    /// <param name="options">What it starts with; null for the stack's defaults.</param>
    /// <param name="ct">Aborts the attempt.</param>
    /// <exception cref="System.Net.Sockets.SocketException">
    /// ConnectionRefused, TimedOut, HostUnreachable, NetworkUnreachable, AddressNotAvailable, AddressAlreadyInUse, NoBufferSpaceAvailable;
    /// NetworkDown if the stack is no more.
    /// </exception>
    public async ValueTask<TcpConnection> ConnectAsync(
        InternetAddress remote,
        ushort port,
        InternetAddress? localAddress = null,
        ushort localPort = 0,
        TcpConnectionOptions? options = null,
        CancellationToken ct = default)
    {
        if (ct.IsCancellationRequested) await Task.FromCanceled(ct).ConfigureAwait(false); // throws, as sockets' calls do
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
    /// <exception cref="System.Net.Sockets.SocketException">
    /// AddressNotAvailable, AddressAlreadyInUse, NoBufferSpaceAvailable; NetworkDown if the stack is no more.
    /// </exception>
    public TcpConnection BeginConnect(
        InternetAddress remote,
        ushort port,
        InternetAddress? localAddress = null,
        ushort localPort = 0,
        TcpConnectionOptions? options = null)
    {
        using StackGate.Visit visit = Gate.Enter(nameof(BeginConnect));
        VerifyNotAbandoned();
        TcpError error = Engine.Connect(remote, port, localAddress, localPort, options, Now, out EngineConnection? connection);
        if (error != TcpError.None) throw SocketErrors.Open(error);
        TcpConnection handle = new(this, connection!);
        OutputReady?.Invoke();
        return handle;
    }

    /// <summary>
    /// Completes what waited for what the engine has to tell; the owner of the stack calls it in each turn. Runs no application code
    /// itself.
    /// </summary>
    public void DeliverSignals()
    {
        using StackGate.Visit visit = Gate.Enter(nameof(DeliverSignals));
        DeliverSignalsAtGate();
    }

    internal void DeliverSignalsAtGate()
    {
        Engine.DeliverSignals(this);
        // Acted on only now: completing a read calls the engine, which is not to happen while it walks its own lists.
        for (int i = 0; i < _signals.Count; i++)
        {
            Signal signal = _signals[i];
            if (signal.Target is TcpConnection connection) connection.Signalled(signal.Signals);
            else if (signal.Target is UdpSocket socket) socket.Signalled();
            else if (signal.Target is EchoSocket echo) echo.Signalled();
            else ((TcpListener)signal.Target).Signalled();
        }
        _signals.Clear();
    }

    /// <summary>After a read: it leaves nothing but, now and then, a window update to send.</summary>
    internal void AfterRead()
    {
        if (Engine.HasOutput || Engine.HasSignals) OutputReady?.Invoke();
    }

    /// <summary>
    /// The stack is no more: whoever waits for a connection or a datagram is told, and whoever asks for another. Of its connections the
    /// engine tells.
    /// </summary>
    internal void Abandon()
    {
        _isAbandoned = true;
        foreach (TcpListener listener in _listeners.ToArray()) listener.Abandon();
        foreach (UdpSocket socket in _sockets.ToArray()) socket.Dispose();
        foreach (EchoSocket socket in _echoSockets.ToArray()) socket.Dispose();
    }

    /// <summary>A stack without an owner never has a turn: what was opened there would wait for ever.</summary>
    private void VerifyNotAbandoned()
    {
        if (!_isAbandoned) return;
        throw new System.Net.Sockets.SocketException(
            (int)System.Net.Sockets.SocketError.NetworkDown,
            "The stack is no more: its host crashed, or its network was disposed of. After a restart a host has another stack.");
    }

    /// <summary>This stack, if any thread may use it.</summary>
    /// <param name="why">What needs that, as the beginning of a sentence.</param>
    /// <exception cref="InvalidOperationException">The stack is in strict mode.</exception>
    internal TcpStack VerifyHosted(string why)
    {
        if (Gate.IsShared) return this;
        throw new InvalidOperationException(
            $"{why}, which strict mode cannot serve: use a stack in hosted mode "
            + "(for a simulated network SimulationOptions.Mode = SimulationMode.Hosted).");
    }

    internal void Forget(TcpListener listener) => _listeners.Remove(listener);

    internal void Forget(UdpSocket socket) => _sockets.Remove(socket);

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
