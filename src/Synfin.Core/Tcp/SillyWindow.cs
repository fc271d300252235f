namespace Synfin.Tcp;

/// <summary>Whether a segment smaller than a full one may go (RFC 9293 3.8.6.2.1 and 3.7.4); no state.</summary>
internal static class SillyWindow
{
    /// <summary>
    /// Sender's silly-window avoidance (MUST-38): <paramref name="sendable"/> octets of <paramref name="unsent"/> fit the window, which is
    /// less than a full segment.
    /// </summary>
    /// <param name="sendable">min(D, U): what the window lets out.</param>
    /// <param name="unsent">D: what waits.</param>
    /// <param name="maxWindow">MAX.SND.WND.</param>
    /// <param name="nagleAllows">Nothing in flight forbids a small segment.</param>
    public static bool MaySend(int sendable, int unsent, int maxWindow, bool nagleAllows) =>
        sendable > 0 && ((sendable == unsent && nagleAllows) || (sendable < unsent && sendable >= (maxWindow + 1) / 2));
}
