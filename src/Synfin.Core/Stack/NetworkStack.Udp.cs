using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>UDP (RFC 768, RFC 1122 4.1): ports, the way in, and what is said to those who ask for a port that nobody has.</summary>
public sealed partial class NetworkStack
{
    private readonly List<UdpEndpoint> _udpEndpoints = [];
    private readonly Dictionary<(InternetAddress Address, ushort Port), UdpEndpoint> _udpByPort = [];
    private readonly Dictionary<ushort, int> _udpPortUse = [];
    private readonly Queue<UdpEndpoint> _signalledEndpoints = new();

    /// <summary>UDP endpoints: the open ones, and closed ones that still have something to send.</summary>
    public int UdpEndpointCount => _udpEndpoints.Count;

    /// <summary>Takes a UDP port.</summary>
    /// <param name="localAddress">One of the host's addresses, or unspecified: 0.0.0.0 for IPv4, :: for both families.</param>
    /// <param name="port">The port, 1 to 65,535; 0 takes a random one that nobody has (RFC 6056 3.3.1).</param>
    /// <param name="now">The time.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>None, InvalidLocalAddress, NoPortAvailable, ConnectionAlreadyExists or InsufficientResources.</returns>
    public TcpError BindUdp(InternetAddress localAddress, ushort port, Timestamp now, out UdpEndpoint? endpoint)
    {
        Advance(now);
        endpoint = null;
        if (!localAddress.IsUnspecified && !IsLocal(localAddress)) return TcpError.InvalidLocalAddress;
        if (_udpEndpoints.Count >= Options.MaxUdpEndpoints) return TcpError.InsufficientResources;
        if (port == 0)
        {
            var free = new UdpPredicate(this);
            if (!_ports.TryChooseAtRandom(ref free, out port)) return TcpError.NoPortAvailable;
        }
        if (_udpByPort.ContainsKey((localAddress, port))) return TcpError.ConnectionAlreadyExists;
        endpoint = new UdpEndpoint(this, localAddress, port) { Index = _udpEndpoints.Count };
        _udpEndpoints.Add(endpoint);
        _udpByPort.Add((localAddress, port), endpoint);
        _udpPortUse[port] = _udpPortUse.GetValueOrDefault(port) + 1;
        return TcpError.None;
    }

    /// <summary>The port is free at once; the endpoint goes when it has nothing left to send.</summary>
    internal void Close(UdpEndpoint endpoint)
    {
        ushort port = endpoint.LocalPort;
        _udpByPort.Remove((endpoint.BoundAddress, port));
        int left = _udpPortUse[port] - 1;
        if (left == 0) _udpPortUse.Remove(port);
        else _udpPortUse[port] = left;
        if (!endpoint.Ready) Forget(endpoint);
    }

    internal void EnqueueSignalled(UdpEndpoint endpoint) => _signalledEndpoints.Enqueue(endpoint);

    /// <summary>Where a datagram comes from (RFC 1122 4.1.3.5, 4.1.3.6).</summary>
    internal TcpError ChooseUdpSource(
        InternetAddress bound, InternetAddress remote, ushort remotePort, InternetAddress? wanted, out InternetAddress source)
    {
        source = default;
        if (!IsUnicast(remote) || remotePort == 0) return TcpError.InvalidRemoteAddress;
        bool family = bound == InternetAddress.AnyIpv6 || bound.IsIpv4 == remote.IsIpv4;
        if (!family) return TcpError.InvalidRemoteAddress;
        if (!bound.IsUnspecified)
        {
            if (wanted is { IsUnspecified: false } other && other != bound) return TcpError.InvalidLocalAddress;
            wanted = bound;
        }
        return TryChooseSource(remote, wanted, out source) ? TcpError.None : TcpError.InvalidLocalAddress;
    }

    private void UdpArrives(in IpHeader ip, ReadOnlySpan<byte> packet, ReceiveMetadata metadata)
    {
        WireError error = UdpHeader.TryParse(ip.Payload(packet), ip.Source, ip.Destination, metadata.ChecksumVerified, out UdpHeader udp);
        if (error is not WireError.None)
        {
            bool checksum = error is WireError.BadChecksum or WireError.MissingUdpChecksum;
            CountDrop(checksum ? DropReason.Checksum : DropReason.Malformed);
            return;
        }
        DropReason reason = DropReason.NoPort;
        if (FindEndpoint(ip.Destination, udp.DestinationPort, ip.Source, udp.SourcePort) is { } endpoint)
            reason = endpoint.Arrives(ip.Destination, ip.Source, in udp);
        if (reason is DropReason.None)
        {
            Counters.DatagramsReceived++;
            return;
        }
        CountDrop(reason);
        if (reason is DropReason.NoPort) QueuePortUnreachable(in ip, packet);
    }

    /// <summary>The one connected to the sender, before the one at the address, before 0.0.0.0, before ::.</summary>
    private UdpEndpoint? FindEndpoint(InternetAddress local, ushort localPort, InternetAddress remote, ushort remotePort)
    {
        if (_udpByPort.Count == 0) return null;
        UdpEndpoint? found = null;
        if (IsBest(local, ref found)) return found;
        if (local.IsIpv4 && IsBest(InternetAddress.AnyIpv4, ref found)) return found;
        IsBest(InternetAddress.AnyIpv6, ref found);
        return found;

        // Only a connected one cannot be bettered by those that follow.
        bool IsBest(InternetAddress address, ref UdpEndpoint? best)
        {
            if (!_udpByPort.TryGetValue((address, localPort), out UdpEndpoint? endpoint)) return false;
            if (!endpoint.Hears(local, remote, remotePort)) return false;
            if (endpoint.IsConnected) best = endpoint;
            else best ??= endpoint;
            return endpoint.IsConnected;
        }
    }

    /// <summary>RFC 1122 4.1.3.1, RFC 4443 3.1: who asks for a port that nobody has is told, as often as the limit allows.</summary>
    private void QueuePortUnreachable(in IpHeader ip, ReadOnlySpan<byte> packet)
    {
        if (_rawReplies.Count >= Options.MaxPendingReplies || !_icmpReplies.TryTake(Now))
        {
            Counters.RepliesDropped++;
            return;
        }
        bool v6 = ip.Version == 6;
        int headers = v6 ? IpHeader.Ipv6Length : IpHeader.Ipv4Length;
        int most = v6 ? IcmpWriter.MaxErrorPacketIpv6 : IcmpWriter.MaxErrorPacketIpv4;
        int quoted = ip.PayloadOffset + ip.PayloadLength;
        byte[] reply = new byte[Math.Min(most, headers + IcmpMessage.HeaderLength + quoted)];
        byte protocol = v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        int written = IcmpWriter.WriteUnreachable(reply.AsSpan(headers), packet, IcmpKind.PortUnreachable, ip.Destination);
        Debug.Assert(written == reply.Length - headers, "the quote fills the reply");
        IpHeaderWriter.Write(reply, ip.Destination, ip.Source, protocol, written, trafficClass: 0, timeToLive: 64, flowLabel: 0);
        _rawReplies.Enqueue(reply);
    }

    /// <summary>An ICMP error that quotes a datagram: for an endpoint that is connected to its receiver, and for nobody else.</summary>
    private bool IcmpErrorArrivesUdp(in IcmpMessage message)
    {
        FourTuple tuple = message.QuotedTuple;
        UdpEndpoint? endpoint = FindEndpoint(tuple.LocalAddress, tuple.LocalPort, tuple.RemoteAddress, tuple.RemotePort);
        if (endpoint is not { IsConnected: true }) return false;
        endpoint.IcmpErrorArrives(in message);
        return true;
    }

    private void Forget(UdpEndpoint endpoint)
    {
        Debug.Assert(endpoint.IsClosed && endpoint.SendQueueCount == 0, "nothing is lost");
        UdpEndpoint last = _udpEndpoints[^1];
        _udpEndpoints[endpoint.Index] = last;
        last.Index = endpoint.Index;
        _udpEndpoints.RemoveAt(_udpEndpoints.Count - 1);
    }

    private void CheckUdpInvariants()
    {
        int open = 0, ready = 0;
        for (int i = 0; i < _udpEndpoints.Count; i++)
        {
            UdpEndpoint endpoint = _udpEndpoints[i];
            endpoint.CheckInvariants();
            if (endpoint.Ready) ready++;
            else if (endpoint.IsClosed) throw new InvalidOperationException("a closed UDP endpoint with nothing to send is kept");
            if (endpoint.Index != i) throw new InvalidOperationException("a UDP endpoint is not where it says");
            if (endpoint.IsClosed) continue;
            open++;
            bool bound = _udpByPort.TryGetValue((endpoint.BoundAddress, endpoint.LocalPort), out UdpEndpoint? found) && found == endpoint;
            if (!bound) throw new InvalidOperationException($"UDP port {endpoint.LocalPort} does not lead to its endpoint");
        }
        if (open != _udpByPort.Count || ready != _readyEndpoints.Count)
            throw new InvalidOperationException("UDP endpoints are counted wrong");
        if (_udpEndpoints.Count > Options.MaxUdpEndpoints) throw new InvalidOperationException("MaxUdpEndpoints is exceeded");
    }

    /// <summary>A random port is one that nobody has at any address, so that the choice takes datagrams from no one.</summary>
    private readonly struct UdpPredicate(NetworkStack stack) : IPortPredicate
    {
        public bool IsFree(ushort port) => !stack._udpPortUse.ContainsKey(port);
    }
}
