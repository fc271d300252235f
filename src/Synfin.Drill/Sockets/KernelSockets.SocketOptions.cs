using System;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>SOL_SOCKET: sk_setsockopt(), sosetopt().</summary>
internal sealed partial class KernelSockets
{
    /// <summary>SOCK_MIN_RCVBUF and SOCK_MIN_SNDBUF, in octets.</summary>
    private const int MinReceiveBuffer = 2_304;
    private const int MinSendBuffer = 4_608;

    /// <summary>The engine's least, in octets.</summary>
    private const int LeastBuffer = 1_024;

    private const int MaxLinger = short.MaxValue;

    private SocketResult SetSocketOption(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        bool on = call.Value != 0;
        switch (call.Name)
        {
            case "SO_REUSEADDR":
                entry.ReuseAddress = on;
                return new(0);
            case "SO_REUSEPORT":
                entry.ReusePort = on;
                return new(0);
            case "SO_KEEPALIVE":
                return Change(entry, options => options with { KeepAlive = on }, now);
            case "SO_OOBINLINE":
                entry.OutOfBandInline = on;
                return new(0);
            case "SO_LINGER":
                if (!IsLinux && call.Linger is < 0 or > MaxLinger) return SocketResult.Error(Errnos.OutOfRange);
                entry.LingerOn = on;
                if (on || !IsLinux) entry.LingerSeconds = (int)Math.Clamp(call.Linger, 0, int.MaxValue); // off, Linux keeps the old one
                return new(0);
            case "SO_RCVBUF" or "SO_RCVBUFFORCE":
                return SetReceiveBuffer(entry, call.Value, call.Name is "SO_RCVBUFFORCE", now);
            case "SO_SNDBUF" or "SO_SNDBUFFORCE":
                return SetSendBuffer(entry, call.Value, call.Name is "SO_SNDBUFFORCE", now);
            case "SO_RCVLOWAT":
                return Keep(entry, call, call.Value < 0 ? int.MaxValue : Math.Max(1, call.Value));
            case "SO_BROADCAST":
                if (entry.Endpoint is { } endpoint) endpoint.Broadcast = on;
                return Keep(entry, call, on ? 1 : 0);
            case "SO_TYPE" or "SO_PROTOCOL" or "SO_DOMAIN" or "SO_ERROR" or "SO_ACCEPTCONN" or "SO_SNDLOWAT" when IsLinux:
                return NoSuchOption;
            case "SO_PRIORITY" or "SO_MARK" or "SO_DONTROUTE" or "SO_TIMESTAMP" or "SO_TIMESTAMPNS" or "SO_TIMESTAMPING" or "SO_BUSY_POLL"
                or "SO_ZEROCOPY" or "SO_MAX_PACING_RATE" or "SO_TXTIME" or "SO_RXQ_OVFL" or "SO_INCOMING_CPU" or "SO_TXREHASH" or "SO_DEBUG"
                or "SO_NO_CHECK" or "SO_PASSCRED" or "SO_BINDTODEVICE" or "SO_RCVTIMEO" or "SO_SNDTIMEO":
                return Keep(entry, call, call.Value);
            case "SO_NOSIGPIPE" or "SO_USELOOPBACK" or "SO_SNDLOWAT" or "SO_REUSEPORT_LB" or "SO_USER_COOKIE" when !IsLinux:
                return Keep(entry, call, call.Value);
            default:
                return NoSuchOption;
        }
    }

    /// <summary>
    /// Linux keeps twice what was asked for, since it counts the memory and not the octets: half of it is window
    /// (tcp_win_from_space()). BSD counts octets.
    /// </summary>
    private SocketResult SetReceiveBuffer(SocketEntry entry, long value, bool force, Timestamp now)
    {
        if (!IsLinux) return SetBufferOnFreeBsd(entry, "SO_RCVBUF", value, octets => ChangeBuffers(entry, octets, null, now));
        long octets = force ? value : Math.Min(value, _settings.MaxReceiveBuffer);
        long kept = Math.Max(MinReceiveBuffer, Math.Clamp(octets, 0, int.MaxValue / 2) * 2);
        entry.Values["SO_RCVBUF"] = kept;
        ChangeBuffers(entry, BoundedBy(entry, (int)Math.Max(LeastBuffer, Halves ? kept : kept / 2)), null, now);
        return new(0);
    }

    private SocketResult SetSendBuffer(SocketEntry entry, long value, bool force, Timestamp now)
    {
        if (!IsLinux) return SetBufferOnFreeBsd(entry, "SO_SNDBUF", value, octets => ChangeBuffers(entry, null, octets, now));
        long octets = force ? value : Math.Min(value, _settings.MaxSendBuffer);
        long kept = Math.Max(MinSendBuffer, Math.Clamp(octets, 0, int.MaxValue / 2) * 2);
        entry.Values["SO_SNDBUF"] = kept;
        ChangeBuffers(entry, null, (int)Math.Min(kept, 1 << 30), now);
        return new(0);
    }

    /// <summary>sbsetopt(), sbreserve_locked(): as much as clusters of the limit can hold.</summary>
    private SocketResult SetBufferOnFreeBsd(SocketEntry entry, string name, long value, Action<int> change)
    {
        if (value < 1) return InvalidValue;
        long limit = (name is "SO_RCVBUF" ? _settings.MaxReceiveBuffer : _settings.MaxSendBuffer) * 2048L / (256 + 2048);
        if (value > limit) return SocketResult.Error(Errnos.NoBuffers);
        entry.Values[name] = value;
        change((int)Math.Max(LeastBuffer, value));
        return new(0);
    }

    /// <summary>Whether the engine's own rule keeps half of the buffer for bookkeeping.</summary>
    private bool Halves => _stack.Options.Profile.WindowRule is ReceiveWindowRule.Linux;

    /// <summary>TCP_WINDOW_CLAMP bounds the window, whatever the buffer is.</summary>
    private int BoundedBy(SocketEntry entry, int buffer)
    {
        long clamp = entry.Value("TCP_WINDOW_CLAMP", 0) * (Halves ? 2 : 1);
        return clamp > 0 ? (int)Math.Max(LeastBuffer, Math.Min(clamp, buffer)) : buffer;
    }

    private SocketResult GetSocketOption(SocketEntry entry, GetOptionCall call)
    {
        switch (call.Name)
        {
            case "SO_ERROR":
                return Tell(call, Errnos.Number(entry.IsStream ? TakeAnyError(entry) : TakeDatagramError(entry)));
            case "SO_REUSEADDR":
                return TellSwitch(call, entry.ReuseAddress, 0x4);
            case "SO_REUSEPORT":
                return TellSwitch(call, entry.ReusePort, 0x200);
            case "SO_KEEPALIVE":
                return TellSwitch(call, entry.Options.KeepAlive, 0x8);
            case "SO_OOBINLINE":
                return TellSwitch(call, entry.OutOfBandInline, 0x100);
            case "SO_ACCEPTCONN":
                return TellSwitch(call, entry.Listener is not null, 0x2);
            case "SO_LINGER":
                call.Linger = entry.LingerSeconds;
                return TellSwitch(call, entry.LingerOn, 0x80);
            case "SO_RCVBUF":
                return Tell(call, entry.Value(call.Name, _settings.ReceiveBuffer));
            case "SO_SNDBUF":
                return Tell(call, entry.Value(call.Name, _settings.SendBuffer));
            case "SO_RCVLOWAT":
                return Tell(call, LowWater(entry));
            case "SO_SNDLOWAT":
                return Tell(call, IsLinux ? 1 : entry.Value(call.Name, SendLowWater));
            case "SO_TYPE":
                return Tell(call, entry.IsStream ? 1 : 2);
            case "SO_PROTOCOL":
                return Tell(call, entry.IsStream ? 6 : 17);
            case "SO_DOMAIN":
                return Tell(call, entry.Ipv6 ? IsLinux ? 10 : 28 : 2);
            default:
                return entry.Values.TryGetValue(call.Name, out long value) ? Tell(call, value)
                    : IsKnownSwitch(call.Name) ? Tell(call, 0) : NoSuchOption;
        }
    }

    private static bool IsKnownSwitch(string name) => name is "SO_PRIORITY" or "SO_MARK" or "SO_DONTROUTE" or "SO_TIMESTAMP"
        or "SO_TIMESTAMPNS" or "SO_TIMESTAMPING" or "SO_BUSY_POLL" or "SO_ZEROCOPY" or "SO_RXQ_OVFL" or "SO_DEBUG" or "SO_BROADCAST"
        or "SO_RCVTIMEO" or "SO_SNDTIMEO" or "SO_NOSIGPIPE" or "SO_USELOOPBACK";

    /// <summary>sk_err, else on Linux sk_err_soft: each is told once.</summary>
    private string? TakeAnyError(SocketEntry entry)
    {
        if (entry.TakeError() is { } error) return error;
        if (!IsLinux || entry.Connection is not { } connection || entry.Ended) return null;
        TcpError soft = connection.Status().SoftError;
        bool news = soft is not (TcpError.None or TcpError.TimedOut) && soft != entry.SoftErrorTold;
        entry.SoftErrorTold = soft;
        return news ? entry.SaidOf(connection, soft) : null;
    }

    private string? TakeDatagramError(SocketEntry entry)
    {
        if (entry.TakeError() is { } error) return error;
        if (entry.Endpoint is not { HasNews: true } endpoint || endpoint.ReceiveQueueCount > 0) return null;
        TcpError said = endpoint.Receive([], _stack.Now, out _);
        return IsPassing(said) ? null : Errnos.Of(said, _kind);
    }
}
