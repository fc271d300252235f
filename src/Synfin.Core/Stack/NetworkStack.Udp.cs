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
        InternetAddress bound,
        InternetAddress remote,
        ushort remotePort,
        InternetAddress? wanted,
        bool mayBroadcast,
        out InternetAddress source)
    {
        source = default;
        if (remotePort == 0) return TcpError.InvalidRemoteAddress;
        bool toAll = IsBroadcast(remote);
        if (toAll ? !mayBroadcast : !IsUnicast(remote)) return TcpError.InvalidRemoteAddress;
        bool family = bound == InternetAddress.AnyIpv6 || bound.IsIpv4 == remote.IsIpv4;
        if (!family) return TcpError.InvalidRemoteAddress;
        if (!bound.IsUnspecified)
        {
            if (wanted is { IsUnspecified: false } other && other != bound) return TcpError.InvalidLocalAddress;
            wanted = bound;
        }
        if (toAll && TryChooseNoSource(remote, wanted, out source)) return TcpError.None;
        return TryChooseSource(remote, wanted, out source) ? TcpError.None : TcpError.InvalidLocalAddress;
    }

    /// <summary>
    /// 0.0.0.0 to 255.255.255.255: who has no address yet, or says that it is as if it had none (RFC 1122 3.2.1.3, RFC 2131 4.1).
    /// </summary>
    private bool TryChooseNoSource(InternetAddress remote, InternetAddress? wanted, out InternetAddress source)
    {
        source = InternetAddress.AnyIpv4;
        if (!remote.IsLimitedBroadcast || wanted is { IsUnspecified: false }) return false;
        return wanted == InternetAddress.AnyIpv4 || !TryChooseSource(remote, null, out _);
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
        if (FindEndpoint(ip.Destination, udp.DestinationPort, ip.Source, udp.SourcePort) is not { } endpoint)
        {
            CountDrop(DropReason.NoPort);
            QueueUnreachable(in ip, packet, IcmpKind.PortUnreachable); // RFC 1122 4.1.3.1, RFC 4443 3.1
            return;
        }
        if (metadata.SegmentSize == 0)
        {
            Count(endpoint.Arrives(ip.Destination, ip.Source, udp.SourcePort, udp.Data));
            return;
        }
        // Several datagrams that the link joined; the one header that is left may count the first alone.
        ReadOnlySpan<byte> data = ip.Payload(packet)[UdpHeader.HeaderLength..];
        do
        {
            int size = Math.Min(metadata.SegmentSize, data.Length);
            Count(endpoint.Arrives(ip.Destination, ip.Source, udp.SourcePort, data[..size]));
            data = data[size..];
        }
        while (!data.IsEmpty);

        void Count(DropReason reason)
        {
            if (reason is DropReason.None) Counters.DatagramsReceived++;
            else CountDrop(reason);
        }
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

    /// <summary>
    /// An ICMP error that quotes a datagram: for an endpoint that is connected to its receiver, and for nobody else. But that a path is
    /// narrow is believed whoever has the port (RFC 8201 4).
    /// </summary>
    private bool IcmpErrorArrivesUdp(in IcmpMessage message)
    {
        FourTuple tuple = message.QuotedTuple;
        UdpEndpoint? endpoint = FindEndpoint(tuple.LocalAddress, tuple.LocalPort, tuple.RemoteAddress, tuple.RemotePort);
        if (endpoint is not null && message.Kind is IcmpKind.PacketTooBig) LearnPathMtu(tuple.RemoteAddress, message.Mtu);
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
