using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// A path that swallows large packets and does not say so (RFC 2923 2.1): nothing but time-outs of full segments tells of it. Then smaller
/// ones are tried (RFC 4821 7.7), half as large each time; if they do not arrive either, it was not their size.
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>RFC 4821 7.2: a size that nearly every path takes.</summary>
    private const int BaseMss = 1_024;

    private void SuspectBlackHole()
    {
        if (Profile.BlackHoleTimeouts == 0 || _flight is not { Count: > 0 } flight) return;
        if (_retransmits % Profile.BlackHoleTimeouts != 0) return;
        bool full = Snd.Nxt - Snd.Una >= Snd.Mss;
        if (!flight.InBlackHole && (_retransmits != Profile.BlackHoleTimeouts || !full)) return;
        bool ipv4 = Key.RemoteAddress.IsIpv4;
        int least = ipv4
            ? NetworkStack.MinimumPathMtuIpv4 - IpHeader.Ipv4Length - TcpHeader.MinimumLength
            : NetworkStack.MinimumPathMtuIpv6 - IpHeader.Ipv6Length - TcpHeader.MinimumLength;
        int now = Snd.Mss + (Has(ConnectionFlags.Timestamps) ? 12 : 0);
        int smaller = Math.Max(least, Math.Min(BaseMss, now / 2));
        if (smaller >= now)
        {
            if (flight.InBlackHole) _pathMss = flight.MssBefore; // nor do these arrive
            flight.InBlackHole = false;
            UpdateSendMss();
            return;
        }
        if (!flight.InBlackHole) flight.MssBefore = _pathMss;
        flight.InBlackHole = true;
        _pathMss = smaller;
        UpdateSendMss();
        _stack.Counters.BlackHoles++;
    }
}
