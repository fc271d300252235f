using System;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>write, send, sendmsg: tcp_sendmsg() and sosend().</summary>
internal sealed partial class KernelSockets
{
    private static byte[] s_zeros = new byte[65_536];

    private SocketResult Send(SocketEntry entry, SendCall call, Timestamp now)
    {
        if (!entry.IsStream) return SendDatagram(entry, call, now);
        bool blocks = !entry.NonBlocking && (call.Flags & MessageFlags.DontWait) == 0;
        string? error = IsLinux ? MaySendOnLinux(entry, call, blocks) : MaySendOnFreeBsd(entry, call, now);
        if (error is WouldPend) return SocketResult.Pending;
        if (error is not null) return call.Taken > 0 ? new(call.Taken) : SocketResult.Error(error);
        if (call.Length == 0) return new(0);
        return Write(entry, call, blocks, now);
    }

    /// <summary>No errno: the call waits.</summary>
    private const string WouldPend = "pending";

    /// <summary>sk_stream_wait_connect(), then sk_err and SEND_SHUTDOWN. Of a socket that was never connected it is EPIPE.</summary>
    private static string? MaySendOnLinux(SocketEntry entry, SendCall call, bool blocks)
    {
        if ((call.Flags & MessageFlags.FastOpen) != 0) return Errnos.NotSupported; // net.ipv4.tcp_fastopen without its bit 1
        if (entry.State is not (TcpState.Established or TcpState.CloseWait))
        {
            // A write that had taken octets finds out below that nothing more can be sent, and keeps the error for the next call.
            if (call.Taken > 0) return Errnos.Pipe;
            if (entry.TakeError() is { } error) return error;
            if (!entry.IsOpening) return Errnos.Pipe;
            return blocks ? WouldPend : Errnos.Again;
        }
        if (entry.Error is null && !entry.SendShut) return null;
        return call.Taken > 0 ? Errnos.Pipe : entry.TakeError() ?? Errnos.Pipe;
    }

    /// <summary>sosend_generic(): SBS_CANTSENDMORE, so_error, then whether it is connected. An address connects (PR_IMPLOPCL).</summary>
    private string? MaySendOnFreeBsd(SocketEntry entry, SendCall call, Timestamp now)
    {
        if (entry.SendShut || entry.Ended) return Errnos.Pipe;
        if (entry.Error is not null) return call.Taken > 0 ? Errnos.Pipe : entry.TakeError();
        if (IsConnectedOnFreeBsd(entry)) return null;
        if (entry.Connection is null && entry.Listener is null && call.Destination is { } destination)
            return OpenActively(entry, new ConnectCall(call.Descriptor, destination), now);
        return entry.IsOpening && call.Destination is not null ? null : Errnos.NotConnected;
    }

    private SocketResult Write(SocketEntry entry, SendCall call, bool blocks, Timestamp now)
    {
        TcpConnection connection = entry.Connection!;
        if (call.Taken > 0 && connection.SendSpace < connection.SendQueue / 2) return SocketResult.Pending; // sk_stream_write_space()
        bool more = (call.Flags & MessageFlags.More) != 0 && IsLinux;
        int left = call.Length - call.Taken;
        int taken = 0;
        if (HasRoomBelowLowWater(entry, connection))
        {
            bool urgent = (call.Flags & MessageFlags.OutOfBand) != 0;
            ReadOnlySpan<byte> text = Zeros(left);
            _ = urgent ? connection.SendUrgent(text, now, out taken) : connection.Send(text, now, out taken, more);
        }
        call.Taken += taken;
        if (call.Taken == call.Length)
        {
            if (!IsLinux && (call.Flags & MessageFlags.EndOfFile) != 0) Shut(entry, ShutSend, now); // PRUS_EOF
            return new(call.Taken);
        }
        if (blocks) return SocketResult.Pending;
        return call.Taken > 0 ? new(call.Taken) : SocketResult.Error(Errnos.Again);
    }

    /// <summary>TCP_NOTSENT_LOWAT: a write waits while so much is unsent (tcp_stream_memory_free()).</summary>
    private static bool HasRoomBelowLowWater(SocketEntry entry, TcpConnection connection)
    {
        long limit = entry.Value("TCP_NOTSENT_LOWAT", 0);
        return limit <= 0 || UnsentOctets(connection) < limit;
    }

    private static int UnsentOctets(TcpConnection connection)
    {
        if (connection.SendQueue == 0) return 0;
        TcpStatus status = connection.Status();
        int synchronizes = status.SndUna == status.Iss ? 1 : 0;
        return Math.Max(0, connection.SendQueue - Math.Max(0, status.SndNxt - status.SndUna - synchronizes));
    }

    private static ReadOnlySpan<byte> Zeros(int count)
    {
        if (s_zeros.Length < count) s_zeros = new byte[count];
        return s_zeros.AsSpan(0, count);
    }
}
