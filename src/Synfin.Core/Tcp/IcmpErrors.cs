using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>ICMP errors that quote one of our segments (RFC 9293 3.9.2.2, RFC 5927).</summary>
public sealed partial class TcpConnection
{
    /// <summary>What ICMP said last of a segment in flight; Other if nothing.</summary>
    internal IcmpKind LastIcmp { get; private set; }

    /// <summary>Its code.</summary>
    internal byte LastIcmpCode { get; private set; }

    /// <summary>MUST-54: acted on only if the quoted number is in flight; a blind attacker cannot know it.</summary>
    internal bool IcmpErrorArrives(in IcmpMessage message)
    {
        bool inFlight = message.QuotedSequence.IsIn(Snd.Una, Snd.Nxt);
        if (!inFlight) return false;
        _stack.Counters.IcmpErrors++;
        LastIcmp = message.Kind;
        LastIcmpCode = message.Code;
        switch (message.Kind)
        {
            case IcmpKind.PacketTooBig:
                PathMtuShrank(message.Mtu);
                return true;
            case IcmpKind.ProtocolUnreachable or IcmpKind.PortUnreachable:
                HardError(TcpError.ConnectionRefused);
                return true;
            case IcmpKind.Prohibited:
                HardError(TcpError.Prohibited);
                return true;
            case IcmpKind.HostUnreachable:
                SoftError(TcpError.HostUnreachable);
                return true;
            case IcmpKind.NetworkUnreachable or IcmpKind.SourceRouteFailed or IcmpKind.TimeExceeded or IcmpKind.ParameterProblem:
                SoftError(TcpError.NetworkUnreachable);
                return true;
            default:
                return true; // MUST-55: source quench and the rest say nothing that we heed
        }
    }

    /// <summary>
    /// MUST-56: it ends nothing; but an OPEN in the profile of Linux, for which no error of an OPEN is soft, and in that of FreeBSD
    /// (tcp_notify()) one that was sent again four times and hears it twice.
    /// </summary>
    private void SoftError(TcpError error)
    {
        bool again = JudgesAsFreeBsd && _retransmits > 3 && _softError is not TcpError.None;
        if (Profile.UnreachableEndsOpen || (again && _state is TcpState.SynSent or TcpState.SynReceived)) HardError(error);
        else ReportSoftError(error);
    }

    /// <summary>
    /// Nobody at the next hop answers. The host knows that by itself, so an OPEN ends at once with it, as Linux's do; for others it is a
    /// soft error, since the neighbour may come back (MUST-56).
    /// </summary>
    internal void NextHopUnreachable(in IcmpMessage message)
    {
        if (!message.QuotedSequence.IsIn(Snd.Una, Snd.Nxt)) return;
        if (_state is TcpState.SynSent) HardError(TcpError.HostUnreachable);
        else ReportSoftError(TcpError.HostUnreachable);
    }

    /// <summary>SHLD-26 with RFC 5927 5.2: a hard error ends an OPEN, but never a synchronised connection.</summary>
    private void HardError(TcpError error)
    {
        if (_state is TcpState.SynSent or TcpState.SynReceived) End(CloseReason.Unreachable, error);
        else ReportSoftError(error);
        Reschedule();
    }

    /// <summary>RFC 1191, RFC 8201: smaller segments from now on, and what was too big goes again at once.</summary>
    private void PathMtuShrank(int mtu)
    {
        if (!Key.RemoteAddress.IsIpv4 && mtu < NetworkStack.MinimumPathMtuIpv6) return; // RFC 8201 4: "it must discard it"
        _stack.LearnPathMtu(Key.RemoteAddress, mtu); // for those who come after this connection
        int headers = (Key.RemoteAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length) + TcpHeader.MinimumLength;
        int least = Key.RemoteAddress.IsIpv4 ? NetworkStack.MinimumPathMtuIpv4 : NetworkStack.MinimumPathMtuIpv6;
        int path = Math.Max(mtu, least) - headers;
        int before = Snd.Mss;
        if (_pathMss > 0 && path >= _pathMss) return;
        _pathMss = path;
        UpdateSendMss();
        if (Snd.Mss >= before || FlightSize == 0 || _state is TcpState.SynSent or TcpState.SynReceived) return;
        // Not a sign of congestion (RFC 1191 6.4): the window stays, only what is in flight is sent again.
        ResendAll();
        Set(ConnectionFlags.ForceRetransmit);
        MakeReady();
        Reschedule();
    }
}
