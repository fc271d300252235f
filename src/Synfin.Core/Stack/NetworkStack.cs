using System.Collections.Generic;
using Synfin.Buffers;
using Synfin.Ip;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// One shard of a TCP/IP stack, without clock, thread or socket: packets and calls go in, packets and signals come out, and the time is an
/// argument. Its owner runs turns: <see cref="Input"/> for each packet, <see cref="OnTime"/>, <see cref="Output"/>,
/// <see cref="DeliverSignals"/>, then sleeps until <see cref="NextDeadline"/>, a packet or a call.
/// </summary>
public sealed partial class NetworkStack
{
    /// <summary>The send MSS of a peer that announced none over IPv4 (MUST-15).</summary>
    public const int DefaultMssIpv4 = 536;

    /// <summary>The send MSS of a peer that announced none over IPv6 (MUST-15).</summary>
    public const int DefaultMssIpv6 = 1220;

    /// <summary>A smaller path MTU is not believed (RFC 1191 allows 68, RFC 5927 7.2 and Linux 552).</summary>
    public const int MinimumPathMtuIpv4 = 552;

    /// <summary>The least MTU of IPv6 (RFC 8200 5).</summary>
    public const int MinimumPathMtuIpv6 = 1280;

    private ITcpObserver? _observer;
    private readonly ConnectionTable _connections;
    private readonly TimeWaitTable _timeWait;
    private readonly SynQueue _halfOpen;
    private readonly SynCookie _cookies;
    private readonly LoopbackLink _loopback;
    private readonly List<TcpConnection> _starved = [];
    private readonly List<TcpConnection> _held = [];
    private TcpConnection? _readyHead;
    private TcpConnection? _readyTail;
    private TcpConnection? _signalledHead;
    private TcpConnection? _signalledTail;
    private int _orphans;
    private bool _datagramNext;
    private ulong _derivedSecrets;

    /// <summary>A stack with no address yet.</summary>
    /// <param name="options">Its options and limits.</param>
    /// <param name="secret">Its only source of chance.</param>
    /// <param name="start">The time.</param>
    /// <param name="observer">Who sees what it does, if anybody.</param>
    public NetworkStack(StackOptions options, StackSecret secret, Timestamp start, ITcpObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        Secret = secret;
        Now = start;
        Mtu = options.Mtu;
        _observer = observer;
        Pages = new PagePool(options.MaxPages);
        Wheel = new TimerWheel(start);
        _connections = new ConnectionTable(secret);
        _timeWait = new TimeWaitTable(secret, options.MaxTimeWait);
        _halfOpen = new SynQueue(secret, options.MaxSynQueue);
        _cookies = new SynCookie(secret);
        _ports = new PortAllocator(secret, options.FirstEphemeralPort, options.LastEphemeralPort);
        _loopback = new LoopbackLink(options.MaxLoopbackPackets);
        _reassembly = new FragmentReassembly(options, Pages);
        _identifications = new FragmentIdentification(secret);
        _pathMtus = new PathMtuCache(secret, options.MaxPathMtus);
        _resets = new RateLimiter(options.MaxResetsPerSecond, options.MaxResetsPerSecond);
        _icmpReplies = new RateLimiter(options.MaxIcmpRepliesPerSecond, options.MaxIcmpRepliesPerSecond);
    }

    /// <summary>The options.</summary>
    public StackOptions Options { get; }

    /// <summary>
    /// Who sees what the stack does, or null for nobody; the owner may set it at any time. Several: <see cref="CompositeObserver"/>.
    /// </summary>
    public ITcpObserver? Observer
    {
        get => _observer;
        set => _observer = value;
    }

    /// <summary>
    /// Called when something begins that an observer may want to see whole: a listener, an OPEN, a half-open connection. It may set
    /// <see cref="Observer"/>, who is then told; it may not call the stack.
    /// </summary>
    public event Action? Opening;

    /// <summary>What was counted.</summary>
    public Counters Counters { get; } = new();

    /// <summary>The interface's MTU in octets; the owner of the link sets it, 576 to 65,535.</summary>
    public int Mtu { get; set; }

    /// <summary>
    /// The routes: they choose the source address and the MTU of a path, and <see cref="RoutedLink"/> the way. Empty unless the owner
    /// fills it.
    /// </summary>
    public RouteTable Routes { get; } = new();

    /// <summary>
    /// Which four-tuples are this shard's own: it chooses local ports accordingly, so that answers come to it. Null, as without shards, for
    /// all.
    /// </summary>
    public Func<FourTuple, bool>? IsHome { get; set; }

    /// <summary>Full connections (without TIME-WAIT and half-open entries).</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>TIME-WAIT entries.</summary>
    public int TimeWaitCount => _timeWait.Count;

    /// <summary>Half-open entries of listeners.</summary>
    public int SynQueueCount => _halfOpen.Count;

    /// <summary>Pages in use.</summary>
    public int PagesInUse => Pages.InUse;

    /// <summary>Connections that their application has left.</summary>
    public int OrphanCount => _orphans;

    internal Timestamp Now { get; private set; }

    internal StackSecret Secret { get; }

    internal PagePool Pages { get; }

    internal TimerWheel Wheel { get; }

    internal TcpProfile Profile => Options.Profile;

    /// <summary>When <see cref="OnTime"/> has something to do; <see cref="Timestamp.Never"/> if nothing is pending.</summary>
    public Timestamp NextDeadline => _loopback.Count > 0
        ? Now
        : Timestamp.Min(
            Timestamp.Min(Wheel.NextDeadline, _reassembly.NextDeadline), Timestamp.Min(_timeWait.NextDeadline, _halfOpen.NextDeadline));

    /// <summary>Whether <see cref="Output"/> has something to do.</summary>
    public bool HasOutput => _readyHead is not null || _readyEndpoints.Count > 0 || _replies.Count > 0 || _rawReplies.Count > 0;

    /// <summary>Whether <see cref="DeliverSignals"/> has something to tell.</summary>
    public bool HasSignals => _signalledHead is not null || _signalledListeners.Count > 0 || _signalledEndpoints.Count > 0
        || _signalledEchoes.Count > 0 || MayFeedStarved;

    private bool MayFeedStarved => _starved.Count > 0 && Pages.Available >= Math.Min(_starved.Count, Pages.MaxPages / 8 + 1);

    /// <summary>
    /// Another secret at each call, for a part of the host that needs chance of its own, such as <see cref="SecretRandom"/>; nobody can
    /// conclude from one to another.
    /// </summary>
    public StackSecret DeriveSecret()
    {
        ulong number = _derivedSecrets++;
        return new StackSecret(
            SipHash.Hash24(Secret, (ulong)HashDomain.DerivedSecret, number, 0),
            SipHash.Hash24(Secret, (ulong)HashDomain.DerivedSecret, number, 1));
    }

    /// <summary>Acts on deadlines that passed.</summary>
    public void OnTime(Timestamp now)
    {
        Advance(now);
        DrainLoopback();
        while (Wheel.Expire(now) is TcpConnection connection) connection.OnTime();
        ExpireHalfOpen();
        ExpireFragments();
        while (_timeWait.TryExpire(now, out FourTuple tuple))
        {
            TimerFired(in tuple, TcpTimerKind.TimeWait, TcpState.TimeWait, 1, Duration.Zero);
            StateChanged(in tuple, TcpState.TimeWait, TcpState.Closed, CloseReason.LocalClose);
        }
    }

    /// <summary>Sends what is ready, in turns of one (super-)segment or datagram each, until the link is full or nothing is left.</summary>
    /// <returns>True if nothing is left for the link; false if it was full.</returns>
    public bool Output(ILink link, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(link);
        Advance(now);
        bool done = OutputReplies(link) && OutputReady(link);
        foreach (TcpConnection connection in _held) EnqueueReady(connection);
        _held.Clear();
        ReleaseHeldEndpoints();
        return done;
    }

    private bool OutputReady(ILink link)
    {
        while (_readyHead is not null || _readyEndpoints.Count > 0)
        {
            bool datagram = _readyHead is null || (_datagramNext && _readyEndpoints.Count > 0);
            bool room = datagram ? OutputDatagram(link) : OutputConnection(link);
            if (!room) return false;
            _datagramNext = !datagram;
        }
        return true;
    }

    private bool OutputConnection(ILink link)
    {
        TcpConnection connection = _readyHead!;
        bool toOurselves = IsLocal(connection.Key.RemoteAddress);
        bool taken = connection.Output(toOurselves ? _loopback : link, out bool more);
        if (!taken && !toOurselves) return false;
        DequeueReady();
        if (!taken) _held.Add(connection); // until the next turn makes room there; the link is for the others
        else if (more) EnqueueReady(connection);
        return true;
    }

    /// <summary>Tells what changed since the last call, once a connection.</summary>
    public void DeliverSignals(IStackSignals handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        FeedStarved();
        while (_signalledHead is { } connection)
        {
            _signalledHead = connection.NextSignalled;
            if (_signalledHead is null) _signalledTail = null;
            connection.NextSignalled = null;
            handler.ConnectionSignalled(connection, connection.TakeSignals());
        }
        while (_signalledListeners.TryDequeue(out TcpListener? listener))
        {
            listener.Signalled = false;
            handler.ListenerSignalled(listener);
        }
        while (_signalledEndpoints.TryDequeue(out UdpEndpoint? endpoint))
        {
            endpoint.Signalled = false;
            handler.DatagramSignalled(endpoint);
        }
        while (_signalledEchoes.TryDequeue(out EchoEndpoint? echo))
        {
            echo.Signalled = false;
            handler.EchoSignalled(echo);
        }
    }

    /// <summary>Visits the full connections; the order is the table's, which depends on the secret alone.</summary>
    public void ForEachConnection(Action<TcpConnection> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        _connections.ForEach(node => visit((TcpConnection)node));
    }

    /// <summary>ABORT of all full connections, in the order of <see cref="ForEachConnection"/>; compact entries stay.</summary>
    public void AbortAll(Timestamp now)
    {
        List<TcpConnection> open = [];
        ForEachConnection(open.Add);
        foreach (TcpConnection connection in open) connection.Abort(now);
    }

    /// <summary>The state of a four-tuple: a full connection, a half-open or a TIME-WAIT entry, LISTEN or CLOSED.</summary>
    public TcpState StateOf(in FourTuple tuple)
    {
        if (_connections.Find(in tuple) is TcpConnection connection) return connection.State;
        if (_timeWait.Find(in tuple) >= 0) return TcpState.TimeWait;
        if (_halfOpen.Find(in tuple) >= 0) return TcpState.SynReceived;
        return FindListener(tuple.LocalAddress, tuple.LocalPort) is null ? TcpState.Closed : TcpState.Listen;
    }

    /// <summary>Checks every invariant; for tests and simulations.</summary>
    /// <exception cref="InvalidOperationException">One does not hold; the message says which.</exception>
    public void CheckInvariants()
    {
        _connections.ForEach(static node => ((TcpConnection)node).CheckInvariants());
        if (_timeWait.Count > Options.MaxTimeWait || _halfOpen.Count > Options.MaxSynQueue || Pages.InUse > Options.MaxPages)
            throw new InvalidOperationException("a limit of StackOptions is exceeded");
        if (_orphans < 0) throw new InvalidOperationException("more orphans have ended than there were");
        CheckUdpInvariants();
        CheckIpInvariants();
        CheckCounts();
    }

    /// <summary>What the counters say of each state is what the tables hold.</summary>
    private void CheckCounts()
    {
        Span<int> held = stackalloc int[Counters.States];
        held.Clear();
        held[(int)TcpState.Listen] = _listenersByPort.Count;
        held[(int)TcpState.SynReceived] = _halfOpen.Count;
        held[(int)TcpState.TimeWait] = _timeWait.Count;
        _connections.CountStates(held);
        for (TcpState state = 0; (int)state < Counters.States; state++)
        {
            if (Counters.InState(state) == held[(int)state]) continue;
            throw new InvalidOperationException(
                $"the counters have {Counters.InState(state)} in {state.ToRfcName()}, the tables {held[(int)state]}");
        }
    }

    internal void Advance(Timestamp now)
    {
        if (now > Now) Now = now; // a clock that steps back stands still here
    }

    internal void EnqueueReady(TcpConnection connection)
    {
        if ((connection.Flags & ConnectionFlags.Ready) != 0) return;
        connection.Flags |= ConnectionFlags.Ready;
        if (_readyTail is null) _readyHead = connection;
        else _readyTail.NextReady = connection;
        _readyTail = connection;
    }

    private void DequeueReady()
    {
        TcpConnection connection = _readyHead!;
        _readyHead = connection.NextReady;
        if (_readyHead is null) _readyTail = null;
        connection.NextReady = null;
        connection.Flags &= ~ConnectionFlags.Ready;
    }

    internal void EnqueueSignalled(TcpConnection connection)
    {
        if (_signalledTail is null) _signalledHead = connection;
        else _signalledTail.NextSignalled = connection;
        _signalledTail = connection;
    }

    /// <summary>The connection leaves the protocol: no segment finds it, no deadline fires.</summary>
    internal void Remove(TcpConnection connection)
    {
        if ((connection.Flags & ConnectionFlags.InTable) == 0) return;
        connection.Flags &= ~ConnectionFlags.InTable;
        if ((connection.Flags & ConnectionFlags.OrphanCounted) != 0) _orphans--;
        Wheel.Cancel(connection);
        _connections.Remove(connection);
    }

    private void Add(TcpConnection connection)
    {
        connection.Flags |= ConnectionFlags.InTable;
        _connections.Add(connection);
    }

    internal bool AdmitOrphan(TcpConnection connection)
    {
        if (_orphans >= Options.MaxOrphans) return false;
        _orphans++;
        connection.Flags |= ConnectionFlags.OrphanCounted;
        return true;
    }

    /// <summary>The page pool ran dry under a SEND: the connection is told when there are pages again.</summary>
    internal void Starve(TcpConnection connection)
    {
        if ((connection.Flags & ConnectionFlags.Starved) != 0) return;
        connection.Flags |= ConnectionFlags.Starved;
        _starved.Add(connection);
    }

    private void FeedStarved()
    {
        if (!MayFeedStarved) return;
        foreach (TcpConnection connection in _starved)
        {
            connection.Flags &= ~ConnectionFlags.Starved;
            connection.PagesAvailable();
        }
        _starved.Clear();
    }
}
