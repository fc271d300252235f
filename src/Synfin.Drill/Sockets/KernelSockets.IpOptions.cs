using System;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Sockets;

/// <summary>IPPROTO_IP and IPPROTO_IPV6: do_ip_setsockopt(), do_ipv6_setsockopt().</summary>
internal sealed partial class KernelSockets
{
    private const int DefaultTimeToLive = 64;
    private const int MaxOctet = 255;
    private const int EcnMask = 3;
    private const int MaxDiscovery = 5;

    private SocketResult SetIpOption(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        switch (call.Name)
        {
            case "IP_TOS":
                return SetTrafficClass(entry, call.Name, call.Value & MaxOctet, now);
            case "IP_TTL":
                if (call.Value != -1 && call.Value is < 1 or > MaxOctet) return InvalidValue;
                return SetTimeToLive(entry, call, now);
            case "IP_MTU_DISCOVER" when IsLinux:
                return call.Value is < 0 or > MaxDiscovery ? InvalidValue : SetDiscovery(entry, call);
            case "IP_MINTTL":
                return call.Value is < 0 or > MaxOctet ? InvalidValue : Keep(entry, call, call.Value);
            case "IP_RECVERR" or "IP_FREEBIND" or "IP_TRANSPARENT" or "IP_BIND_ADDRESS_NO_PORT" or "IP_RECVTOS" or "IP_RECVTTL"
                or "IP_PKTINFO" or "IP_CHECKSUM" or "IP_LOCAL_PORT_RANGE" when IsLinux:
            case "IP_DONTFRAG" or "IP_RECVTOS" or "IP_RECVTTL" or "IP_BINDANY" or "IP_PORTRANGE" when !IsLinux:
                return Keep(entry, call, call.Value);
            default:
                return NoSuchOption;
        }
    }

    private SocketResult GetIpOption(SocketEntry entry, GetOptionCall call) => call.Name switch
    {
        "IP_TOS" => Tell(call, entry.Value(call.Name, 0)),
        "IP_TTL" => Tell(call, TimeToLiveOf(entry, call.Name)),
        "IP_MTU_DISCOVER" when IsLinux => Tell(call, entry.Value(call.Name, 1)), // IP_PMTUDISC_WANT
        "IP_MTU" when IsLinux => GetPathMtu(entry, call),
        "IP_MTU" or "IP_MTU_DISCOVER" => NoSuchOption,
        _ => entry.Values.TryGetValue(call.Name, out long value) ? Tell(call, value)
            : call.Name is "IP_RECVERR" or "IP_FREEBIND" or "IP_TRANSPARENT" or "IP_RECVTOS" or "IP_RECVTTL" or "IP_MINTTL" ? Tell(call, 0)
            : NoSuchOption,
    };

    private static SocketResult SetIpv6Option(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        switch (call.Name)
        {
            case "IPV6_TCLASS":
                if (call.Value is < -1 or > MaxOctet) return InvalidValue;
                return SetTrafficClass(entry, call.Name, Math.Max(0, call.Value), now);
            case "IPV6_UNICAST_HOPS":
                if (call.Value is < -1 or > MaxOctet) return InvalidValue;
                return SetTimeToLive(entry, call, now);
            case "IPV6_V6ONLY":
                return entry.BoundPort != 0 ? InvalidValue : Keep(entry, call, call.Value != 0 ? 1 : 0);
            case "IPV6_MTU_DISCOVER":
                return call.Value is < 0 or > MaxDiscovery ? InvalidValue : SetDiscovery(entry, call);
            case "IPV6_MINHOPCOUNT":
                return call.Value is < 0 or > MaxOctet ? InvalidValue : Keep(entry, call, call.Value);
            case "IPV6_RECVERR" or "IPV6_AUTOFLOWLABEL" or "IPV6_FLOWINFO_SEND" or "IPV6_ADDR_PREFERENCES" or "IPV6_DONTFRAG"
                or "IPV6_FREEBIND" or "IPV6_TRANSPARENT" or "IPV6_RECVTCLASS" or "IPV6_RECVHOPLIMIT" or "IPV6_RECVPKTINFO"
                or "IPV6_FLOWINFO" or "IPV6_FLOWLABEL_MGR":
                return Keep(entry, call, call.Value);
            default:
                return NoSuchOption;
        }
    }

    private SocketResult GetIpv6Option(SocketEntry entry, GetOptionCall call) => call.Name switch
    {
        "IPV6_TCLASS" => Tell(call, entry.Value(call.Name, 0)),
        "IPV6_UNICAST_HOPS" => Tell(call, TimeToLiveOf(entry, call.Name)),
        "IPV6_V6ONLY" => Tell(call, entry.Value(call.Name, IsLinux ? 0 : 1)),
        "IPV6_MTU_DISCOVER" => Tell(call, entry.Value(call.Name, 1)),
        "IPV6_MTU" => GetPathMtu(entry, call),
        "IPV6_AUTOFLOWLABEL" => Tell(call, entry.Value(call.Name, 1)),
        _ => entry.Values.TryGetValue(call.Name, out long value) ? Tell(call, value)
            : call.Name is "IPV6_RECVERR" or "IPV6_DONTFRAG" or "IPV6_FREEBIND" or "IPV6_TRANSPARENT" ? Tell(call, 0) : NoSuchOption,
    };

    /// <summary>The ECN bits of a stream are TCP's own (__ip_sock_set_tos()).</summary>
    private static SocketResult SetTrafficClass(SocketEntry entry, string name, long value, Timestamp now)
    {
        entry.Values[name] = entry.IsStream ? value & ~EcnMask | entry.Value(name, 0) & EcnMask : value;
        byte dscp = (byte)(value >> 2);
        if (entry.Endpoint is { } endpoint) endpoint.Dscp = dscp;
        return Change(entry, options => options with { Dscp = dscp }, now);
    }

    private static SocketResult SetTimeToLive(SocketEntry entry, SetOptionCall call, Timestamp now)
    {
        entry.Values[call.Name] = call.Value;
        byte octet = (byte)(call.Value < 0 ? DefaultTimeToLive : Math.Max(1, call.Value));
        if (entry.Endpoint is { } endpoint) endpoint.TimeToLive = octet;
        return Change(entry, options => options with { TimeToLive = octet }, now);
    }

    private static long TimeToLiveOf(SocketEntry entry, string name)
    {
        long value = entry.Value(name, -1);
        return value < 0 ? DefaultTimeToLive : value;
    }

    private static SocketResult SetDiscovery(SocketEntry entry, SetOptionCall call)
    {
        if (entry.Endpoint is { } endpoint) endpoint.DontFragment = call.Value != 0;
        return Keep(entry, call, call.Value);
    }

    /// <summary>Of the path to the peer: ENOTCONN without one.</summary>
    private SocketResult GetPathMtu(SocketEntry entry, GetOptionCall call)
    {
        InternetAddress? remote = entry.Endpoint is { IsConnected: true } endpoint ? endpoint.RemoteAddress
            : entry.State is TcpState.Closed or TcpState.Listen ? null : entry.Connection?.Tuple.RemoteAddress;
        return remote is { } peer ? Tell(call, _stack.PathMtu(peer)) : SocketResult.Error(Errnos.NotConnected);
    }
}
