using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>connect: __inet_stream_connect() and soconnectat().</summary>
internal sealed partial class KernelSockets
{
    private SocketResult Connect(SocketEntry entry, ConnectCall call, Timestamp now)
    {
        if (!entry.IsStream) return ConnectDatagrams(entry, call, now);
        return IsLinux ? ConnectOnLinux(entry, call, now) : ConnectOnFreeBsd(entry, call, now);
    }

    private SocketResult ConnectOnLinux(SocketEntry entry, ConnectCall call, Timestamp now)
    {
        if (call.EndPoint is null)
        {
            Disconnect(entry, now);
            entry.Phase = SocketPhase.Unconnected;
            return new(0);
        }
        if (!call.HasStarted)
        {
            if (entry.Phase is SocketPhase.Disconnecting) return SocketResult.Error(Errnos.Invalid);
            if (entry.Phase is SocketPhase.Connected) return SocketResult.Error(Errnos.Connected);
            string waits = Errnos.Already;
            if (entry.Phase is SocketPhase.Unconnected)
            {
                if (entry.State is not TcpState.Closed) return SocketResult.Error(Errnos.Connected);
                if (OpenActively(entry, call, now) is { } error) return SocketResult.Error(error);
                entry.Phase = SocketPhase.Connecting;
                waits = Errnos.InProgress;
            }
            if (entry.IsOpening && entry.NonBlocking) return SocketResult.Error(waits);
            call.HasStarted = true;
        }
        if (entry.IsOpening) return SocketResult.Pending;
        if (entry.State is TcpState.Closed)
        {
            string error = entry.TakeError() ?? Errnos.Aborted;
            Disconnect(entry, now);
            entry.Phase = SocketPhase.Unconnected;
            return SocketResult.Error(error);
        }
        entry.Phase = SocketPhase.Connected;
        return new(0);
    }

    private SocketResult ConnectOnFreeBsd(SocketEntry entry, ConnectCall call, Timestamp now)
    {
        if (entry.Listener is not null) return SocketResult.Error(Errnos.NotSupported);
        if (!call.HasStarted)
        {
            if (entry.IsOpening) return SocketResult.Error(Errnos.Already);
            if (IsConnectedOnFreeBsd(entry)) return SocketResult.Error(Errnos.Connected);
            if (entry.Connection is not null) return SocketResult.Error(Errnos.Refused); // INP_DROPPED: a socket connects once
            if (call.EndPoint is null) return SocketResult.Error(Errnos.FamilyNotSupported);
            entry.Error = null;
            if (OpenActively(entry, call, now) is { } error) return SocketResult.Error(error);
            if (entry.IsOpening && entry.NonBlocking) return SocketResult.Error(Errnos.InProgress);
            call.HasStarted = true;
        }
        if (entry.IsOpening) return SocketResult.Pending;
        return entry.TakeError() is { } failed ? SocketResult.Error(failed) : new(0);
    }

    /// <summary>SS_ISCONNECTED: from ESTABLISHED on, until soisdisconnected().</summary>
    private static bool IsConnectedOnFreeBsd(SocketEntry entry) => entry.State switch
    {
        TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck => true,
        TcpState.FinWait2 => !entry.ReadingShut,
        TcpState.Closed or TcpState.Listen or TcpState.SynSent or TcpState.SynReceived or TcpState.TimeWait => false,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>tcp_v4_connect(), tcp_connect(): the errno, or null if the SYN is on its way.</summary>
    private string? OpenActively(SocketEntry entry, ConnectCall call, Timestamp now)
    {
        if (!TryRead(entry, call.EndPoint!, out InternetAddress remote)) return Errnos.FamilyNotSupported;
        if (RefusedDestination(remote) is { } refused) return refused;
        if (call.EndPoint!.Port == 0) return IsLinux ? Errnos.Refused : Errnos.AddressNotAvailable;
        InternetAddress? local = entry.BoundAddress.IsUnspecified ? null : entry.BoundAddress;
        if (local is { } bound && bound.IsIpv4 != remote.IsIpv4) return IsLinux ? Errnos.NetworkUnreachable : Errnos.Invalid;
        TcpError error = _stack.Connect(
            remote, (ushort)call.EndPoint.Port, local, entry.BoundPort, entry.Options, now, out TcpConnection? connection);
        switch (error)
        {
            case TcpError.None:
                break;
            case TcpError.InvalidLocalAddress:
                return local is null ? Errnos.NetworkUnreachable : Errnos.Invalid; // no route; a source that may not leave the host
            case TcpError.ConnectionAlreadyExists:
                return IsLinux ? Errnos.AddressNotAvailable : Errnos.AddressInUse;
            default:
                return Errnos.Of(error, _kind);
        }
        entry.Forget();
        entry.Error = null;
        entry.SoftErrorTold = TcpError.None;
        entry.Connection = connection;
        entry.BoundAddress = connection!.Tuple.LocalAddress;
        entry.BoundPort = connection.Tuple.LocalPort;
        return null;
    }

    private string? RefusedDestination(InternetAddress remote)
    {
        if (!remote.IsMulticast && !remote.IsLimitedBroadcast) return null;
        if (IsLinux) return Errnos.NetworkUnreachable;
        return remote.IsMulticast ? Errnos.FamilyNotSupported : Errnos.Access;
    }

    /// <summary>tcp_disconnect(): the socket is as it was after bind(2), but for its error.</summary>
    private void Disconnect(SocketEntry entry, Timestamp now)
    {
        if (entry.Listener is { } listener)
        {
            listener.Close(now);
            entry.Listener = null;
        }
        if (entry.Connection is { } connection)
        {
            TcpState state = connection.State;
            bool reset = state is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.CloseWait
                or TcpState.SynReceived or TcpState.SynSent;
            if (reset) entry.Error = Errnos.Reset;
            if (state is TcpState.TimeWait) Leave(entry, connection, now);
            else connection.Abort(now);
        }
        entry.Forget();
    }

    /// <summary>The connection goes on without its socket, and keeps its port.</summary>
    private void Leave(SocketEntry entry, TcpConnection connection, Timestamp now)
    {
        connection.Close(now);
        _left.Add(new SocketEntry(_kind, entry.Ipv6, stream: true)
        {
            Options = connection.Options,
            Connection = connection,
            BoundAddress = connection.Tuple.LocalAddress,
            BoundPort = connection.Tuple.LocalPort,
            ReuseAddress = entry.ReuseAddress,
            ReusePort = entry.ReusePort,
            ReceiveShut = true,
            SendShut = true,
        });
    }
}
