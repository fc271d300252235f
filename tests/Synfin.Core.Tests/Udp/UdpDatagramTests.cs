using Synfin.Core.Tests.Engine;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Udp;

/// <summary>Datagrams in and out: whole, in order, within limits (RFC 768, RFC 1122 4.1, RFC 8085).</summary>
public sealed class UdpDatagramTests
{
    private readonly UdpHost _host = new();

    private static byte[] Numbered(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + i / 256))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_472)]
    public void A_datagram_arrives_whole_and_is_signalled_once_a_turn(int length)
    {
        UdpEndpoint endpoint = _host.Bind(Given.Us, 53);
        _host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, Numbered(length)));
        Assert.Same(endpoint, Assert.Single(_host.Signals));
        Assert.Equal(Numbered(length), _host.Receives(endpoint, out ReceivedDatagram datagram));
        Assert.Equal(new ReceivedDatagram(length, false, Given.Peer, 9, Given.Us), datagram);
        Assert.Equal(TcpError.WouldBlock, _host.Fails(endpoint));
        Assert.Equal((1, 0), (_host.Stack.Counters.DatagramsReceived, _host.Stack.PagesInUse));
    }

    [Theory]
    [InlineData("192.0.2.1", 0)]
    [InlineData("192.0.2.1", 1_472)]
    [InlineData("2001:db8:1::1", 0)]
    [InlineData("2001:db8:1::1", 1_452)]
    public void A_datagram_is_sent_whole_with_a_checksum_in_one_packet(string to, int length)
    {
        InternetAddress peer = InternetAddress.Parse(to);
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);
        endpoint.Dscp = 46;
        endpoint.TimeToLive = 3;
        Assert.Equal(TcpError.None, endpoint.Send(Numbered(length), peer, 9, _host.Now));
        _host.Turn();
        byte[] packet = _host.TakeSent();
        IpHeader ip = Packets.Ip(packet);
        Assert.Equal((peer, 3, 46, IpProtocol.Udp), (ip.Destination, ip.TimeToLive, ip.Dscp, ip.Protocol));
        Assert.Equal(peer.IsIpv4 ? Given.Us : Given.UsIpv6, ip.Source);
        Assert.Equal(WireError.None, UdpHeader.TryParse(ip.Payload(packet), ip.Source, ip.Destination, false, out UdpHeader udp));
        Assert.Equal((53, 9), (udp.SourcePort, udp.DestinationPort));
        Assert.NotEqual(0, udp.Checksum);
        Assert.Equal(Numbered(length), udp.Data.ToArray());
        Assert.Equal((1, 1, 0), (_host.Stack.Counters.DatagramsSent, _host.Stack.Counters.PacketsSent, _host.Stack.PagesInUse));
    }

    [Fact]
    [Trait("Rfc", "8085 3.2")]
    public void What_does_not_fit_the_MTU_is_refused_if_it_may_not_be_fragmented()
    {
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);
        endpoint.DontFragment = true;
        Assert.Equal((1_472, 1_452), (endpoint.MaxDataTo(Given.Peer), endpoint.MaxDataTo(Given.PeerIpv6)));
        Assert.Equal(TcpError.MessageTooLong, endpoint.Send(new byte[1_473], Given.Peer, 9, _host.Now));
        Assert.Equal(TcpError.MessageTooLong, endpoint.Send(new byte[1_453], Given.PeerIpv6, 9, _host.Now));
        Assert.Equal(TcpError.None, endpoint.Send(new byte[1_472], Given.Peer, 9, _host.Now));
        _host.Stack.Mtu = 1_400; // while it waits
        _host.Turn();
        Assert.Empty(_host.Link.Packets);
        Assert.Equal((1, 0), (_host.Stack.Counters.DatagramsTooLong, _host.Stack.Counters.DatagramsSent));
    }

    [Fact]
    public void What_does_not_fit_the_callers_memory_is_cut_and_the_next_is_not_touched()
    {
        UdpEndpoint endpoint = _host.Bind(Given.Us, 53);
        _host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [1, 2, 3, 4]));
        _host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [5]));
        byte[] two = new byte[2];
        Assert.Equal(TcpError.None, endpoint.Receive(two, _host.Now, out ReceivedDatagram cut));
        Assert.Equal((2, true), (cut.Count, cut.Truncated));
        Assert.Equal([1, 2], two);
        Assert.Equal([5], _host.Receives(endpoint, out ReceivedDatagram whole));
        Assert.False(whole.Truncated);
    }

    [Fact]
    public void Beyond_the_limits_what_arrives_is_lost_and_counted_and_what_was_there_stays()
    {
        var host = new UdpHost(new StackOptions { MaxUdpQueueDatagrams = 3, MaxUdpQueueOctets = 65_535 });
        UdpEndpoint endpoint = host.Bind(Given.Us, 53);
        for (byte i = 0; i < 5; i++) host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [i]));
        Assert.Equal((3, 2), (endpoint.ReceiveQueueCount, host.Drops(DropReason.DatagramQueueFull)));
        for (byte i = 0; i < 3; i++) Assert.Equal([i], host.Receives(endpoint));
        host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, new byte[60_000]));
        host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, new byte[5_536]));
        host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, new byte[5_535]));
        Assert.Equal((2, 65_535, 3), (endpoint.ReceiveQueueCount, endpoint.ReceiveQueueOctets, host.Drops(DropReason.DatagramQueueFull)));
        Assert.Empty(host.Link.Packets); // it is no reason for ICMP
    }

    [Fact]
    [Trait("Threat", "50")]
    public void Small_datagrams_share_pages_and_without_pages_they_are_lost()
    {
        var host = new UdpHost(new StackOptions { MaxPages = 2 });
        UdpEndpoint endpoint = host.Bind(Given.Us, 53);
        for (int i = 0; i < 1_000; i++) host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [1, 2, 3, 4]));
        Assert.Equal((1_000, 1), (endpoint.ReceiveQueueCount, host.Stack.PagesInUse));
        for (int i = 0; i < 4; i++) host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, new byte[1_400]));
        Assert.Equal((2, 2 * 1_400 + 4_000), (host.Stack.PagesInUse, endpoint.ReceiveQueueOctets));
        Assert.Equal(2, host.Drops(DropReason.NoMemory));
        Assert.Equal(TcpError.InsufficientResources, endpoint.Send(new byte[1_000], Given.Peer, 9, host.Now));
        endpoint.Close(host.Now);
        host.Turn();
        Assert.Equal((0, 0), (host.Stack.PagesInUse, host.Stack.UdpEndpointCount));
    }

    [Fact]
    public void A_full_link_loses_nothing_and_a_full_queue_says_when_there_is_room()
    {
        var host = new UdpHost(new StackOptions { MaxUdpQueueDatagrams = 4 });
        UdpEndpoint endpoint = host.Bind(Given.Us, 53);
        host.Link.Room = 0;
        for (byte i = 0; i < 4; i++) Assert.Equal(TcpError.None, endpoint.Send([i], Given.Peer, 9, host.Now));
        Assert.Equal(TcpError.WouldBlock, endpoint.Send([4], Given.Peer, 9, host.Now));
        host.Turn();
        Assert.Equal((4, 0, true), (endpoint.SendQueueCount, host.Signals.Count, host.Stack.HasOutput));
        host.Link.Room = 1;
        host.Turn();
        Assert.Same(endpoint, Assert.Single(host.Signals));
        Assert.Equal(TcpError.None, endpoint.Send([4], Given.Peer, 9, host.Now));
        host.Link.Room = int.MaxValue;
        host.Turn();
        Assert.Equal([0, 1, 2, 3, 4], host.Link.Packets.Select(p => p[^1]));
    }

    [Fact]
    public void What_was_sent_before_close_still_goes_out_and_nothing_is_received_any_more()
    {
        UdpEndpoint endpoint = _host.Bind(Given.Us, 53);
        _host.Link.Room = 0;
        endpoint.Send([1], Given.Peer, 9, _host.Now);
        endpoint.Close(_host.Now);
        endpoint.Close(_host.Now);
        _host.Turn();
        Assert.Equal(TcpError.ConnectionDoesNotExist, endpoint.Send([2], Given.Peer, 9, _host.Now));
        Assert.Equal(TcpError.ConnectionDoesNotExist, endpoint.Connect(Given.Peer, 9, _host.Now));
        Assert.Equal(TcpError.ConnectionDoesNotExist, _host.Fails(endpoint));
        _host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [3]));
        Assert.Equal(1, _host.Drops(DropReason.NoPort));
        _host.Link.Room = int.MaxValue;
        _host.Turn();
        Assert.Equal(1, _host.Link.Packets.Count(p => Packets.Ip(p).Protocol == IpProtocol.Udp));
        Assert.Equal((0, 0, false), (_host.Stack.UdpEndpointCount, _host.Stack.PagesInUse, _host.Stack.HasOutput));
    }

    [Fact]
    public void Endpoints_take_turns_with_each_other_and_with_connections()
    {
        Given given = Given.Established();
        Assert.Equal(TcpError.None, given.Connection.Send(new byte[8 * 1_460], given.Now, out _));
        UdpEndpoint[] endpoints = new UdpEndpoint[2];
        for (ushort i = 0; i < 2; i++)
        {
            Assert.Equal(TcpError.None, given.Stack.BindUdp(Given.Us, (ushort)(53 + i), given.Now, out UdpEndpoint? endpoint));
            endpoints[i] = endpoint!;
            for (int n = 0; n < 4; n++) endpoint!.Send([(byte)n], Given.Peer, 9, given.Now);
        }
        var link = new RecordingLink();
        var order = new List<int>();
        for (int turn = 0; turn < 30 && order.Count < 16; turn++)
        {
            link.Room = 1; // whoever comes first in a turn must not be the same each time
            given.Stack.Output(link, given.Now);
            order.AddRange(link.Packets.Select(p => Packets.Ip(p).Protocol == IpProtocol.Tcp ? 0 : p[21]));
            link.Packets.Clear();
        }
        Assert.Equal([53, 0, 54, 0, 53, 0, 54, 0, 53, 0, 54, 0, 53, 0, 54, 0], order); // the handshake was the connection's turn
    }

    [Theory]
    [InlineData("127.0.0.1", 65_507)]
    [InlineData("::1", 65_527)] // in fragments: with its headers it is larger than a packet
    [InlineData("192.168.0.1", 65_507)]
    public void A_host_speaks_to_itself_with_datagrams_as_large_as_IP_allows(string address, int most)
    {
        InternetAddress to = InternetAddress.Parse(address);
        UdpEndpoint server = _host.Bind(InternetAddress.AnyIpv6, 53);
        UdpEndpoint client = _host.Bind(InternetAddress.AnyIpv6, 0);
        Assert.Equal(TcpError.MessageTooLong, client.Send(new byte[most + 1], to, 53, _host.Now));
        Assert.Equal(TcpError.None, client.Send(Numbered(most), to, 53, _host.Now));
        _host.Turn();
        Assert.Equal(Numbered(most), _host.Receives(server, out ReceivedDatagram datagram));
        Assert.Equal(TcpError.None, server.Send([1], datagram.RemoteAddress, datagram.RemotePort, _host.Now));
        _host.Turn();
        Assert.Equal([1], _host.Receives(client));
        Assert.Empty(_host.Link.Packets);
    }

    [Fact]
    public void A_full_loopback_queue_holds_up_neither_the_link_nor_the_order()
    {
        var host = new UdpHost(new StackOptions { MaxLoopbackPackets = 1 });
        UdpEndpoint server = host.Bind(InternetAddress.AnyIpv6, 53);
        UdpEndpoint client = host.Bind(InternetAddress.AnyIpv6, 54);
        UdpEndpoint other = host.Bind(InternetAddress.AnyIpv6, 55);
        for (byte i = 0; i < 5; i++) client.Send([i], Given.Us, 53, host.Now);
        other.Send([9], Given.Peer, 9, host.Now);
        Assert.True(host.Stack.Output(host.Link, host.Now));
        Assert.Equal(9, host.TakeSent()[^1]);
        host.Turn();
        for (byte i = 0; i < 5; i++) Assert.Equal([i], host.Receives(server));
    }

    [Fact]
    public void Bad_lengths_and_checksums_are_counted_and_reach_nobody()
    {
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);
        byte[] damaged = UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [1, 2]);
        damaged[^1] ^= 1;
        _host.Arrives(damaged);
        _host.Arrives(UdpHost.Datagram(Given.PeerIpv6, 9, Given.UsIpv6, 53, [1, 2], checksum: false));
        Assert.Equal(2, _host.Drops(DropReason.Checksum));
        _host.Arrives(Packets.InIp(Given.Peer, Given.Us, IpProtocol.Udp, new byte[7]));
        _host.Arrives(Packets.InIp(Given.Peer, Given.Us, IpProtocol.Udp, new byte[8]));
        Assert.Equal((2, 0, 0), (_host.Drops(DropReason.Malformed), endpoint.ReceiveQueueCount, _host.Link.Packets.Count));
        _host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [1, 2], checksum: false));
        _host.Arrives(damaged, checksumVerified: true);
        Assert.Equal(2, endpoint.ReceiveQueueCount);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(-1)]
    public void A_code_point_has_six_bits(int dscp) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _host.Bind(Given.Us, 53).Dscp = dscp);
}
