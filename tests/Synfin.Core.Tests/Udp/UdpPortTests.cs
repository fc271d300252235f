using Synfin.Core.Tests.Ip;
using Synfin.Core.Tests.Stack;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Udp;

/// <summary>Who has a UDP port, and who of several gets a datagram.</summary>
public sealed class UdpPortTests
{
    private readonly UdpHost _host = new();

    private TcpError Bind(InternetAddress address, ushort port) => _host.Stack.BindUdp(address, port, _host.Now, out _);

    private void Arrives(InternetAddress from, ushort fromPort, InternetAddress to) =>
        _host.Arrives(UdpHost.Datagram(from, fromPort, to, 53, [1]));

    [Fact]
    public void A_port_is_had_once_at_an_address_and_is_free_again_after_close()
    {
        UdpEndpoint first = _host.Bind(Given.Us, 53);
        Assert.Equal(TcpError.ConnectionAlreadyExists, Bind(Given.Us, 53));
        Assert.Equal(TcpError.None, Bind(UdpHost.Second, 53));
        Assert.Equal(TcpError.None, Bind(InternetAddress.AnyIpv4, 53));
        Assert.Equal(TcpError.None, Bind(InternetAddress.AnyIpv6, 53));
        Assert.Equal(TcpError.None, Bind(Given.Us, 54));
        first.Close(_host.Now);
        Assert.Equal(TcpError.None, Bind(Given.Us, 53));
        _host.Turn();
        Assert.Equal(5, _host.Stack.UdpEndpointCount);
    }

    [Fact]
    public void An_address_that_is_not_the_hosts_is_refused()
    {
        Assert.Equal(TcpError.InvalidLocalAddress, Bind(Given.Peer, 53));
        Assert.Equal(TcpError.InvalidLocalAddress, Bind(InternetAddress.Parse("224.0.0.1"), 53));
        Assert.Equal(TcpError.None, Bind(InternetAddress.Parse("127.0.0.1"), 53));
    }

    [Fact]
    public void TCP_and_UDP_do_not_share_ports()
    {
        Assert.Equal(TcpError.None, _host.Stack.Listen(Given.Us, 53, 1, null, _host.Now, out _));
        Assert.Equal(TcpError.None, Bind(Given.Us, 53));
    }

    [Fact]
    [Trait("Rfc", "6056 3.3.1")]
    public void Ports_chosen_by_the_stack_are_all_different_and_then_there_is_none()
    {
        var host = new UdpHost(new StackOptions { FirstEphemeralPort = 50_000, LastEphemeralPort = 50_199 });
        host.Bind(UdpHost.Second, 50_007); // a port that is had at any address is not chosen for all addresses
        var ports = new HashSet<ushort> { 50_007 };
        for (int i = 0; i < 199; i++) Assert.True(ports.Add(host.Bind(InternetAddress.AnyIpv6, 0).LocalPort));
        Assert.All(ports, p => Assert.InRange(p, 50_000, 50_199));
        Assert.Equal(TcpError.NoPortAvailable, host.Stack.BindUdp(Given.Us, 0, host.Now, out _));
        Assert.Equal(TcpError.None, host.Stack.BindUdp(Given.Us, 50_008, host.Now, out _)); // who asks for it gets it
    }

    [Fact]
    [Trait("Rfc", "6056 3.3.1")]
    [Trait("Threat", "33")]
    public void One_port_says_nothing_about_the_next()
    {
        var allocator = new PortAllocator(Tuples.Secret, 32_768, 65_535);
        var free = new AllFree();
        var counts = new int[256];
        var steps = new int[256];
        ushort last = 0;
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(allocator.TryChooseAtRandom(ref free, out ushort port));
            counts[(port - 32_768) / 128]++;
            steps[(port - last + 65_536) % 32_768 / 128]++;
            last = port;
        }
        Assert.InRange(Tuples.ChiSquare(counts), 155, 355);
        Assert.InRange(Tuples.ChiSquare(steps), 155, 355);
    }

    [Fact]
    public void Beyond_MaxUdpEndpoints_nobody_gets_a_port()
    {
        var host = new UdpHost(new StackOptions { MaxUdpEndpoints = 2 });
        UdpEndpoint first = host.Bind(Given.Us, 1);
        host.Bind(Given.Us, 2);
        Assert.Equal(TcpError.InsufficientResources, host.Stack.BindUdp(Given.Us, 3, host.Now, out _));
        host.Link.Room = 0;
        Assert.Equal(TcpError.None, first.Send([1], Given.Peer, 9, host.Now));
        first.Close(host.Now);
        host.Turn(); // it is closed, and still has something to send
        Assert.Equal(TcpError.InsufficientResources, host.Stack.BindUdp(Given.Us, 3, host.Now, out _));
        host.Link.Room = 1;
        host.Turn();
        Assert.Equal(TcpError.None, host.Stack.BindUdp(Given.Us, 3, host.Now, out _));
        Assert.Single(host.Link.Packets);
    }

    [Fact]
    public void The_address_goes_before_0_0_0_0_and_that_before_both_families()
    {
        UdpEndpoint both = _host.Bind(InternetAddress.AnyIpv6, 53);
        Arrives(Given.Peer, 9, Given.Us);
        Arrives(Given.PeerIpv6, 9, Given.UsIpv6);
        Assert.Equal(2, both.ReceiveQueueCount);
        UdpEndpoint ipv4 = _host.Bind(InternetAddress.AnyIpv4, 53);
        Arrives(Given.Peer, 9, Given.Us);
        Arrives(Given.PeerIpv6, 9, Given.UsIpv6);
        Assert.Equal((3, 1), (both.ReceiveQueueCount, ipv4.ReceiveQueueCount));
        UdpEndpoint one = _host.Bind(Given.Us, 53);
        Arrives(Given.Peer, 9, Given.Us);
        Arrives(Given.Peer, 9, UdpHost.Second);
        Assert.Equal((3, 2, 1), (both.ReceiveQueueCount, ipv4.ReceiveQueueCount, one.ReceiveQueueCount));
    }

    [Fact]
    public void The_one_connected_to_the_sender_goes_before_all_others_and_hears_nobody_else()
    {
        UdpEndpoint connected = _host.Bind(InternetAddress.AnyIpv6, 53);
        UdpEndpoint bound = _host.Bind(Given.Us, 53);
        Assert.Equal(TcpError.None, connected.Connect(Given.Peer, 9, _host.Now));
        Assert.Equal(Given.Us, connected.LocalAddress);
        Arrives(Given.Peer, 9, Given.Us);
        Assert.Equal((1, 0), (connected.ReceiveQueueCount, bound.ReceiveQueueCount));
        Arrives(Given.Peer, 10, Given.Us);
        Arrives(UdpHost.Second.IsIpv4 ? InternetAddress.FromIpv4(192, 0, 2, 2) : default, 9, Given.Us);
        Assert.Equal((1, 2), (connected.ReceiveQueueCount, bound.ReceiveQueueCount));
        Arrives(Given.Peer, 9, UdpHost.Second); // the peer knows it by another address
        Assert.Equal(1, _host.Drops(DropReason.NoPort));
    }

    [Fact]
    public void What_others_sent_before_it_was_connected_is_not_received()
    {
        UdpEndpoint endpoint = _host.Bind(Given.Us, 53);
        Arrives(Given.Peer, 8, Given.Us);
        Arrives(Given.Peer, 9, Given.Us);
        endpoint.Connect(Given.Peer, 9, _host.Now);
        _host.Receives(endpoint, out ReceivedDatagram datagram);
        Assert.Equal(9, datagram.RemotePort);
        Assert.Equal(TcpError.WouldBlock, _host.Fails(endpoint));
    }

    [Fact]
    public void A_peer_that_cannot_be_is_refused()
    {
        UdpEndpoint ipv4 = _host.Bind(InternetAddress.AnyIpv4, 53);
        string[] impossible = ["0.0.0.0", "224.0.0.1", "255.255.255.255", "2001:db8::5"];
        foreach (InternetAddress address in impossible.Select(InternetAddress.Parse))
        {
            Assert.Equal(TcpError.InvalidRemoteAddress, ipv4.Connect(address, 9, _host.Now));
            Assert.Equal(TcpError.InvalidRemoteAddress, ipv4.Send([1], address, 9, _host.Now));
        }
        Assert.Equal(TcpError.InvalidRemoteAddress, ipv4.Send([1], Given.Peer, 0, _host.Now));
        Assert.Equal(TcpError.InvalidRemoteAddress, ipv4.Send([1], _host.Now)); // not connected
        Assert.False(ipv4.IsConnected);
        UdpEndpoint loopback = _host.Bind(InternetAddress.Parse("127.0.0.1"), 53);
        Assert.Equal(TcpError.InvalidLocalAddress, loopback.Send([1], Given.Peer, 9, _host.Now)); // 127/8 never leaves the host
        _host.Turn();
        Assert.Empty(_host.Link.Packets);
    }

    [Fact]
    [Trait("Rfc", "1122 4.1.3.5")]
    public void The_application_may_say_which_of_the_hosts_addresses_it_sends_from()
    {
        UdpEndpoint all = _host.Bind(InternetAddress.AnyIpv6, 53);
        Assert.Equal(TcpError.None, all.Send([1], Given.Peer, 9, _host.Now, UdpHost.Second));
        _host.Turn();
        Assert.Equal(UdpHost.Second, Synfin.Core.Tests.Engine.Packets.Ip(_host.TakeSent()).Source);
        Assert.Equal(TcpError.InvalidLocalAddress, all.Send([1], Given.Peer, 9, _host.Now, Given.Peer));
        Assert.Equal(TcpError.InvalidLocalAddress, all.Send([1], Given.Peer, 9, _host.Now, Given.UsIpv6));
        UdpEndpoint one = _host.Bind(Given.Us, 54);
        Assert.Equal(TcpError.InvalidLocalAddress, one.Send([1], Given.Peer, 9, _host.Now, UdpHost.Second));
        Arrives(Given.Peer, 9, UdpHost.Second);
        _host.Receives(all, out ReceivedDatagram datagram);
        Assert.Equal(UdpHost.Second, datagram.LocalAddress);
    }

    private readonly struct AllFree : IPortPredicate
    {
        public bool IsFree(ushort port) => true;
    }
}
