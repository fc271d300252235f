using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// A path that swallows large packets and does not say so (RFC 2923 2.1): nothing but time-outs of full segments tells of it. Then smaller
/// ones are tried (RFC 4821 7.7); if they do not arrive either, it was not their size.
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>RFC 4821 7.2: a size that nearly every path takes, in octets of an IP packet's payload of TCP.</summary>
    private const int BaseMss = 1_024;

    private void SuspectBlackHole()
    {
        if (Profile.BlackHoleTimeouts == 0 || _flight is not { Count: > 0 } flight) return;
        if (flight.InBlackHole)
        {
            if (_retransmits < 2 * Profile.BlackHoleTimeouts) return;
            flight.InBlackHole = false;
            _pathMss = flight.MssBefore;
            UpdateSendMss();
            return;
        }
        bool full = Snd.Nxt - Snd.Una >= Snd.Mss;
        if (_retransmits != Profile.BlackHoleTimeouts || !full) return;
        bool ipv4 = Key.RemoteAddress.IsIpv4;
        int least = ipv4
            ? NetworkStack.MinimumPathMtuIpv4 - IpHeader.Ipv4Length - TcpHeader.MinimumLength
            : NetworkStack.MinimumPathMtuIpv6 - IpHeader.Ipv6Length - TcpHeader.MinimumLength;
        int now = Snd.Mss + (Has(ConnectionFlags.Timestamps) ? 12 : 0);
        int smaller = Math.Max(least, Math.Min(BaseMss, now / 2));
        if (smaller >= now) return;
        flight.InBlackHole = true;
        flight.MssBefore = _pathMss;
        _pathMss = smaller;
        UpdateSendMss();
        _stack.Counters.BlackHoles++;
    }
}
