using System.Buffers.Binary;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>Numbers of options and requests on Linux, and where tcp_info has what (linux/tcp.h).</summary>
internal static class SystemOptions
{
    public const int Socket = 1;
    public const int Tcp = 6;
    public const int TcpInformation = 11;
    public const int TcpCongestion = 13;
    public const int TcpInformationRoom = 256;

    private static readonly Dictionary<string, int> _levels = new()
    {
        ["SOL_SOCKET"] = Socket,
        ["SOL_TCP"] = Tcp,
        ["IPPROTO_TCP"] = Tcp,
        ["SOL_IP"] = 0,
        ["IPPROTO_IP"] = 0,
        ["SOL_IPV6"] = 41,
        ["IPPROTO_IPV6"] = 41,
    };

    private static readonly Dictionary<string, int> _options = new()
    {
        ["SO_REUSEADDR"] = 2,
        ["SO_TYPE"] = 3,
        ["SO_ERROR"] = 4,
        ["SO_SNDBUF"] = 7,
        ["SO_RCVBUF"] = 8,
        ["SO_KEEPALIVE"] = 9,
        ["SO_OOBINLINE"] = 10,
        ["SO_PRIORITY"] = 12,
        ["SO_LINGER"] = 13,
        ["SO_REUSEPORT"] = 15,
        ["SO_RCVLOWAT"] = 18,
        ["SO_ACCEPTCONN"] = 30,
        ["SO_SNDBUFFORCE"] = 32,
        ["SO_RCVBUFFORCE"] = 33,
        ["SO_PROTOCOL"] = 38,
        ["SO_DOMAIN"] = 39,
        ["TCP_NODELAY"] = 1,
        ["TCP_MAXSEG"] = 2,
        ["TCP_CORK"] = 3,
        ["TCP_KEEPIDLE"] = 4,
        ["TCP_KEEPINTVL"] = 5,
        ["TCP_KEEPCNT"] = 6,
        ["TCP_SYNCNT"] = 7,
        ["TCP_LINGER2"] = 8,
        ["TCP_DEFER_ACCEPT"] = 9,
        ["TCP_WINDOW_CLAMP"] = 10,
        ["TCP_INFO"] = TcpInformation,
        ["TCP_QUICKACK"] = 12,
        ["TCP_CONGESTION"] = TcpCongestion,
        ["TCP_USER_TIMEOUT"] = 18,
        ["TCP_NOTSENT_LOWAT"] = 25,
        ["IP_TOS"] = 1,
        ["IP_TTL"] = 2,
        ["IP_MTU_DISCOVER"] = 10,
        ["IP_RECVERR"] = 11,
        ["IP_MTU"] = 14,
        ["IPV6_UNICAST_HOPS"] = 16,
        ["IPV6_MTU"] = 24,
        ["IPV6_RECVERR"] = 25,
        ["IPV6_V6ONLY"] = 26,
        ["IPV6_TCLASS"] = 67,
    };

    private static readonly Dictionary<string, nuint> _requests = new()
    {
        ["SIOCINQ"] = 0x541B,
        ["FIONREAD"] = 0x541B,
        ["SIOCOUTQ"] = 0x5411,
        ["SIOCOUTQNSD"] = 0x894B,
        ["SIOCATMARK"] = 0x8905,
    };

    private static readonly (string Name, int Offset, int Length)[] _information =
    [
        ("state", 0, 1), ("ca_state", 1, 1), ("retransmits", 2, 1), ("probes", 3, 1), ("backoff", 4, 1), ("options", 5, 1),
        ("rto", 8, 4), ("ato", 12, 4), ("snd_mss", 16, 4), ("rcv_mss", 20, 4), ("unacked", 24, 4), ("sacked", 28, 4), ("lost", 32, 4),
        ("retrans", 36, 4), ("fackets", 40, 4), ("last_data_sent", 44, 4), ("last_ack_sent", 48, 4), ("last_data_recv", 52, 4),
        ("last_ack_recv", 56, 4), ("pmtu", 60, 4), ("rcv_ssthresh", 64, 4), ("rtt", 68, 4), ("rttvar", 72, 4), ("snd_ssthresh", 76, 4),
        ("snd_cwnd", 80, 4), ("advmss", 84, 4), ("reordering", 88, 4), ("rcv_rtt", 92, 4), ("rcv_space", 96, 4),
        ("total_retrans", 100, 4), ("pacing_rate", 104, 8), ("max_pacing_rate", 112, 8), ("bytes_acked", 120, 8),
        ("bytes_received", 128, 8), ("segs_out", 136, 4), ("segs_in", 140, 4), ("notsent_bytes", 144, 4), ("min_rtt", 148, 4),
        ("data_segs_in", 152, 4), ("data_segs_out", 156, 4), ("delivery_rate", 160, 8), ("busy_time", 168, 8), ("rwnd_limited", 176, 8),
        ("sndbuf_limited", 184, 8), ("delivered", 192, 4), ("delivered_ce", 196, 4), ("bytes_sent", 200, 8), ("bytes_retrans", 208, 8),
        ("dsack_dups", 216, 4), ("reord_seen", 220, 4), ("rcv_ooopack", 224, 4), ("snd_wnd", 228, 4), ("rcv_wnd", 232, 4),
    ];

    public static bool TryFind(string level, string name, out int levelNumber, out int number)
    {
        number = 0;
        return _levels.TryGetValue(level, out levelNumber) && _options.TryGetValue(name, out number);
    }

    public static bool TryFindRequest(string name, out nuint number) => _requests.TryGetValue(name, out number);

    public static Dictionary<string, long> ReadInformation(ReadOnlySpan<byte> octets)
    {
        var values = new Dictionary<string, long>();
        foreach ((string name, int offset, int length) in _information)
        {
            if (offset + length > octets.Length) continue;
            ReadOnlySpan<byte> field = octets.Slice(offset, length);
            values["tcpi_" + name] = length switch
            {
                1 => field[0],
                4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
                _ => BinaryPrimitives.ReadInt64LittleEndian(field),
            };
        }
        values["tcpi_snd_wscale"] = octets[6] & 0xF;
        values["tcpi_rcv_wscale"] = octets[6] >> 4;
        return values;
    }
}
