using System.Collections.Generic;
using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>What a kernel's sysctls decide about sockets. What they decide about segments is the profile's.</summary>
internal sealed record KernelSettings
{
    /// <summary>Linux 6: net.ipv4.tcp_*, net.core.*.</summary>
    public static KernelSettings Linux { get; } = new();

    /// <summary>FreeBSD 14: net.inet.tcp.*, kern.ipc.*.</summary>
    public static KernelSettings FreeBsd { get; } = new()
    {
        ReceiveBuffer = 65_536,
        SendBuffer = 32_768,
        MaxReceiveBuffer = 2_097_152,
        MaxSendBuffer = 2_097_152,
        MaxBacklog = 128,
        KeepAliveProbes = 8,
        AvailableCongestionControl = ["cubic", "newreno"],
    };

    public static KernelSettings Of(KernelKind kind) => kind is KernelKind.Linux ? Linux : FreeBsd;

    /// <summary>SO_RCVBUF of a socket that never set it (tcp_rmem[1], recvspace), as getsockopt tells it, in octets.</summary>
    public int ReceiveBuffer { get; init; } = 131_072;

    /// <summary>SO_SNDBUF of a socket that never set it (tcp_wmem[1], sendspace), as getsockopt tells it, in octets.</summary>
    public int SendBuffer { get; init; } = 16_384;

    /// <summary>net.core.rmem_max, kern.ipc.maxsockbuf: the most that SO_RCVBUF may ask for, in octets.</summary>
    public int MaxReceiveBuffer { get; init; } = 212_992;

    /// <summary>net.core.wmem_max, kern.ipc.maxsockbuf: the most that SO_SNDBUF may ask for, in octets.</summary>
    public int MaxSendBuffer { get; init; } = 212_992;

    /// <summary>net.core.somaxconn, kern.ipc.soacceptqueue.</summary>
    public int MaxBacklog { get; init; } = 4_096;

    /// <summary>tcp_keepalive_time, keepidle.</summary>
    public Duration KeepAliveTime { get; init; } = Duration.FromSeconds(7_200);

    /// <summary>tcp_keepalive_intvl, keepintvl.</summary>
    public Duration KeepAliveInterval { get; init; } = Duration.FromSeconds(75);

    /// <summary>tcp_keepalive_probes, keepcnt.</summary>
    public int KeepAliveProbes { get; init; } = 9;

    /// <summary>FreeBSD's keepinit: how long an OPEN may take.</summary>
    public Duration KeepAliveInitial { get; init; } = Duration.FromSeconds(75);

    /// <summary>tcp_fin_timeout: FIN-WAIT-2 of a socket that was closed, unless TCP_LINGER2 says otherwise.</summary>
    public Duration FinTimeout { get; init; } = Duration.FromSeconds(60);

    /// <summary>tcp_syn_retries, as TCP_SYNCNT tells it if it was never set.</summary>
    public int SynRetries { get; init; } = 6;

    /// <summary>tcp_congestion_control, cc.algorithm.</summary>
    public string CongestionControl { get; init; } = "cubic";

    /// <summary>tcp_available_congestion_control: what TCP_CONGESTION may choose.</summary>
    public IReadOnlyList<string> AvailableCongestionControl { get; init; } = ["reno", "cubic"];

    /// <summary>The first port of a bind to port 0.</summary>
    public ushort FirstEphemeralPort { get; init; } = 32_768;

    /// <summary>The last port of a bind to port 0.</summary>
    public ushort LastEphemeralPort { get; init; } = 60_999;
}
