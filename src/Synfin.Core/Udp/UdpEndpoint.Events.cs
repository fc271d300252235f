using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Udp;

/// <summary>What happens to an endpoint: datagrams, ICMP, and room on the link.</summary>
public sealed partial class UdpEndpoint
{
    /// <summary>How long a path MTU that ICMP reported is believed (RFC 1191 6.3: ten minutes).</summary>
    public static readonly Duration PathMtuLifetime = Duration.FromSeconds(600);

    private int _pathMtu;
    private Timestamp _pathMtuEnds;

    /// <summary>
    /// The most octets in a datagram to a host, now: the MTU less the headers. It is smaller if ICMP said so about the peer; larger
    /// datagrams are refused, as nothing is fragmented here (RFC 8085 3.2).
    /// </summary>
    public int MaxDataTo(InternetAddress remoteAddress)
    {
        int mtu = _stack.PathMtu(remoteAddress);
        bool learned = _pathMtu > 0 && IsConnected && remoteAddress == RemoteAddress && _stack.Now < _pathMtuEnds;
        if (learned) mtu = Math.Min(mtu, _pathMtu);
        return mtu - (remoteAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length) - UdpHeader.HeaderLength;
    }

    /// <summary>Whether a datagram that came to the port is for this endpoint.</summary>
    internal bool Hears(InternetAddress local, InternetAddress remote, ushort remotePort) =>
        !IsConnected || (remote == RemoteAddress && remotePort == RemotePort && local == LocalAddress);

    /// <summary>A datagram arrived.</summary>
    internal DropReason Arrives(InternetAddress local, InternetAddress remote, in UdpHeader udp)
    {
        if (!_received.HasRoom(udp.Data.Length)) return DropReason.DatagramQueueFull;
        var datagram = new QueuedDatagram
        {
            LocalAddress = local,
            RemoteAddress = remote,
            RemotePort = udp.SourcePort,
            Length = (ushort)udp.Data.Length,
        };
        if (!_received.TryEnqueue(_stack.Pages, in datagram, udp.Data)) return DropReason.NoMemory;
        Signal();
        return DropReason.None;
    }

    /// <summary>
    /// An ICMP error about a datagram to the peer (RFC 1122 4.1.3.3). Nothing in it but the ports can be checked, so it is told and
    /// changes nothing else, except that a smaller path MTU is believed down to the least one for a while.
    /// </summary>
    internal void IcmpErrorArrives(in IcmpMessage message)
    {
        _stack.Counters.IcmpErrors++;
        switch (message.Kind)
        {
            case IcmpKind.PacketTooBig:
                PathMtuShrank(message.Mtu);
                Report(TcpError.MessageTooLong);
                break;
            case IcmpKind.ProtocolUnreachable or IcmpKind.PortUnreachable:
                Report(TcpError.ConnectionRefused);
                break;
            case IcmpKind.Prohibited:
                Report(TcpError.Prohibited);
                break;
            case IcmpKind.HostUnreachable:
                Report(TcpError.HostUnreachable);
                break;
            case IcmpKind.NetworkUnreachable or IcmpKind.SourceRouteFailed or IcmpKind.TimeExceeded or IcmpKind.ParameterProblem:
                Report(TcpError.NetworkUnreachable);
                break;
            default:
                break; // source quench says nothing that we heed (RFC 6633)
        }
    }

    /// <summary>The datagram that is next for the link.</summary>
    internal ref readonly QueuedDatagram NextToSend(out TextSlices data) => ref _toSend.Peek(out data);

    /// <summary>The link took it.</summary>
    internal void Sent()
    {
        _toSend.Dequeue(_stack.Pages);
        if (!_wantsRoom) return;
        _wantsRoom = false;
        Signal();
    }

    /// <summary>Tells the application, once, with its next call.</summary>
    internal void Report(TcpError error)
    {
        if (!IsConnected || IsClosed) return;
        _error = error;
        Signal();
    }

    /// <exception cref="InvalidOperationException">Something does not hold; the message says what.</exception>
    internal void CheckInvariants()
    {
        _received.CheckInvariants();
        _toSend.CheckInvariants();
        if (Ready != (_toSend.Count > 0)) throw new InvalidOperationException($"UDP port {LocalPort}: ready is not what it has to send");
        if (IsClosed && _received.Count > 0) throw new InvalidOperationException($"UDP port {LocalPort} is closed and receives");
    }

    private void PathMtuShrank(int mtu)
    {
        int least = RemoteAddress.IsIpv4 ? NetworkStack.MinimumPathMtuIpv4 : NetworkStack.MinimumPathMtuIpv6;
        _pathMtu = Math.Max(mtu, least);
        _pathMtuEnds = _stack.Now + PathMtuLifetime;
    }
}
