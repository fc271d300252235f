using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Finds the connection that something belongs to.</summary>
internal sealed class ConnectionRegistry
{
    private readonly Dictionary<FourTuple, ConnectionLog> _current = [];

    /// <summary>All connections, in the order of their appearance.</summary>
    public List<ConnectionLog> All { get; } = [];

    public ConnectionLog? Find(in FourTuple tuple) =>
        _current.TryGetValue(tuple, out ConnectionLog? log) || _current.TryGetValue(tuple.Reversed, out log) ? log : null;

    public ConnectionLog FindOrAdd(in FourTuple tuple) => Find(tuple) ?? Add(tuple);

    public ConnectionLog FindOrAdd(LadderSegment segment)
    {
        ConnectionLog? log = Find(segment.Tuple);
        return log is null || log.StartsAnew(segment, log.EndOf(segment.Tuple)) ? Add(segment.Tuple) : log;
    }

    /// <summary>A new life of the four-tuple.</summary>
    public ConnectionLog Add(in FourTuple tuple)
    {
        _current.Remove(tuple.Reversed);
        var log = new ConnectionLog(tuple);
        _current[tuple] = log;
        All.Add(log);
        return log;
    }
}
