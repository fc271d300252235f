using Synfin.Timers;

namespace Synfin.Drill.Sockets;

/// <summary>
/// The socket calls of one process, as a kernel has them. The runner turns a script's call into a <see cref="SocketCall"/>; this says what
/// the kernel of the profile would return.
/// </summary>
internal interface ISockets
{
    /// <summary>
    /// Makes a call, or asks again about one that blocks. A call that blocks has had its effect on the socket only when it completes
    /// (a blocking write takes octets bit by bit; the call remembers).
    /// </summary>
    SocketResult Invoke(SocketCall call, Timestamp now);
}
