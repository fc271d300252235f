using System.Globalization;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>The states of the namespace's sockets, as /proc tells them: also of those that no program holds any more.</summary>
internal sealed class SocketStates
{
    private const string Table = "/proc/thread-self/net/tcp";

    private static readonly string[] _names =
    [
        "", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED", "CLOSE-WAIT", "LAST-ACK",
        "LISTEN", "CLOSING", "SYN-RECEIVED",
    ];

    private readonly Dictionary<int, string> _connections = [];
    private readonly HashSet<int> _listeners = [];

    private SocketStates()
    {
    }

    /// <summary>Reads them, on the namespace's thread.</summary>
    public static SocketStates Read()
    {
        var states = new SocketStates();
        foreach (string line in File.ReadLines(Table).Skip(1))
        {
            string[] words = line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries);
            int port = Hexadecimal(words[1][^4..]);
            int state = Hexadecimal(words[3]);
            if (_names[state] == "LISTEN") states._listeners.Add(port);
            else states._connections[port] = _names[state];
        }
        return states;
    }

    public string Of(int localPort)
    {
        if (_connections.TryGetValue(localPort, out string? state)) return state;
        return _listeners.Contains(localPort) ? "LISTEN" : "CLOSED";
    }

    private static int Hexadecimal(string word) => int.Parse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
