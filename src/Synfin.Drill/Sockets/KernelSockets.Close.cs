using System;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>close and shutdown: tcp_close(), inet_shutdown(), soclose(), soshutdown().</summary>
internal sealed partial class KernelSockets
{
    private const int ShutReceive = 0;
    private const int ShutSend = 1;
    private const int ShutBoth = 2;

    private SocketResult Close(CloseCall call, Timestamp now)
    {
        if (call.HasStarted) return Linger(call, now);
        if (!_table.Remove(call.Descriptor, out SocketEntry? entry)) return SocketResult.Error(Errnos.BadDescriptor);
        entry.Endpoint?.Close(now);
        entry.Listener?.Close(now);
        if (entry.Connection is not { } connection) return new(0);
        bool lingers = entry.LingerOn && entry.LingerSeconds > 0 && !entry.Ended
            && (IsLinux || (IsConnectedOnFreeBsd(entry) && !(entry.SendShut && entry.NonBlocking)));
        if (!CloseConnection(entry, connection, now)) return new(0);
        if (!lingers) return new(0);
        call.HasStarted = true;
        _waiting[call] = new Waiting(now, now + Duration.FromSeconds(entry.LingerSeconds), entry);
        return Linger(call, now);
    }

    /// <summary>True if it goes on in the background.</summary>
    private bool CloseConnection(SocketEntry entry, TcpConnection connection, Timestamp now)
    {
        if (connection.State is TcpState.Closed)
        {
            connection.Close(now); // nobody will read what is left
            return false;
        }
        bool abort = entry.LingerOn && entry.LingerSeconds == 0;
        if (IsLinux && connection.State is TcpState.FinWait2 && entry.Value("TCP_LINGER2", 0) < 0) abort = true;
        if (abort && connection.State is not TcpState.TimeWait)
        {
            connection.Abort(now);
            return false;
        }
        if (!IsLinux) Drain(entry, now); // tcp_disconnect() flushes so_rcv: FIN, where Linux resets
        Leave(entry, connection, now);
        return true;
    }

    /// <summary>Waits until what was sent and the FIN are acknowledged, or the time is over. The connection goes on either way.</summary>
    private SocketResult Linger(CloseCall call, Timestamp now)
    {
        (_, Timestamp until, SocketEntry? entry) = _waiting[call];
        TcpState state = entry!.Connection!.State;
        // sk_stream_wait_close() waits in these, whatever O_NONBLOCK says; soclose() while SS_ISCONNECTED, which ends with FIN-WAIT-2.
        bool closing = state is TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;
        if (!closing) return new(0);
        if (now < until) return SocketResult.Pending;
        return IsLinux ? new(0) : SocketResult.Error(Errnos.Again); // EWOULDBLOCK of tsleep()
    }

    private SocketResult Shutdown(SocketEntry entry, ShutdownCall call, Timestamp now)
    {
        if (call.How is < ShutReceive or > ShutBoth) return SocketResult.Error(Errnos.Invalid);
        if (!entry.IsStream) return ShutdownDatagrams(entry, call.How);
        return IsLinux ? ShutdownOnLinux(entry, call.How, now) : ShutdownOnFreeBsd(entry, call.How, now);
    }

    private SocketResult ShutdownOnLinux(SocketEntry entry, int how, Timestamp now)
    {
        if (entry.Phase is SocketPhase.Connecting)
        {
            bool never = entry.IsOpening || entry.State is TcpState.Closed;
            entry.Phase = never ? SocketPhase.Disconnecting : SocketPhase.Connected;
        }
        switch (entry.State)
        {
            case TcpState.Listen when how == ShutSend:
                return new(0);
            case TcpState.Listen or TcpState.SynSent:
                Disconnect(entry, now);
                entry.Phase = SocketPhase.Unconnected;
                return new(0);
            case TcpState.Closed:
                Shut(entry, how, now);
                return SocketResult.Error(Errnos.NotConnected);
            default:
                Shut(entry, how, now);
                return new(0);
        }
    }

    private static SocketResult ShutdownOnFreeBsd(SocketEntry entry, int how, Timestamp now)
    {
        if (entry.Listener is { } listener)
        {
            if (how == ShutSend) return new(0);
            listener.Close(now);
            entry.Listener = null;
            entry.Error = Errnos.Aborted;
            return new(0);
        }
        // Neither SS_ISCONNECTED, nor connecting, nor disconnecting.
        if (!IsConnectedOnFreeBsd(entry) && !entry.IsOpening) return SocketResult.Error(Errnos.NotConnected);
        Shut(entry, how, now);
        if (how != ShutSend) Drain(entry, now);
        return new(0);
    }

    private static void Shut(SocketEntry entry, int how, Timestamp now)
    {
        if (how != ShutSend) entry.ReceiveShut = entry.ReadingShut = true;
        if (how == ShutReceive && !entry.SendShut)
        {
            return;
        }
        bool first = !entry.SendShut;
        entry.SendShut = true;
        if (entry.Connection is not { } connection) return;
        if (entry.ReadingShut && entry.Kind is KernelKind.Linux) connection.StopReading();
        if (!first) return;
        connection.Shutdown(now);
    }

    /// <summary>Throws away what could be read.</summary>
    private static void Drain(SocketEntry entry, Timestamp now)
    {
        if (entry.Connection is not { } connection) return;
        Span<byte> scratch = stackalloc byte[4096];
        while (connection.Readable > 0 && connection.Receive(scratch, now, out int lost) is TcpError.None && lost > 0) entry.Read += lost;
    }
}
