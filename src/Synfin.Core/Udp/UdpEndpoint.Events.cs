using Synfin.Buffers;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Udp;

/// <summary>What happens to an endpoint: datagrams, ICMP, and room on the link.</summary>
public sealed partial class UdpEndpoint
{
    /// <summary>How far the first datagram in the queue has been sent in fragments.</summary>
    internal FragmentCursor Cursor;

    /// <summary>
    /// The most octets in a datagram to a host, now: what UDP and IP carry, in fragments if need be. With <see cref="DontFragment"/>, the
    /// path's MTU less the headers; it is smaller if ICMP said so about the path.
    /// </summary>
    public int MaxDataTo(InternetAddress remoteAddress)
    {
        int headers = (remoteAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length) + UdpHeader.HeaderLength;
        if (DontFragment) return Math.Min(_stack.PathMtu(remoteAddress) - headers, UdpHeaderWriter.MaxData);
        return remoteAddress.IsIpv4 ? ushort.MaxValue - headers : UdpHeaderWriter.MaxData;
    }

    /// <summary>Whether a datagram that came to the port is for this endpoint.</summary>
    internal bool Hears(InternetAddress local, InternetAddress remote, ushort remotePort) =>
        !IsConnected || (remote == RemoteAddress && remotePort == RemotePort && local == LocalAddress);

    /// <summary>A datagram arrived.</summary>
    internal DropReason Arrives(InternetAddress local, InternetAddress remote, ushort remotePort, ReadOnlySpan<byte> data)
    {
        if (!_received.HasRoom(data.Length)) return DropReason.DatagramQueueFull;
        var datagram = new QueuedDatagram
        {
            LocalAddress = local,
            RemoteAddress = remote,
            RemotePort = remotePort,
            Length = (ushort)data.Length,
        };
        if (!_received.TryEnqueue(_stack.Pages, in datagram, data)) return DropReason.NoMemory;
        Signal();
        return DropReason.None;
    }

    /// <summary>
    /// An ICMP error about a datagram to the peer (RFC 1122 4.1.3.3). Nothing in it but the ports can be checked, so it is told and
    /// changes nothing else.
    /// </summary>
    internal void IcmpErrorArrives(in IcmpMessage message)
    {
        _stack.Counters.IcmpErrors++;
        switch (message.Kind)
        {
            case IcmpKind.PacketTooBig:
                if (DontFragment) Report(TcpError.MessageTooLong); // else the next one goes in fragments that fit
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
        Debug.Assert(Cursor.Offset == 0, "all of it is sent");
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
}
