using Synfin.Runtime;
using Synfin.Tcp;

namespace Synfin.Sockets;

/// <summary>What connections there are.</summary>
public sealed partial class TcpStack
{
    /// <summary>
    /// A copy of every connection's numbers, of one moment: STATUS (RFC 9293 3.10.6) for all of them, as <c>ss</c> and <c>netstat</c> show
    /// a kernel's. It has the connections that nobody has accepted yet and those that their application has left; half-open ones of
    /// listeners and those in TIME-WAIT are too small to have numbers, and are only counted (<see cref="Engine"/>). In no particular order,
    /// but in the same one for the same seed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calling thread does not own the stack.</exception>
    public IReadOnlyList<TcpStatus> GetConnections()
    {
        using StackGate.Visit visit = Gate.Enter(nameof(GetConnections));
        List<TcpStatus> connections = new(Engine.ConnectionCount);
        Engine.ForEachConnection(connection => connections.Add(connection.Status()));
        return connections;
    }

    /// <summary>The listeners with what waits at them, of one moment, in the order in which they began.</summary>
    /// <exception cref="InvalidOperationException">The calling thread does not own the stack.</exception>
    public IReadOnlyList<TcpListenerStatus> GetListeners()
    {
        using StackGate.Visit visit = Gate.Enter(nameof(GetListeners));
        return [.. _listeners.Select(listener => listener.Status())];
    }
}
