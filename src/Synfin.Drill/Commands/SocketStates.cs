namespace Synfin.Drill.Commands;

/// <summary>The names that systems' commands give to the states of connections.</summary>
internal static class SocketStates
{
    private static readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase)
    {
        "CLOSED", "CLOSE", "LISTEN", "SYN_SENT", "SYN-SENT", "SYN_RCVD", "SYN_RECV", "SYN-RECV", "SYN_RECEIVED", "ESTABLISHED", "ESTAB",
        "CLOSE_WAIT", "CLOSE-WAIT", "FIN_WAIT_1", "FIN_WAIT1", "FIN-WAIT-1", "CLOSING", "LAST_ACK", "LAST-ACK", "FIN_WAIT_2", "FIN_WAIT2",
        "FIN-WAIT-2", "TIME_WAIT", "TIME-WAIT",
    };

    /// <summary>True for a state's name.</summary>
    public static bool IsState(string name) => _names.Contains(name);
}
