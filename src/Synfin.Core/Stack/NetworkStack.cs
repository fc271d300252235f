using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// One shard of a TCP/IP stack, without clock, thread or socket: packets and calls go in, packets and signals come out, and the time is an
/// argument. Its owner runs turns: <see cref="Input"/> for each packet, <see cref="OnTime"/>, <see cref="Output"/>,
/// <see cref="DeliverSignals"/>, then sleeps until <see cref="NextDeadline"/>, a packet or a call.
/// </summary>
public sealed partial class NetworkStack(StackOptions options, StackSecret secret, Timestamp start, ITcpObserver? observer = null)
{
    /// <summary>The options.</summary>
    public StackOptions Options { get; } = options;

    /// <summary>What was counted.</summary>
    public Counters Counters { get; } = new();

    /// <summary>Gives the host an address.</summary>
    public void AddAddress(InternetAddress address) => throw new UnreachableException();

    /// <summary>Takes an address away; connections keep it (MUST-45).</summary>
    public void RemoveAddress(InternetAddress address) => throw new UnreachableException();

    /// <summary>A packet arrived.</summary>
    public void Input(ReadOnlySpan<byte> packet, ReceiveMetadata metadata, Timestamp now) => throw new UnreachableException();

    /// <summary>Acts on deadlines that passed.</summary>
    public void OnTime(Timestamp now) => throw new UnreachableException();

    /// <summary>Sends what is ready, round-robin, until the link is full or nothing is left.</summary>
    /// <returns>True if nothing is left; false if the link was full.</returns>
    public bool Output(ILink link, Timestamp now) => throw new UnreachableException();

    /// <summary>Whether <see cref="Output"/> has something to do.</summary>
    public bool HasOutput => throw new UnreachableException();

    /// <summary>When <see cref="OnTime"/> has something to do; <see cref="Timestamp.Never"/> if nothing is pending.</summary>
    public Timestamp NextDeadline => throw new UnreachableException();

    /// <summary>Tells what changed since the last call, once a connection.</summary>
    public void DeliverSignals(IStackSignals handler) => throw new UnreachableException();

    /// <summary>Passive OPEN (RFC 9293 3.9.1.1).</summary>
    /// <param name="localAddress">One of the host's addresses, or unspecified for all of them (both families).</param>
    /// <param name="port">The port, 1 to 65,535; 0 takes a free one.</param>
    /// <param name="backlog">How many connections may wait to be accepted, and how many may be half-open.</param>
    /// <param name="connectionOptions">What its connections start with; null for the stack's defaults.</param>
    /// <param name="now">The time.</param>
    /// <param name="listener">The listener.</param>
    public TcpError Listen(InternetAddress localAddress, ushort port, int backlog, TcpConnectionOptions? connectionOptions, Timestamp now, out TcpListener? listener) => throw new UnreachableException();

    /// <summary>Active OPEN (RFC 9293 3.9.1.1).</summary>
    /// <param name="remoteAddress">The peer's address.</param>
    /// <param name="remotePort">The peer's port.</param>
    /// <param name="localAddress">One of the host's addresses, or null to let the stack choose (MUST-44).</param>
    /// <param name="localPort">The port, or 0 for a free one (RFC 6056).</param>
    /// <param name="connectionOptions">What it starts with; null for the stack's defaults.</param>
    /// <param name="now">The time.</param>
    /// <param name="connection">The connection, in SYN-SENT.</param>
    public TcpError Connect(InternetAddress remoteAddress, ushort remotePort, InternetAddress? localAddress, ushort localPort, TcpConnectionOptions? connectionOptions, Timestamp now, out TcpConnection? connection) => throw new UnreachableException();

    /// <summary>Full connections (without TIME-WAIT and half-open entries).</summary>
    public int ConnectionCount => throw new UnreachableException();

    /// <summary>TIME-WAIT entries.</summary>
    public int TimeWaitCount => throw new UnreachableException();

    /// <summary>Half-open entries of listeners.</summary>
    public int SynQueueCount => throw new UnreachableException();

    /// <summary>Pages in use.</summary>
    public int PagesInUse => throw new UnreachableException();

    /// <summary>The state of a four-tuple: a full connection, a half-open or a TIME-WAIT entry, LISTEN or CLOSED.</summary>
    public TcpState StateOf(in FourTuple tuple) => throw new UnreachableException();

    /// <summary>Visits the full connections, in the order of their creation, for status displays.</summary>
    public void ForEachConnection(Action<TcpConnection> visit) => throw new UnreachableException();

    /// <summary>Checks every invariant; for tests and simulations. Throws <see cref="InvalidOperationException"/> with what is wrong.</summary>
    public void CheckInvariants() => throw new UnreachableException();
}
