using System;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>getsockopt and setsockopt: which level, and how a choice reaches a listener or an open connection.</summary>
internal sealed partial class KernelSockets
{
    private static readonly SocketResult NoSuchOption = SocketResult.Error(Errnos.NoSuchOption);
    private static readonly SocketResult InvalidValue = SocketResult.Error(Errnos.Invalid);

    private SocketResult SetOption(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        bool dropped = !IsLinux && entry is { Ended: true, IsStream: true };
        switch (call.Level)
        {
            case "SOL_SOCKET":
                return SetSocketOption(entry, call, now);
            case "SOL_TCP" or "IPPROTO_TCP":
                if (!entry.IsStream) return NoSuchOption;
                return dropped ? SocketResult.Error(Errnos.Reset) : SetTcpOption(entry, call, now); // tcp_ctloutput(): INP_DROPPED
            case "SOL_IP" or "IPPROTO_IP":
                return SetIpOption(entry, call, now);
            case "SOL_IPV6" or "IPPROTO_IPV6":
                return entry.Ipv6 ? SetIpv6Option(entry, call, now) : IsLinux ? NoSuchOption : InvalidValue;
            default:
                return NoSuchOption;
        }
    }

    private SocketResult GetOption(SocketEntry entry, GetOptionCall call, Timestamp now)
    {
        bool dropped = !IsLinux && entry is { Ended: true, IsStream: true };
        switch (call.Level)
        {
            case "SOL_SOCKET":
                return GetSocketOption(entry, call);
            case "SOL_TCP" or "IPPROTO_TCP":
                if (!entry.IsStream) return NoSuchOption;
                return dropped && call.Name is not "TCP_INFO" ? SocketResult.Error(Errnos.Reset) : GetTcpOption(entry, call, now);
            case "SOL_IP" or "IPPROTO_IP":
                return GetIpOption(entry, call);
            case "SOL_IPV6" or "IPPROTO_IPV6":
                return entry.Ipv6 ? GetIpv6Option(entry, call) : IsLinux ? NoSuchOption : InvalidValue;
            default:
                return NoSuchOption;
        }
    }

    /// <summary>Stores what only getsockopt tells.</summary>
    private static SocketResult Keep(SocketEntry entry, SetOptionCall call, long value)
    {
        entry.Values[call.Name] = value;
        return new(0);
    }

    private static SocketResult Tell(GetOptionCall call, long value)
    {
        call.Answer = value;
        return new(0);
    }

    /// <summary>BSD answers a switch with the bit that it keeps it in, Linux with 1.</summary>
    private SocketResult TellSwitch(GetOptionCall call, bool on, long bitOfBsd) => Tell(call, on ? IsLinux ? 1 : bitOfBsd : 0);

    /// <summary>For the next connection, those of the listener to come, and the open one.</summary>
    private static SocketResult Change(SocketEntry entry, Func<TcpConnectionOptions, TcpConnectionOptions> change, Timestamp now)
    {
        entry.Options = change(entry.Options);
        if (entry.Listener is { } listener) listener.Options = change(listener.Options);
        ChangeConnection(entry, change, now);
        return new(0);
    }

    private static void ChangeConnection(SocketEntry entry, Func<TcpConnectionOptions, TcpConnectionOptions> change, Timestamp now)
    {
        if (entry.Connection is not { } connection || connection.State is TcpState.Closed or TcpState.TimeWait) return;
        connection.SetOptions(change(connection.Options), now);
    }

    /// <summary>Buffers are not among what <see cref="TcpConnection.SetOptions"/> changes.</summary>
    private static void ChangeBuffers(SocketEntry entry, int? receive, int? send, Timestamp now)
    {
        TcpConnectionOptions Resize(TcpConnectionOptions options) => options with
        {
            ReceiveBuffer = receive ?? options.ReceiveBuffer,
            WindowScaleBuffer = receive is null ? options.WindowScaleBuffer : 0, // a buffer that was set does not grow
            SendBuffer = send ?? options.SendBuffer,
        };
        entry.Options = Resize(entry.Options);
        if (entry.Listener is { } listener) listener.Options = Resize(listener.Options);
        if (entry.Connection is not { } connection || connection.State is TcpState.Closed or TcpState.TimeWait) return;
        connection.SetBuffers(entry.Options.ReceiveBuffer, entry.Options.SendBuffer, now);
    }
}
