using System.Collections.Generic;
using Synfin.Buffers;
using Synfin.Tcp;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>The way out for datagrams: endpoints take turns, one datagram each, and turns with the connections.</summary>
public sealed partial class NetworkStack
{
    private readonly Queue<UdpEndpoint> _readyEndpoints = new();
    private readonly List<UdpEndpoint> _heldEndpoints = [];

    internal void EnqueueReady(UdpEndpoint endpoint)
    {
        if (endpoint.Ready) return;
        endpoint.Ready = true;
        _readyEndpoints.Enqueue(endpoint);
    }

    /// <summary>Sends one datagram of the endpoint whose turn it is.</summary>
    /// <returns>False if the link was full.</returns>
    private bool OutputDatagram(ILink link)
    {
        UdpEndpoint endpoint = _readyEndpoints.Peek();
        ref readonly QueuedDatagram datagram = ref endpoint.NextToSend(out TextSlices data);
        bool toOurselves = IsLocal(datagram.RemoteAddress);
        if (endpoint.Cursor.Offset == 0 && data.Length > endpoint.MaxDataTo(datagram.RemoteAddress))
        {
            Counters.DatagramsTooLong++; // the MTU shrank while it waited
            endpoint.Report(TcpError.MessageTooLong);
        }
        else if (!Transmit(toOurselves ? _loopback : link, endpoint, in datagram, data))
        {
            if (!toOurselves) return false;
            _heldEndpoints.Add(_readyEndpoints.Dequeue()); // until the next turn makes room there; the link is for the others
            return true;
        }
        endpoint.Sent();
        _readyEndpoints.Dequeue();
        if (endpoint.SendQueueCount > 0)
        {
            _readyEndpoints.Enqueue(endpoint);
            return true;
        }
        endpoint.Ready = false;
        if (endpoint.IsClosed) Forget(endpoint);
        return true;
    }

    private void ReleaseHeldEndpoints()
    {
        foreach (UdpEndpoint endpoint in _heldEndpoints) _readyEndpoints.Enqueue(endpoint);
        _heldEndpoints.Clear();
    }

    /// <summary>The checksum is always there, and always finished: links complete TCP's alone (RFC 1122 4.1.3.4).</summary>
    private bool Transmit(ILink link, UdpEndpoint endpoint, in QueuedDatagram datagram, TextSlices data)
    {
        int headers = datagram.RemoteAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length;
        int length = headers + UdpHeader.HeaderLength + data.Length;
        if (endpoint.Cursor.Offset > 0 || length > PathMtu(datagram.RemoteAddress))
            return TransmitFragmented(link, endpoint, in datagram, data);
        Span<byte> scratch = stackalloc byte[IpHeader.Ipv6Length + UdpHeader.HeaderLength];
        int payload = UdpHeader.HeaderLength + data.Length;
        int ip = IpHeaderWriter.Write(
            scratch,
            datagram.LocalAddress,
            datagram.RemoteAddress,
            IpProtocol.Udp,
            payload,
            datagram.TrafficClass,
            datagram.TimeToLive,
            flowLabel: 0);
        WriteUdpHeader(scratch[ip..], endpoint.LocalPort, in datagram, data);
        var packet = new OutboundPacket
        {
            Header = scratch[..(ip + UdpHeader.HeaderLength)],
            Text = data,
            TransportOffset = ip,
            WireSegments = 1,
        };
        if (!link.Transmit(in packet)) return false;
        Counters.PacketsSent++;
        Counters.DatagramsSent++;
        return true;
    }

    private bool TransmitFragmented(ILink link, UdpEndpoint endpoint, in QueuedDatagram datagram, TextSlices data)
    {
        Span<byte> header = stackalloc byte[UdpHeader.HeaderLength];
        if (endpoint.Cursor.Offset == 0) WriteUdpHeader(header, endpoint.LocalPort, in datagram, data); // it is in the first fragment alone
        var whole = new FragmentedDatagram
        {
            Source = datagram.LocalAddress,
            Destination = datagram.RemoteAddress,
            Protocol = IpProtocol.Udp,
            TrafficClass = datagram.TrafficClass,
            TimeToLive = datagram.TimeToLive,
        };
        if (!TransmitFragments(link, in whole, header, data, ref endpoint.Cursor)) return false;
        Counters.DatagramsSent++;
        return true;
    }

    private static void WriteUdpHeader(Span<byte> destination, ushort localPort, in QueuedDatagram datagram, TextSlices data)
    {
        Span<byte> udp = destination[..UdpHeader.HeaderLength];
        int length = UdpHeader.HeaderLength + data.Length;
        UdpHeaderWriter.Write(udp, localPort, datagram.RemotePort, data.Length);
        ulong pseudo = InternetChecksum.PseudoHeader(datagram.LocalAddress, datagram.RemoteAddress, IpProtocol.Udp, length);
        var checksum = new ChecksumAccumulator(pseudo);
        checksum.Add(udp);
        foreach (ReadOnlySpan<byte> part in data) checksum.Add(part);
        UdpHeaderWriter.WriteChecksum(udp, in checksum);
    }
}
