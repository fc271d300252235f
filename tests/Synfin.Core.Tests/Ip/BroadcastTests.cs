using Synfin.Core.Tests.Engine;
using Synfin.Core.Tests.Udp;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>Datagrams to all on the link or in a subnet of it (RFC 919, RFC 1122 3.3.6), as DHCP needs them (RFC 2131 4.1).</summary>
public sealed class BroadcastTests
{
    private static readonly InternetAddress Everybody = InternetAddress.FromIpv4(255, 255, 255, 255);
    private static readonly InternetAddress OurSubnet = InternetAddress.FromIpv4(10, 9, 0, 255);

    private readonly UdpHost _host = new();

    /// <summary>10.9.0.2/24 on the link, and a route to another subnet by a router.</summary>
    internal static void AddSubnet(NetworkStack stack)
    {
        InternetAddress own = InternetAddress.FromIpv4(10, 9, 0, 2);
        stack.AddAddress(own);
        stack.Routes.Add(new Route { Destination = new AddressPrefix(own, 24), Source = own });
        stack.Routes.Add(new Route
        {
            Destination = AddressPrefix.Parse("10.8.0.0/24"),
            Gateway = InternetAddress.FromIpv4(10, 9, 0, 1),
            Source = own,
        });
    }

    [Theory]
    [InlineData("255.255.255.255", "10.9.0.7", 1)]
    [InlineData("10.9.0.255", "10.9.0.7", 1)]
    [InlineData("255.255.255.255", "0.0.0.0", 1)] // who has no address yet asks: a DHCP server hears it
    [InlineData("10.9.0.255", "0.0.0.0", 0)]
    [InlineData("10.8.0.255", "10.9.0.7", 0)] // a subnet behind a router
    [InlineData("10.9.0.255", "10.9.0.255", 0)]
    [InlineData("255.255.255.255", "10.9.0.2", 0)] // from ourselves, on the wire
    [InlineData("255.255.255.255", "127.0.0.1", 0)]
    [InlineData("255.255.255.255", "224.0.0.1", 0)]
    [Trait("Rfc", "1122 3.3.6")]
    [Trait("Threat", "55")]
    public void A_datagram_to_all_reaches_who_has_the_port_at_all_addresses(string to, string from, int received)
    {
        AddSubnet(_host.Stack);
        UdpEndpoint all = _host.Bind(InternetAddress.AnyIpv4, 67);
        UdpEndpoint one = _host.Bind(Given.Us, 67);
        UdpEndpoint connected = _host.Bind(InternetAddress.AnyIpv4, 68);
        Assert.Equal(TcpError.None, connected.Connect(InternetAddress.FromIpv4(10, 9, 0, 7), 68, _host.Now));
        _host.Arrives(UdpHost.Datagram(InternetAddress.Parse(from), 68, InternetAddress.Parse(to), 67, [1]));
        _host.Arrives(UdpHost.Datagram(InternetAddress.Parse(from), 68, InternetAddress.Parse(to), 68, [1]));
        Assert.Equal((received, 0, 0), (all.ReceiveQueueCount, one.ReceiveQueueCount, connected.ReceiveQueueCount));
        Assert.Empty(_host.Link.Packets); // and port 68 is no reason for ICMP
        if (received == 0) return;
        _host.Receives(all, out ReceivedDatagram datagram);
        Assert.Equal(InternetAddress.Parse(to), datagram.LocalAddress);
    }

    [Fact]
    [Trait("Rfc", "2131 4.1")]
    public void A_host_without_an_address_asks_everybody_and_hears_the_answer()
    {
        var stack = new NetworkStack(new StackOptions(), new StackSecret(1, 2), Timestamp.Zero);
        Assert.Equal(TcpError.None, stack.BindUdp(InternetAddress.AnyIpv4, 68, Timestamp.Zero, out UdpEndpoint? client));
        Assert.Equal(TcpError.InvalidRemoteAddress, client!.Send([1], Everybody, 67, Timestamp.Zero));
        client.Broadcast = true;
        Assert.Equal(TcpError.None, client.Send([1], Everybody, 67, Timestamp.Zero));
        var link = new RecordingLink();
        stack.Output(link, Timestamp.Zero);
        byte[] asked = Assert.Single(link.Packets);
        IpHeader ip = Packets.Ip(asked);
        Assert.Equal((InternetAddress.AnyIpv4, Everybody), (ip.Source, ip.Destination));
        Assert.Equal(WireError.None, UdpHeader.TryParse(ip.Payload(asked), ip.Source, ip.Destination, false, out _));
        InternetAddress server = InternetAddress.FromIpv4(10, 9, 0, 1), offered = InternetAddress.FromIpv4(10, 9, 0, 9);
        stack.Input(UdpHost.Datagram(server, 67, Everybody, 68, [2]), default, Timestamp.Zero);
        Assert.Equal(1, client.ReceiveQueueCount);
        stack.Input(UdpHost.Datagram(server, 67, offered, 68, [2]), default, Timestamp.Zero);
        Assert.Equal((1, 1), (client.ReceiveQueueCount, (int)stack.Counters.Dropped[(int)DropReason.NotForUs]));
        Assert.Equal(TcpError.InvalidLocalAddress, client.Send([1], Given.Peer, 67, Timestamp.Zero)); // to one host it needs one
    }

    [Fact]
    public void A_host_with_addresses_sends_from_one_of_them_unless_it_is_told_to_send_from_none()
    {
        AddSubnet(_host.Stack);
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 68);
        Assert.Equal(TcpError.InvalidRemoteAddress, endpoint.Send([1], OurSubnet, 67, _host.Now));
        endpoint.Broadcast = true;
        (InternetAddress To, InternetAddress? From, InternetAddress Source)[] cases =
        [
            (OurSubnet, null, InternetAddress.FromIpv4(10, 9, 0, 2)),
            (Everybody, null, Given.Us),
            (Everybody, UdpHost.Second, UdpHost.Second),
            (Everybody, InternetAddress.AnyIpv4, InternetAddress.AnyIpv4),
            (OurSubnet, InternetAddress.AnyIpv4, InternetAddress.FromIpv4(10, 9, 0, 2)),
        ];
        foreach ((InternetAddress to, InternetAddress? from, InternetAddress source) in cases)
        {
            Assert.Equal(TcpError.None, endpoint.Send([1], to, 67, _host.Now, from));
            _host.Turn();
            Assert.Equal(source, Packets.Ip(_host.TakeSent()).Source);
        }
        Assert.Equal(TcpError.InvalidRemoteAddress, endpoint.Connect(Everybody, 67, _host.Now));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-57")]
    [Trait("Threat", "55")]
    public void TCP_and_ping_have_nothing_to_do_with_all()
    {
        AddSubnet(_host.Stack);
        ListenTests.Listen(_host.Stack, InternetAddress.AnyIpv4, 80);
        InternetAddress peer = InternetAddress.FromIpv4(10, 9, 0, 7), own = InternetAddress.FromIpv4(10, 9, 0, 2);
        _host.Arrives(Packets.Tcp(peer, 1, OurSubnet, 80, TcpFlags.Syn));
        _host.Arrives(Packets.Tcp(peer, 1, OurSubnet, 81, TcpFlags.Ack));
        _host.Arrives(Packets.InIp(peer, OurSubnet, IpProtocol.Icmp, Packets.Icmp(own, 8, 0, 1, []).AsSpan(20)));
        _host.Arrives(Packets.Tcp(OurSubnet, 1, own, 80, TcpFlags.Syn)); // an answer would go to all
        _host.Arrives(Packets.Tcp(OurSubnet, 1, own, 81, TcpFlags.Ack));
        Assert.Equal((5, 0), (_host.Drops(DropReason.Martian), _host.Stack.SynQueueCount));
        Assert.Empty(_host.Link.Packets);
        Assert.Equal(TcpError.InvalidRemoteAddress, _host.Stack.Connect(OurSubnet, 80, null, 0, null, _host.Now, out _));
    }

    [Fact]
    public void A_datagram_to_all_may_come_and_go_in_fragments()
    {
        AddSubnet(_host.Stack);
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv4, 67);
        endpoint.Broadcast = true;
        byte[] datagram = UdpHost.Datagram(Given.Peer, 9, Everybody, 67, new byte[3_000]);
        foreach (byte[] fragment in Fragments.Of(datagram, 1_200)) _host.Arrives(fragment);
        Assert.Equal(3_000, _host.Receives(endpoint).Length);
        Assert.Equal(TcpError.None, endpoint.Send(new byte[3_000], OurSubnet, 9, _host.Now));
        _host.Turn();
        Assert.Equal(3_008, Fragments.Joined(_host.Link.Packets).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(1_700)]
    public void Datagrams_that_the_link_joined_are_delivered_apart(int length)
    {
        UdpEndpoint endpoint = _host.Bind(Given.Us, 53);
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        byte[] packet = UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, data);
        _host.Stack.Input(packet, new ReceiveMetadata(ChecksumVerified: true, 1, SegmentSize: 500), _host.Now);
        _host.Turn();
        List<byte> received = [];
        for (int left = length; endpoint.ReceiveQueueCount > 0; left -= 500)
        {
            byte[] one = _host.Receives(endpoint);
            Assert.Equal(Math.Min(500, left), one.Length);
            received.AddRange(one);
        }
        Assert.Equal(data, received);
        Assert.Equal(Math.Max(1, (length + 499) / 500), _host.Stack.Counters.DatagramsReceived);
    }
}
