using System;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>socket, bind, listen, accept.</summary>
internal sealed partial class KernelSockets
{
    private SocketResult Open(SocketOpenCall call)
    {
        TcpConnectionOptions defaults = _stack.Options.ConnectionDefaults;
        var entry = new SocketEntry(_kind, call.Ipv6, call.Stream)
        {
            NonBlocking = call.NonBlocking,
            BoundAddress = Any(call.Ipv6),
            Options = defaults with
            {
                UrgentInline = true, // the mark is handled here, as tcp_recvmsg() does
                KeepAliveTime = _settings.KeepAliveTime,
                KeepAliveInterval = _settings.KeepAliveInterval,
                KeepAliveProbes = Math.Max(2, _settings.KeepAliveProbes),
                FinWait2 = _settings.FinTimeout,
                OpenTimeout = IsLinux ? null : _settings.KeepAliveInitial,
            },
        };
        return new(Install(call.Descriptor, entry));
    }

    private static InternetAddress Any(bool ipv6) => ipv6 ? InternetAddress.AnyIpv6 : InternetAddress.AnyIpv4;

    private SocketResult Bind(SocketEntry entry, BindCall call, Timestamp now)
    {
        if (call.EndPoint is not { } endPoint) return SocketResult.Error(Errnos.Invalid);
        if (!TryRead(entry, endPoint, out InternetAddress address)) return SocketResult.Error(Errnos.FamilyNotSupported);
        bool unusable = entry.BoundPort != 0 || entry.State is not TcpState.Closed || (!IsLinux && entry.Ended);
        if (address.IsUnspecified && entry.Ipv6 && address.IsIpv4) address = InternetAddress.AnyIpv4; // ::ffff:0.0.0.0
        if (IsLinux && !MayBindTo(entry, address)) return SocketResult.Error(Errnos.AddressNotAvailable);
        if (unusable) return SocketResult.Error(Errnos.Invalid);
        if (!MayBindTo(entry, address)) return SocketResult.Error(Errnos.AddressNotAvailable);
        ushort port = (ushort)endPoint.Port;
        if (!entry.IsStream) return BindDatagrams(entry, address, port, now);
        if (port == 0)
        {
            if (!TryFindPort(entry, address, out port)) return SocketResult.Error(Errnos.AddressInUse);
        }
        else if (IsInUse(entry, address, port, listening: false))
        {
            return SocketResult.Error(Errnos.AddressInUse);
        }
        entry.BoundAddress = address;
        entry.BoundPort = port;
        entry.AddressLocked = !address.IsUnspecified;
        entry.PortLocked = endPoint.Port != 0;
        return new(0);
    }

    private bool MayBindTo(SocketEntry entry, InternetAddress address) =>
        address.IsUnspecified || _stack.IsLocal(address) || (!entry.IsStream && address.IsMulticast);

    /// <summary>A port of the ephemeral range that nothing holds: the lowest, so that a script's run is the same each time.</summary>
    private bool TryFindPort(SocketEntry entry, InternetAddress address, out ushort port)
    {
        for (int candidate = _settings.FirstEphemeralPort; candidate <= _settings.LastEphemeralPort; candidate++)
        {
            port = (ushort)candidate;
            if (!IsInUse(entry, address, port, listening: true)) return true;
        }
        port = 0;
        return false;
    }

    /// <summary>
    /// inet_csk_bind_conflict(), in_pcbbind(): whoever has the port keeps it, unless both sockets said SO_REUSEADDR and the other one does
    /// not listen, or both said SO_REUSEPORT. Connections and TIME-WAIT count with the option of their listener.
    /// </summary>
    private bool IsInUse(SocketEntry entry, InternetAddress address, ushort port, bool listening)
    {
        foreach (SocketEntry other in _table.Values)
        {
            if (Conflicts(other)) return true;
        }
        foreach (SocketEntry other in _left)
        {
            if (Conflicts(other)) return true;
        }
        return false;

        bool Conflicts(SocketEntry other)
        {
            if (other == entry || !other.IsStream || other.BoundPort != port || !Overlap(other.BoundAddress, address)) return false;
            if (entry.ReusePort && other.ReusePort) return false;
            bool tolerated = entry.ReuseAddress && other.ReuseAddress && other.State is not TcpState.Listen;
            // FreeBSD tolerates connections of others without being asked: in_pcblookup_local() finds sockets without a peer.
            if (!IsLinux && other.Connection is not null && entry.ReuseAddress) tolerated = true;
            return !tolerated || (listening && other.State is TcpState.Listen);
        }
    }

    private static bool Overlap(InternetAddress a, InternetAddress b)
    {
        if (a == InternetAddress.AnyIpv6 || b == InternetAddress.AnyIpv6) return true; // both families
        return a.IsIpv4 == b.IsIpv4 && (a == b || a.IsUnspecified || b.IsUnspecified);
    }

    private SocketResult Listen(SocketEntry entry, ListenCall call, Timestamp now)
    {
        if (!entry.IsStream) return SocketResult.Error(Errnos.NotSupported);
        int backlog = call.Backlog < 0 || call.Backlog > _settings.MaxBacklog ? _settings.MaxBacklog : call.Backlog;
        backlog = Math.Max(1, backlog); // a queue of 0 takes one connection, and so does the engine's of 1 half-open one
        if (entry.Listener is { } listener)
        {
            listener.Backlog = backlog; // once it listens, this is all that listen(2) changes
            return new(0);
        }
        bool fresh = entry.State is TcpState.Closed && entry.Phase is SocketPhase.Unconnected && entry.Connection is null;
        if (!fresh) return SocketResult.Error(Errnos.Invalid);
        if (entry.BoundPort == 0)
        {
            if (!TryFindPort(entry, entry.BoundAddress, out ushort port)) return SocketResult.Error(Errnos.AddressInUse);
            entry.BoundPort = port;
        }
        else if (IsLinux ? IsInUse(entry, entry.BoundAddress, entry.BoundPort, listening: true) : IsHeardByOthers(entry))
        {
            return SocketResult.Error(Errnos.AddressInUse);
        }
        TcpError error = _stack.Listen(entry.BoundAddress, entry.BoundPort, backlog, entry.Options, now, out TcpListener? opened);
        if (error is not TcpError.None) return SocketResult.Error(Errnos.Of(error, _kind)!);
        entry.Listener = opened;
        return new(0);
    }

    private bool IsHeardByOthers(SocketEntry entry)
    {
        foreach (SocketEntry other in _table.Values)
        {
            bool same = other != entry && other.Listener is not null && other.BoundPort == entry.BoundPort;
            if (same && other.BoundAddress == entry.BoundAddress) return true;
        }
        return false;
    }

    private SocketResult Accept(SocketEntry entry, AcceptCall call, Timestamp now)
    {
        if (!entry.IsStream) return SocketResult.Error(IsLinux ? Errnos.NotSupported : Errnos.Invalid);
        if (entry.Listener is not { } listener)
        {
            // A BSD listener that was shut down says so once.
            return SocketResult.Error(!IsLinux && entry.TakeError() is { } error ? error : Errnos.Invalid);
        }
        if (!IsLinux && entry.TakeError() is { } aborted) return SocketResult.Error(aborted);
        if (listener.Accept(now, out TcpConnection? connection) is not TcpError.None || connection is null)
            return entry.NonBlocking ? SocketResult.Error(Errnos.Again) : SocketResult.Pending;
        SocketEntry accepted = Inherit(entry, connection);
        accepted.NonBlocking = call.NonBlocking || (!IsLinux && entry.NonBlocking); // BSD's sockets inherit it
        accepted.Refresh(now);
        if (!IsLinux && accepted.Ended && accepted.Error is not null)
        {
            return SocketResult.Error(Errnos.Aborted); // tcp_usr_accept(): reset while it waited. Linux hands it out.
        }
        call.Peer = Show(accepted, connection.Tuple.RemoteAddress, connection.Tuple.RemotePort);
        return new(Install(call.NewDescriptor, accepted));
    }

    /// <summary>A connection of a listener has its options (sk_clone_lock(), sonewconn()).</summary>
    private SocketEntry Inherit(SocketEntry from, TcpConnection connection)
    {
        var entry = new SocketEntry(_kind, from.Ipv6, stream: true)
        {
            Options = connection.Options,
            Connection = connection,
            Phase = SocketPhase.Connected,
            BoundAddress = connection.Tuple.LocalAddress,
            BoundPort = connection.Tuple.LocalPort,
            ReuseAddress = from.ReuseAddress,
            ReusePort = from.ReusePort,
            LingerOn = from.LingerOn,
            LingerSeconds = from.LingerSeconds,
            OutOfBandInline = from.OutOfBandInline,
            CongestionControl = from.CongestionControl,
        };
        foreach ((string name, long value) in from.Values) entry.Values[name] = value;
        return entry;
    }
}
