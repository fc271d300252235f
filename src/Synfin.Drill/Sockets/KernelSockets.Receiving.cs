using System;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>read, recv, recvmsg: tcp_recvmsg() and soreceive().</summary>
internal sealed partial class KernelSockets
{
    private SocketResult Receive(SocketEntry entry, ReceiveCall call, Timestamp now)
    {
        if ((call.Flags & MessageFlags.ErrorQueue) != 0 && IsLinux) return ReceiveQueuedError(entry, call);
        if (!entry.IsStream) return ReceiveDatagram(entry, call, now);
        if (entry.Listener is not null) return SocketResult.Error(Errnos.NotConnected);
        if ((call.Flags & MessageFlags.OutOfBand) != 0) return ReceiveUrgent(entry, call, now);
        if (call.Length == 0) return new(0); // sock_read_iter(): as System V does
        call.Peer = null;
        int before = call.Data.Length;
        int target = (call.Flags & MessageFlags.WaitAll) != 0 ? call.Length : Math.Min(call.Length, LowWater(entry));
        Take(entry, call, now);
        if (call.Data.Length > before) entry.Refresh(now);
        if (call.Data.Length >= target) return new(call.Data.Length);
        bool blocks = !entry.NonBlocking && (call.Flags & MessageFlags.DontWait) == 0;
        if (call.Data.Length > 0)
        {
            bool atMark = entry.UrgentAt == entry.Read && !Inline(entry);
            bool ends = !blocks || atMark || entry.Error is not null || entry.State is TcpState.Closed || entry.ReceiveShut;
            return ends ? new(call.Data.Length) : SocketResult.Pending;
        }
        SocketResult? result = IsLinux ? NothingToReadOnLinux(entry) : NothingToReadOnFreeBsd(entry, call);
        if (result is { } known) return known;
        return blocks ? SocketResult.Pending : SocketResult.Error(Errnos.Again);
    }

    /// <summary>ip_recv_error(): never waits.</summary>
    private static SocketResult ReceiveQueuedError(SocketEntry entry, ReceiveCall call)
    {
        if (entry.TakeQueuedError() is not { } quoted) return SocketResult.Error(Errnos.Again);
        call.Data = quoted.AsSpan(0, Math.Min(quoted.Length, call.Length)).ToArray();
        call.ReturnedFlags = MessageFlags.ErrorQueue | (call.Length < quoted.Length ? MessageFlags.Truncate : MessageFlags.None);
        return new(call.Data.Length);
    }

    private static int LowWater(SocketEntry entry) => (int)Math.Max(1, entry.Value("SO_RCVLOWAT", 1));

    private static bool Inline(SocketEntry entry) => entry.OutOfBandInline;

    private static SocketResult? NothingToReadOnLinux(SocketEntry entry)
    {
        if (entry.Done) return new(0);
        if (entry.TakeError() is { } error) return SocketResult.Error(error);
        if (entry.ReceiveShut) return new(0);
        return entry.State is TcpState.Closed ? SocketResult.Error(Errnos.NotConnected) : null;
    }

    private static SocketResult? NothingToReadOnFreeBsd(SocketEntry entry, ReceiveCall call)
    {
        string? error = entry.Error;
        if ((call.Flags & MessageFlags.Peek) == 0) entry.Error = null;
        if (error is not null) return SocketResult.Error(error);
        if (entry.ReceiveShut) return new(0);
        return entry.Connection is null ? SocketResult.Error(Errnos.NotConnected) : null;
    }

    /// <summary>
    /// Moves what can be read into the call, up to the urgent mark. The urgent octet is not part of what is read, unless it is inline:
    /// whoever starts at the mark steps over it.
    /// </summary>
    private void Take(SocketEntry entry, ReceiveCall call, Timestamp now)
    {
        if (entry.Connection is not { } connection) return;
        bool peeks = (call.Flags & MessageFlags.Peek) != 0;
        int offset = 0;
        if (entry.UrgentAt == entry.Read && call.Data.Length == 0 && !Inline(entry))
        {
            // At the mark: over it. While the octet is all there is, there is nothing to read.
            if (connection.Readable <= 1 && !connection.FinReceived && !entry.Ended) return;
            if (peeks) offset = 1;
            else Skip(entry, connection, now);
        }
        else if (entry.UrgentAt == entry.Read && call.Data.Length > 0)
        {
            return;
        }
        int wanted = call.Length - (peeks ? 0 : call.Data.Length);
        int readable = connection.Readable - offset;
        long toMark = entry.UrgentAt - entry.Read;
        if (toMark > 0) readable = (int)Math.Min(readable, toMark);
        int count = Math.Min(wanted, readable);
        if (count <= 0) return;
        byte[] data = new byte[count];
        if (peeks)
        {
            connection.Peek(offset, data);
            call.Data = data;
            return;
        }
        connection.Receive(data, now, out int received);
        entry.Read += received;
        if ((call.Flags & MessageFlags.Truncate) != 0 && IsLinux) data.AsSpan().Clear(); // MSG_TRUNC: counted, not copied
        byte[] all = new byte[call.Data.Length + received];
        call.Data.CopyTo(all, 0);
        data.AsSpan(0, received).CopyTo(all.AsSpan(call.Data.Length));
        call.Data = all;
    }

    private static void Skip(SocketEntry entry, TcpConnection connection, Timestamp now)
    {
        connection.Receive(stackalloc byte[1], now, out int skipped);
        entry.Read += skipped;
        entry.Refresh(now);
    }

    /// <summary>tcp_recv_urg(), soreceive_rcvoob(): never waits.</summary>
    private SocketResult ReceiveUrgent(SocketEntry entry, ReceiveCall call, Timestamp now)
    {
        bool known = entry.UrgentAt >= entry.Read && !entry.UrgentTaken;
        if (Inline(entry) || !known) return SocketResult.Error(Errnos.Invalid); // "Yes this is right!" (tcp.c)
        if (entry.State is TcpState.Closed && !entry.Done) return SocketResult.Error(Errnos.NotConnected);
        if (!entry.UrgentIsHere)
        {
            bool never = entry.State is TcpState.Closed || entry.ReceiveShut;
            return IsLinux && never ? new(0) : SocketResult.Error(Errnos.Again);
        }
        byte[] octet = new byte[1];
        entry.Connection!.Peek((int)(entry.UrgentAt - entry.Read), octet);
        if ((call.Flags & MessageFlags.Peek) == 0) entry.UrgentTaken = true;
        if (call.Length == 0)
        {
            call.ReturnedFlags = MessageFlags.OutOfBand | MessageFlags.Truncate;
            return new(0);
        }
        call.Data = octet;
        call.ReturnedFlags = MessageFlags.OutOfBand;
        return new(1);
    }
}
