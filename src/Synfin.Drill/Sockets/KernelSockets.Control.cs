using System;
using System.Net;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>fcntl, ioctl, getsockname, getpeername.</summary>
internal sealed partial class KernelSockets
{
    private const int ReadWrite = 2;
    private const int NonBlockFlagOnLinux = 0x800;
    private const int NonBlockFlagOnFreeBsd = 0x4;

    /// <summary>F_GETFL tells O_RDWR and O_NONBLOCK; F_SETFL changes the latter alone.</summary>
    private SocketResult FileControl(SocketEntry entry, FileControlCall call)
    {
        if (call.NonBlocking is { } nonBlocking)
        {
            entry.NonBlocking = nonBlocking;
            return new(0);
        }
        int flag = IsLinux ? NonBlockFlagOnLinux : NonBlockFlagOnFreeBsd;
        return new(ReadWrite | (entry.NonBlocking ? flag : 0));
    }

    private SocketResult IoControl(SocketEntry entry, IoControlCall call)
    {
        bool input = call.Request is "SIOCINQ" or "FIONREAD" or "TIOCINQ";
        bool output = call.Request is "SIOCOUTQ" or "TIOCOUTQ" or "SIOCOUTQNSD" or "FIONWRITE";
        bool mark = call.Request is "SIOCATMARK";
        if (!input && !output && !mark) return SocketResult.Error(Errnos.NotTerminal);
        if (!entry.IsStream)
        {
            if (mark) return SocketResult.Error(Errnos.NotTerminal);
            call.Answer = input ? NextDatagram(entry) : entry.Endpoint?.SendQueueOctets ?? 0;
            return new(0);
        }
        if (entry.Listener is not null && IsLinux && !mark) return SocketResult.Error(Errnos.Invalid); // tcp_ioctl()
        if (entry.Connection is not { } connection)
        {
            call.Answer = 0;
            return new(0);
        }
        if (input) call.Answer = InputQueue(entry, connection);
        else if (mark) call.Answer = entry.UrgentAt >= 0 && entry.UrgentAt == entry.Read ? 1 : 0;
        else call.Answer = OutputQueue(entry, connection, unsentOnly: call.Request is "SIOCOUTQNSD");
        return new(0);
    }

    private static long NextDatagram(SocketEntry entry) => entry.Peeked?.Data.Length ?? entry.Endpoint?.ReceiveQueueOctets ?? 0;

    /// <summary>tcp_inq(): up to the urgent octet, if it is here and not inline.</summary>
    private static long InputQueue(SocketEntry entry, TcpConnection connection)
    {
        int readable = connection.Readable;
        if (entry.Kind is KernelKind.Linux && !entry.OutOfBandInline && entry.UrgentAt >= entry.Read)
            return Math.Min(readable, entry.UrgentAt - entry.Read);
        return readable;
    }

    /// <summary>Linux counts numbers: a FIN, or a SYN, that is not acknowledged is one (write_seq - snd_una).</summary>
    private long OutputQueue(SocketEntry entry, TcpConnection connection, bool unsentOnly)
    {
        if (entry.State is TcpState.Closed or TcpState.TimeWait || (IsLinux && entry.IsOpening)) return 0;
        TcpStatus status = connection.Status();
        int text = status.SendQueue;
        bool finWaits = entry.SendShut && !(status.SndUna == status.SndNxt && text == 0 && HasSentFin(entry.State));
        int all = text + (finWaits && IsLinux ? 1 : 0);
        if (!unsentOnly) return all;
        return Math.Max(0, all - (status.SndNxt - status.SndUna));
    }

    private static bool HasSentFin(TcpState state) => state is not (TcpState.Established or TcpState.CloseWait);

    private SocketResult Name(SocketEntry entry, NameCall call)
    {
        if (!call.OfPeer)
        {
            InternetAddress address = entry.Endpoint?.LocalAddress ?? entry.BoundAddress;
            call.Answer = Show(entry, address, entry.BoundPort);
            return new(0);
        }
        IPEndPoint? peer = entry.IsStream ? PeerOfStream(entry) : PeerOfDatagrams(entry);
        if (peer is null) return SocketResult.Error(Errnos.NotConnected);
        call.Answer = peer;
        return new(0);
    }

    private IPEndPoint? PeerOfStream(SocketEntry entry)
    {
        bool connected = IsLinux
            ? entry.State is not (TcpState.Closed or TcpState.Listen or TcpState.SynSent)
            : IsConnectedOnFreeBsd(entry);
        return connected && entry.Connection is { } connection
            ? Show(entry, connection.Tuple.RemoteAddress, connection.Tuple.RemotePort)
            : null;
    }
}
