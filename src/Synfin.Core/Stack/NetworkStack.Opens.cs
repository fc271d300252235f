using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>OPEN, active and passive (RFC 9293 3.10.1), and the host's addresses and ports.</summary>
public sealed partial class NetworkStack
{
    private readonly PortAllocator _ports;
    private readonly List<InternetAddress> _addresses = [];
    private readonly List<TcpListener?> _listeners = [];
    private readonly Dictionary<(InternetAddress Address, ushort Port), TcpListener> _listenersByPort = [];
    private readonly Queue<TcpListener> _signalledListeners = new();

    /// <summary>Gives the host an address.</summary>
    /// <exception cref="ArgumentException">Not a unicast address.</exception>
    public void AddAddress(InternetAddress address)
    {
        if (!IsUnicast(address)) throw new ArgumentException($"{address} is no unicast address", nameof(address));
        if (!_addresses.Contains(address)) _addresses.Add(address);
    }

    /// <summary>Takes an address away; connections keep it (MUST-45).</summary>
    public void RemoveAddress(InternetAddress address) => _addresses.Remove(address);

    /// <summary>The addresses that the host was given, in their order.</summary>
    public IReadOnlyList<InternetAddress> Addresses => _addresses;

    /// <summary>Whether the host has the address; the loopback addresses are always its own.</summary>
    public bool IsLocal(InternetAddress address)
    {
        foreach (InternetAddress own in _addresses)
        {
            if (own == address) return true;
        }
        return address.IsLoopback;
    }

    /// <summary>The MTU towards a peer, as far as the host itself knows it.</summary>
    private int FirstHopMtu(InternetAddress remote)
    {
        if (IsLocal(remote)) return _loopback.Mtu;
        return Routes.TryFind(remote, out Route? route) && route.Mtu > 0 ? Math.Min(route.Mtu, Mtu) : Mtu;
    }

    /// <summary>The MTU towards a peer, with what ICMP has said about the path.</summary>
    internal int PathMtu(InternetAddress remote) => _pathMtus.Find(remote, FirstHopMtu(remote), Now);

    /// <summary>ICMP about a packet of ours said how large it might have been (RFC 1191, RFC 8201).</summary>
    internal void LearnPathMtu(InternetAddress remote, int mtu)
    {
        if (!IsLocal(remote)) _pathMtus.Learn(remote, mtu, PathMtu(remote), Now);
    }

    /// <summary>
    /// The MSS that we announce to a peer (MUST-67, SHLD-6, MAY-3): IP and TCP headers off the MTU, options not counted (RFC 6691). The
    /// way back may be another one, so what is known of the way there does not count (RFC 1191 3.1).
    /// </summary>
    internal ushort ReceiveMss(InternetAddress remote) =>
        (ushort)(FirstHopMtu(remote) - (remote.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length) - TcpHeader.MinimumLength);

    /// <summary>The same, but no more than the application asked for.</summary>
    internal ushort ReceiveMss(InternetAddress remote, TcpConnectionOptions options)
    {
        ushort mss = ReceiveMss(remote);
        return options.AnnouncedSegmentSize > 0 ? (ushort)Math.Min(mss, options.AnnouncedSegmentSize) : mss;
    }

    /// <summary>Passive OPEN (RFC 9293 3.9.1.1).</summary>
    /// <param name="localAddress">One of the host's addresses, or unspecified: 0.0.0.0 for IPv4, :: for both families.</param>
    /// <param name="port">The port, 1 to 65,535; 0 takes a free one.</param>
    /// <param name="backlog">How many connections may wait to be accepted, and how many may be half-open; at least 1.</param>
    /// <param name="connectionOptions">What its connections start with; null for the stack's defaults.</param>
    /// <param name="now">The time.</param>
    /// <param name="listener">The listener.</param>
    public TcpError Listen(
        InternetAddress localAddress,
        ushort port,
        int backlog,
        TcpConnectionOptions? connectionOptions,
        Timestamp now,
        out TcpListener? listener)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(backlog, 1);
        connectionOptions?.Validate();
        Advance(now);
        listener = null;
        if (!localAddress.IsUnspecified && !IsLocal(localAddress)) return TcpError.InvalidLocalAddress; // MUST-43
        if (port == 0)
        {
            var free = new ListenPredicate(this, localAddress);
            if (!_ports.TryChoose(localAddress, InternetAddress.AnyIpv6, 0, ref free, out port)) return TcpError.NoPortAvailable;
        }
        // MUST-41, MUST-42: others are left alone
        if (_listenersByPort.ContainsKey((localAddress, port))) return TcpError.ConnectionAlreadyExists;
        int id = _listeners.IndexOf(null);
        if (id < 0)
        {
            id = _listeners.Count;
            _listeners.Add(null);
        }
        listener = new TcpListener(this, id, localAddress, port, backlog, connectionOptions ?? Options.ConnectionDefaults);
        _listeners[id] = listener;
        _listenersByPort.Add((localAddress, port), listener);
        UserCalled(new FourTuple(localAddress, port, default, 0), UserCall.Listen, TcpState.Closed, 0, TcpError.None);
        StateChanged(new FourTuple(localAddress, port, default, 0), TcpState.Closed, TcpState.Listen, CloseReason.None);
        return TcpError.None;
    }

    /// <summary>Active OPEN (RFC 9293 3.9.1.1).</summary>
    /// <param name="remoteAddress">The peer's address.</param>
    /// <param name="remotePort">The peer's port, 1 to 65,535.</param>
    /// <param name="localAddress">One of the host's addresses, or null to let the stack choose (MUST-44).</param>
    /// <param name="localPort">The port, or 0 for a free one (RFC 6056).</param>
    /// <param name="connectionOptions">What it starts with; null for the stack's defaults.</param>
    /// <param name="now">The time.</param>
    /// <param name="connection">The connection, in SYN-SENT.</param>
    public TcpError Connect(
        InternetAddress remoteAddress,
        ushort remotePort,
        InternetAddress? localAddress,
        ushort localPort,
        TcpConnectionOptions? connectionOptions,
        Timestamp now,
        out TcpConnection? connection)
    {
        connectionOptions?.Validate();
        Advance(now);
        connection = null;
        bool toOne = IsUnicast(remoteAddress) && !IsBroadcast(remoteAddress);
        if (!toOne || remotePort == 0) return TcpError.InvalidRemoteAddress; // MUST-46
        if (!TryChooseSource(remoteAddress, localAddress, out InternetAddress source)) return TcpError.InvalidLocalAddress;
        if (_connections.Count >= Options.MaxConnections) return TcpError.InsufficientResources;
        if (localPort == 0)
        {
            var free = new ConnectPredicate(this, source, remoteAddress, remotePort);
            if (!_ports.TryChoose(source, remoteAddress, remotePort, ref free, out localPort)) return TcpError.NoPortAvailable;
        }
        var tuple = new FourTuple(source, localPort, remoteAddress, remotePort);
        if (IsTaken(in tuple, out int old)) return TcpError.ConnectionAlreadyExists;
        SequenceNumber iss = InitialSequenceNumber.Choose(Secret, in tuple, Now);
        if (old >= 0)
        {
            iss = SequenceNumber.Max(iss, _timeWait[old].SndNxt + ReuseDistance);
            Counters.TimeWaitReused++;
            EndTimeWait(old, CloseReason.LocalClose);
        }
        connection = new TcpConnection(this, in tuple, connectionOptions ?? Options.ConnectionDefaults, listener: null);
        Add(connection);
        Counters.ActiveOpens++;
        UserCalled(in tuple, UserCall.Open, TcpState.Closed, 0, TcpError.None);
        connection.OpenActively(iss);
        return TcpError.None;
    }

    /// <summary>
    /// Whether an OPEN must leave the four-tuple alone; if not, <paramref name="old"/> is a TIME-WAIT entry to replace, or -1.
    /// </summary>
    private bool IsTaken(in FourTuple tuple, out int old)
    {
        uint hash = _connections.Hash(in tuple);
        old = _timeWait.Find(in tuple, hash);
        return _connections.Find(in tuple, hash) is not null || _halfOpen.Find(in tuple, hash) >= 0 || (old >= 0 && !MayReuse(old));
    }

    /// <summary>RFC 6191 from the opening side: timestamps tell the new connection's segments from the old one's after a second.</summary>
    private bool MayReuse(int timeWaitIndex)
    {
        bool timestamps = (_timeWait[timeWaitIndex].Flags & TimeWaitFlags.Timestamps) != 0;
        Timestamp since = _timeWait.DeadlineOf(timeWaitIndex) - Profile.TimeWait;
        return timestamps && Profile.Timestamps && Now - since > Duration.FromSeconds(1);
    }

    /// <summary>
    /// MUST-44: the route's address, or the first of our addresses of the peer's family, but rather one whose scope reaches the peer, and
    /// over IPv6 the one nearest to it (RFC 6724 5). An own address speaks to itself.
    /// </summary>
    private bool TryChooseSource(InternetAddress remote, InternetAddress? wanted, out InternetAddress source)
    {
        source = wanted ?? default;
        if (wanted is { IsUnspecified: false } address)
        {
            bool staysHere = !address.IsLoopback || IsLocal(remote); // 127/8 never leaves the host (RFC 1122 3.2.1.3)
            return address.IsIpv4 == remote.IsIpv4 && IsLocal(address) && staysHere;
        }
        if (IsLocal(remote))
        {
            source = remote;
            return true;
        }
        bool found = false, byRoute = false;
        if (Routes.TryFind(remote, out Route? route) && route.Source is { } preferred && IsLocal(preferred))
        {
            source = preferred;
            found = byRoute = true;
        }
        foreach (InternetAddress own in _addresses)
        {
            if (own.IsIpv4 != remote.IsIpv4) continue;
            bool better = byRoute
                ? SourceSelection.HasBetterScope(own, source, remote)
                : !found || SourceSelection.IsBetter(own, source, remote);
            if (!better) continue;
            source = own;
            found = true;
            byRoute = false;
        }
        return found;
    }

    private TcpListener? FindListener(InternetAddress address, ushort port)
    {
        if (_listenersByPort.Count == 0) return null;
        if (_listenersByPort.TryGetValue((address, port), out TcpListener? listener)) return listener;
        if (address.IsIpv4 && _listenersByPort.TryGetValue((InternetAddress.AnyIpv4, port), out listener)) return listener;
        return _listenersByPort.TryGetValue((InternetAddress.AnyIpv6, port), out listener) ? listener : null;
    }

    internal void Close(TcpListener listener)
    {
        _listeners[listener.Id] = null;
        _listenersByPort.Remove((listener.LocalAddress, listener.LocalPort));
        ForgetAll(listener);
        StateChanged(new FourTuple(listener.LocalAddress, listener.LocalPort, default, 0), TcpState.Listen, TcpState.Closed,
            CloseReason.LocalClose);
    }

    internal void EnqueueSignalled(TcpListener listener) => _signalledListeners.Enqueue(listener);

    private readonly struct ListenPredicate(NetworkStack stack, InternetAddress address) : IPortPredicate
    {
        public bool IsFree(ushort port) => !stack._listenersByPort.ContainsKey((address, port));
    }

    /// <summary>
    /// Free for this peer: no connection, none closing, no TIME-WAIT that must be left alone, no listener, not ourselves.
    /// </summary>
    private readonly struct ConnectPredicate(NetworkStack stack, InternetAddress local, InternetAddress remote, ushort remotePort)
        : IPortPredicate
    {
        public bool IsFree(ushort port)
        {
            if (local == remote && port == remotePort) return false; // a self-connect is only made on purpose
            var tuple = new FourTuple(local, port, remote, remotePort);
            if (stack.IsHome is { } isHome && !isHome(tuple)) return false;
            if (stack.IsTaken(in tuple, out _)) return false;
            return stack.FindListener(local, port) is null;
        }
    }
}
