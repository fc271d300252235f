using System;
using System.Linq;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>IPPROTO_TCP: do_tcp_setsockopt(), tcp_default_ctloutput().</summary>
internal sealed partial class KernelSockets
{
    /// <summary>TCP_MIN_MSS and MAX_TCP_WINDOW: what TCP_MAXSEG takes, in octets.</summary>
    private const int MinUserMss = 88;
    private const int MaxUserMss = 32_767;

    /// <summary>MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL (s), MAX_TCP_KEEPCNT and MAX_TCP_SYNCNT.</summary>
    private const int MaxKeepAliveSeconds = 32_767;
    private const int MaxCount = 127;

    /// <summary>TCP_FIN_TIMEOUT_MAX, in seconds.</summary>
    private const int MaxLinger2 = 120;

    /// <summary>TCP_RTO_MAX, in seconds.</summary>
    private const int MaxRtoSeconds = 120;

    private SocketResult SetTcpOption(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        bool on = call.Value != 0;
        switch (call.Name)
        {
            case "TCP_NODELAY":
                return Change(entry, options => options with { NoDelay = on }, now);
            case "TCP_CORK" when IsLinux:
            case "TCP_NOPUSH" when !IsLinux:
                return Change(entry, options => options with { Cork = on }, now);
            case "TCP_MAXSEG":
                return SetMaximumSegmentSize(entry, call, now);
            case "TCP_KEEPIDLE" or "TCP_KEEPALIVE" or "TCP_KEEPINTVL" or "TCP_KEEPCNT" or "TCP_KEEPINIT":
                return SetKeepAlive(entry, call, now);
            case "TCP_CONGESTION":
                return SetCongestionControl(entry, call);
            default:
                return IsLinux ? SetLinuxTcpOption(entry, call, now) : SetFreeBsdTcpOption(entry, call);
        }
    }

    private static SocketResult SetFreeBsdTcpOption(SocketEntry entry, SetOptionCall call) => call.Name switch
    {
        "TCP_NOOPT" or "TCP_FASTOPEN" or "TCP_FUNCTION_BLK" or "TCP_LOG" or "TCP_PCAP_OUT" or "TCP_PCAP_IN" or "TCP_MAXUNACKTIME"
            or "TCP_REMOTE_UDP_ENCAPS_PORT" or "TCP_MD5SIG" or "TCP_TXTLS_ENABLE" => Keep(entry, call, call.Value),
        _ => NoSuchOption,
    };

    private SocketResult SetLinuxTcpOption(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        switch (call.Name)
        {
            case "TCP_QUICKACK":
                return SetQuickAcks(entry, (call.Value & 1) != 0, now);
            case "TCP_SYNCNT":
                if (call.Value is < 1 or > MaxCount) return InvalidValue;
                entry.Values[call.Name] = call.Value;
                return Change(entry, options => options with { SynRetries = (int)call.Value }, now);
            case "TCP_LINGER2":
                long linger = call.Value < 0 ? -1 : Math.Min(call.Value, MaxLinger2);
                entry.Values[call.Name] = linger;
                Duration limit = linger > 0 ? Duration.FromSeconds(linger) : _settings.FinTimeout;
                return Change(entry, options => options with { FinWait2 = linger < 0 ? Duration.Zero : limit }, now);
            case "TCP_DEFER_ACCEPT":
                entry.Values[call.Name] = SecondsOf(RetransmissionsOf(call.Value));
                return Change(entry, options => options with { DeferAccept = call.Value > 0 }, now);
            case "TCP_USER_TIMEOUT":
                if (call.Value < 0) return InvalidValue;
                entry.Values[call.Name] = call.Value;
                return Change(entry, options => options with { UserTimeout = Duration.FromMilliseconds(call.Value) }, now);
            case "TCP_WINDOW_CLAMP":
                return SetWindowClamp(entry, call, now);
            case "TCP_FASTOPEN":
                bool passive = entry.State is TcpState.Closed or TcpState.Listen;
                return call.Value >= 0 && passive ? Keep(entry, call, call.Value) : InvalidValue;
            case "TCP_FASTOPEN_CONNECT":
                if (call.Value is < 0 or > 1) return InvalidValue;
                return entry.State is TcpState.Closed ? Keep(entry, call, call.Value) : InvalidValue;
            case "TCP_NOTSENT_LOWAT" or "TCP_THIN_LINEAR_TIMEOUTS" or "TCP_THIN_DUPACK" or "TCP_SAVE_SYN" or "TCP_TIMESTAMP" or "TCP_INQ"
                or "TCP_TX_DELAY" or "TCP_FASTOPEN_NO_COOKIE" or "TCP_REPAIR_OPTIONS" or "TCP_RTO_MAX_MS" or "TCP_RTO_MIN_US"
                or "TCP_DELACK_MAX_US":
                return Keep(entry, call, call.Value);
            default:
                return NoSuchOption;
        }
    }

    /// <summary>tcp_sock_set_quickack(): into the interactive ("ping-pong") mode or out of it, and that is not for ever.</summary>
    private static SocketResult SetQuickAcks(SocketEntry entry, bool quick, Timestamp now)
    {
        entry.Values["TCP_QUICKACK"] = quick ? 1 : 0;
        if (entry.Connection is not { } connection || entry.Ended) return new(0);
        if (quick)
        {
            connection.ResumeQuickAcks(entry.QuickAcksUsed, now);
            entry.QuickAcksUsed = null;
        }
        else
        {
            entry.QuickAcksUsed ??= connection.SuspendQuickAcks();
        }
        return new(0);
    }

    /// <summary>What we announce, and what we send at most. Linux takes 0 for "as the path allows".</summary>
    private SocketResult SetMaximumSegmentSize(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        int mss = (int)Math.Clamp(call.Value, -1, int.MaxValue);
        if (IsLinux && mss != 0 && mss is < MinUserMss or > MaxUserMss) return InvalidValue;
        if (!IsLinux)
        {
            int most = entry.Connection is { } open ? open.Status().SendMss : entry.Ipv6 ? Stack.NetworkStack.DefaultMssIpv6 : DefaultMss;
            if (mss <= 0 || mss > most || mss + 40 < MinMssOnFreeBsd) return InvalidValue;
        }
        entry.Values[call.Name] = mss;
        entry.Options = entry.Options with { MaximumSegmentSize = mss, AnnouncedSegmentSize = mss };
        if (entry.Listener is { } listener) listener.Options = entry.Options;
        // On Linux user_mss is for SYNs to come; BSD lowers t_maxseg at once.
        if (!IsLinux) ChangeConnection(entry, options => options with { MaximumSegmentSize = mss }, now);
        return new(0);
    }

    private const int DefaultMss = Stack.NetworkStack.DefaultMssIpv4;

    /// <summary>net.inet.tcp.minmss.</summary>
    private const int MinMssOnFreeBsd = 216;

    private SocketResult SetKeepAlive(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        bool init = call.Name is "TCP_KEEPINIT", count = call.Name is "TCP_KEEPCNT";
        if (IsLinux && (init || call.Name is "TCP_KEEPALIVE")) return NoSuchOption;
        bool valid = IsLinux ? call.Value >= 1 && call.Value <= (count ? MaxCount : MaxKeepAliveSeconds) : call.Value >= 0;
        if (!valid) return InvalidValue;
        entry.Values[call.Name is "TCP_KEEPALIVE" ? "TCP_KEEPIDLE" : call.Name] = call.Value;
        Duration time = Duration.FromSeconds(call.Value);
        bool byDefault = call.Value == 0; // BSD: the sysctl's
        return Change(entry, options => call.Name switch
        {
            "TCP_KEEPIDLE" or "TCP_KEEPALIVE" => options with { KeepAliveTime = byDefault ? _settings.KeepAliveTime : time },
            "TCP_KEEPINTVL" => options with { KeepAliveInterval = byDefault ? _settings.KeepAliveInterval : time },
            "TCP_KEEPINIT" => options with { OpenTimeout = byDefault ? _settings.KeepAliveInitial : time },
            // The engine never ends a connection for a single probe (MUST-29).
            _ => options with { KeepAliveProbes = Math.Max(2, byDefault ? _settings.KeepAliveProbes : (int)call.Value) },
        }, now);
    }

    private SocketResult SetCongestionControl(SocketEntry entry, SetOptionCall call)
    {
        if (call.Text is not { } name || !_settings.AvailableCongestionControl.Contains(name))
            return SocketResult.Error(IsLinux ? Errnos.NoEntry : "ESRCH");
        entry.CongestionControl = name;
        return new(0);
    }

    private SocketResult SetWindowClamp(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        if (call.Value == 0 && entry.State is not TcpState.Closed) return InvalidValue;
        long clamp = call.Value == 0 ? 0 : Math.Max(call.Value, MinReceiveBuffer / 2);
        entry.Values[call.Name] = clamp;
        if (clamp > 0) ChangeBuffers(entry, BoundedBy(entry, entry.Options.ReceiveBuffer), null, now);
        return new(0);
    }

    /// <summary>secs_to_retrans(): so many SYN,ACKs take that long, from 1 s on and at most 120 s apart.</summary>
    private static int RetransmissionsOf(long seconds)
    {
        if (seconds <= 0) return 0;
        int count = 1;
        long timeout = 1, period = 1;
        while (seconds > period && count < byte.MaxValue)
        {
            count++;
            timeout = Math.Min(timeout * 2, MaxRtoSeconds);
            period += timeout;
        }
        return count;
    }

    /// <summary>retrans_to_secs().</summary>
    private static long SecondsOf(int retransmissions)
    {
        long timeout = 1, period = 0;
        for (int i = 0; i < retransmissions; i++)
        {
            period += timeout;
            timeout = Math.Min(timeout * 2, MaxRtoSeconds);
        }
        return period;
    }

    private SocketResult GetTcpOption(SocketEntry entry, GetOptionCall call, Timestamp now)
    {
        switch (call.Name)
        {
            case "TCP_NODELAY":
                return TellSwitch(call, entry.Options.NoDelay, 0x4); // TF_NODELAY
            case "TCP_CORK" when IsLinux:
            case "TCP_NOPUSH" when !IsLinux:
                return TellSwitch(call, entry.Options.Cork, 0x1000); // TF_NOPUSH
            case "TCP_NOOPT" when !IsLinux:
                return TellSwitch(call, entry.Value(call.Name, 0) != 0, 0x8); // TF_NOOPT
            case "TCP_MAXSEG":
                return Tell(call, MaximumSegmentSize(entry));
            case "TCP_KEEPIDLE" or "TCP_KEEPALIVE":
                return Tell(call, (long)entry.Options.KeepAliveTime.Seconds);
            case "TCP_KEEPINTVL":
                return Tell(call, (long)entry.Options.KeepAliveInterval.Seconds);
            case "TCP_KEEPCNT":
                return Tell(call, entry.Value(call.Name, _settings.KeepAliveProbes));
            case "TCP_KEEPINIT" when !IsLinux:
                return Tell(call, entry.Value(call.Name, (long)_settings.KeepAliveInitial.Seconds));
            case "TCP_CONGESTION":
                call.Text = entry.CongestionControl ?? _settings.CongestionControl;
                return new(0);
            case "TCP_INFO":
                call.Information = TcpInformation.Of(entry, _stack, now);
                return new(0);
            default:
                return IsLinux ? GetLinuxTcpOption(entry, call)
                    : entry.Values.TryGetValue(call.Name, out long value) ? Tell(call, value) : NoSuchOption;
        }
    }

    private SocketResult GetLinuxTcpOption(SocketEntry entry, GetOptionCall call) => call.Name switch
    {
        "TCP_QUICKACK" => Tell(call, entry.Value(call.Name, 1)),
        "TCP_SYNCNT" => Tell(call, entry.Value(call.Name, _settings.SynRetries)),
        "TCP_LINGER2" => Tell(call, entry.Value(call.Name, 0) is var linger && linger != 0 ? linger : (long)_settings.FinTimeout.Seconds),
        "TCP_NOTSENT_LOWAT" => Tell(call, entry.Value(call.Name, uint.MaxValue)),
        "TCP_DEFER_ACCEPT" or "TCP_USER_TIMEOUT" or "TCP_WINDOW_CLAMP" or "TCP_FASTOPEN" or "TCP_FASTOPEN_CONNECT"
            or "TCP_THIN_LINEAR_TIMEOUTS" or "TCP_THIN_DUPACK" or "TCP_SAVE_SYN" or "TCP_TIMESTAMP" or "TCP_INQ" or "TCP_TX_DELAY"
            or "TCP_FASTOPEN_NO_COOKIE" or "TCP_REPAIR" => Tell(call, entry.Value(call.Name, 0)),
        _ => NoSuchOption,
    };

    /// <summary>mss_cache; before OPEN and in LISTEN user_mss if it was set.</summary>
    private static long MaximumSegmentSize(SocketEntry entry)
    {
        long asked = entry.Value("TCP_MAXSEG", 0);
        if (entry.State is TcpState.Closed or TcpState.Listen && asked > 0) return asked;
        return entry.Connection is { } connection && !entry.Ended ? connection.Status().SendMss : DefaultMss;
    }
}
