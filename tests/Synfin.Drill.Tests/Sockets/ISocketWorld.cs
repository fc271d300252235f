using Synfin.Drill.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>A host whose socket calls a story makes, and the wire on which a peer's segments reach it.</summary>
internal interface ISocketWorld : IDisposable
{
    ISockets Sockets { get; }

    Timestamp Now { get; }

    InternetAddress Host { get; }

    InternetAddress Peer { get; }

    /// <summary>What the host has sent and nobody has looked at.</summary>
    Queue<byte[]> Sent { get; }

    /// <summary>A packet arrives, and what it causes is done.</summary>
    void Arrives(byte[] packet);

    /// <summary>Lets the host do what is due now.</summary>
    void Settle();
}
