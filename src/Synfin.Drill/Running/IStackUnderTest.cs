using System;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>
/// The stack that a script is played to: Synfin's engine in virtual time, or a kernel behind a TUN device in real time. Its clock may have
/// any epoch. A call that blocks is pending; whoever made it asks again after each <see cref="Advance"/>.
/// </summary>
internal interface IStackUnderTest : IDisposable
{
    /// <summary>The time now.</summary>
    Timestamp Now { get; }

    /// <summary>
    /// Whether time passes only in <see cref="Advance"/>: then a deviation is the stack's own, and waiting costs nothing.
    /// </summary>
    bool IsVirtualTime { get; }

    /// <summary>
    /// Lets time pass until something happened that may be of interest (a packet, a deadline, an end to a call), at most until
    /// <paramref name="until"/>; at least what is due now is done.
    /// </summary>
    void Advance(Timestamp until);

    /// <summary>A packet arrives from the network, whole from its IP header.</summary>
    void Inject(ReadOnlySpan<byte> ipPacket);

    /// <summary>Takes the oldest packet that the stack sent and nobody took.</summary>
    bool TryTakeOutbound(out CapturedPacket packet);

    /// <summary>Makes a call, or asks again about one that was pending.</summary>
    SocketResult Invoke(SocketCall call);
}
