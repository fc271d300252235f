using Synfin;
using Synfin.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace ForgottenClose;

/// <summary>
/// Looks for connections that a host's application has forgotten. CLOSE-WAIT says: the peer is done, and TCP waits for this end's CLOSE.
/// An application needs it for as long as its last words take. No timer ends it, as no protocol can know that nobody will speak any more.
/// </summary>
internal sealed class CloseWaitWatch(TcpStack stack)
{
    private Dictionary<FourTuple, Timestamp> _firstSeen = [];

    /// <summary>The connections in CLOSE-WAIT, the oldest first, and when each was first seen there. To be called now and then.</summary>
    public IReadOnlyList<(TcpStatus Status, Timestamp Since)> Look(Timestamp now)
    {
        List<(TcpStatus Status, Timestamp Since)> waiting = [];
        Dictionary<FourTuple, Timestamp> seen = [];
        foreach (TcpStatus status in stack.GetConnections())
        {
            if (status.State != TcpState.CloseWait) continue;
            Timestamp first = _firstSeen.GetValueOrDefault(status.Tuple, now);
            seen[status.Tuple] = first;
            waiting.Add((status, first));
        }
        _firstSeen = seen;
        waiting.Sort((one, other) => one.Since.CompareTo(other.Since));
        return waiting;
    }
}
