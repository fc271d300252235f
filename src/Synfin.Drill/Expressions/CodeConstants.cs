namespace Synfin.Drill.Expressions;

/// <summary>The names of numbers that kernels' headers give to scripts.</summary>
internal static class CodeConstants
{
    private static readonly Dictionary<string, long> _values = new(StringComparer.Ordinal)
    {
        // Linux: the state of congestion control
        ["TCP_CA_Open"] = 0,
        ["TCP_CA_Disorder"] = 1,
        ["TCP_CA_CWR"] = 2,
        ["TCP_CA_Recovery"] = 3,
        ["TCP_CA_Loss"] = 4,

        // Linux: the connection's state
        ["TCP_ESTABLISHED"] = 1,
        ["TCP_SYN_SENT"] = 2,
        ["TCP_SYN_RECV"] = 3,
        ["TCP_FIN_WAIT1"] = 4,
        ["TCP_FIN_WAIT2"] = 5,
        ["TCP_TIME_WAIT"] = 6,
        ["TCP_CLOSE"] = 7,
        ["TCP_CLOSE_WAIT"] = 8,
        ["TCP_LAST_ACK"] = 9,
        ["TCP_LISTEN"] = 10,
        ["TCP_CLOSING"] = 11,
        ["TCP_NEW_SYN_RECV"] = 12,

        // BSD: the connection's state
        ["TCPS_CLOSED"] = 0,
        ["TCPS_LISTEN"] = 1,
        ["TCPS_SYN_SENT"] = 2,
        ["TCPS_SYN_RECEIVED"] = 3,
        ["TCPS_ESTABLISHED"] = 4,
        ["TCPS_CLOSE_WAIT"] = 5,
        ["TCPS_FIN_WAIT_1"] = 6,
        ["TCPS_CLOSING"] = 7,
        ["TCPS_LAST_ACK"] = 8,
        ["TCPS_FIN_WAIT_2"] = 9,
        ["TCPS_TIME_WAIT"] = 10,

        // Bits of tcpi_options: the first four alike in both, then Linux's
        ["TCPI_OPT_TIMESTAMPS"] = 1,
        ["TCPI_OPT_SACK"] = 2,
        ["TCPI_OPT_WSCALE"] = 4,
        ["TCPI_OPT_ECN"] = 8,
        ["TCPI_OPT_ECN_SEEN"] = 16,
        ["TCPI_OPT_SYN_DATA"] = 32,

        ["TCP_INFINITE_SSTHRESH"] = 0x7fffffff,
    };

    /// <summary>All names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _values.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A name's number.</summary>
    public static bool TryGet(string name, out long value) => _values.TryGetValue(name, out value);
}
