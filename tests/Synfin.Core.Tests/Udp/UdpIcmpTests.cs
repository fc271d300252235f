using Synfin.Core.Tests.Engine;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Udp;

/// <summary>ICMP that UDP causes, and ICMP about UDP (RFC 1122 4.1.3.1, 4.1.3.3, RFC 4443 3.1).</summary>
public sealed class UdpIcmpTests
{
    private readonly UdpHost _host = new();

    private (UdpEndpoint Endpoint, byte[] Sent) Sent(bool connected, bool v6 = false, int length = 20)
    {
        InternetAddress peer = v6 ? Given.PeerIpv6 : Given.Peer;
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 0);
        if (connected) Assert.Equal(TcpError.None, endpoint.Connect(peer, 9, _host.Now));
        Assert.Equal(TcpError.None, endpoint.Send(new byte[length], peer, 9, _host.Now));
        _host.Turn();
        _host.Signals.Clear();
        return (endpoint, _host.TakeSent());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "1122 4.1.3.1")]
    [Trait("Rfc", "4443 3.1")]
    public void Who_asks_for_a_port_that_nobody_has_is_told(bool v6)
    {
        (InternetAddress peer, InternetAddress us) = v6 ? (Given.PeerIpv6, Given.UsIpv6) : (Given.Peer, Given.Us);
        byte[] asked = UdpHost.Datagram(peer, 9, us, 53, [1, 2, 3]);
        _host.Arrives(asked);
        byte[] reply = _host.TakeSent();
        IpHeader ip = Packets.Ip(reply);
        Assert.Equal((us, peer), (ip.Source, ip.Destination));
        Assert.Equal(WireError.None, IcmpMessage.TryParse(ip.Payload(reply), v6, ip.Source, ip.Destination, out IcmpMessage message));
        Assert.Equal(IcmpKind.PortUnreachable, message.Kind);
        Assert.Equal(new FourTuple(peer, 9, us, 53), message.QuotedTuple);
        Assert.Equal((true, false), (message.HasQuotedUdp, message.HasQuotedTcp));
        Assert.Equal(asked, ip.Payload(reply)[8..].ToArray());
        Assert.Equal(1, _host.Drops(DropReason.NoPort));
    }

    [Theory]
    [InlineData(false, 576)]
    [InlineData(true, 1_280)]
    public void The_quote_is_cut_to_what_an_error_may_have(bool v6, int most)
    {
        (InternetAddress peer, InternetAddress us) = v6 ? (Given.PeerIpv6, Given.UsIpv6) : (Given.Peer, Given.Us);
        _host.Arrives(UdpHost.Datagram(peer, 9, us, 53, new byte[1_400]));
        Assert.Equal(most, _host.TakeSent().Length);
    }

    [Theory]
    [InlineData("192.0.2.1", "224.0.0.1")]
    [InlineData("192.0.2.1", "255.255.255.255")]
    [InlineData("224.0.0.1", "192.168.0.1")]
    [InlineData("255.255.255.255", "192.168.0.1")]
    [InlineData("0.0.0.0", "192.168.0.1")]
    [InlineData("127.0.0.1", "192.168.0.1")]
    [InlineData("192.168.0.1", "192.168.0.1")]
    [InlineData("2001:db8:1::1", "ff02::1")]
    [InlineData("ff02::1", "2001:db8::1")]
    [InlineData("::", "2001:db8::1")]
    [Trait("Rfc", "1122 3.2.2")]
    [Trait("Threat", "47")]
    public void Nobody_is_told_about_what_went_to_many_or_came_from_what_can_be_no_sender(string from, string to)
    {
        _host.Arrives(UdpHost.Datagram(InternetAddress.Parse(from), 9, InternetAddress.Parse(to), 53, [1]));
        Assert.Empty(_host.Link.Packets);
        Assert.Equal(1, _host.Drops(to == "255.255.255.255" ? DropReason.NoPort : DropReason.Martian));
    }

    [Fact]
    [Trait("Threat", "47")]
    public void A_flood_is_answered_as_often_as_the_limit_allows()
    {
        var host = new UdpHost(new StackOptions { MaxIcmpRepliesPerSecond = 10 });
        for (int i = 0; i < 1_000; i++) host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [1]));
        Assert.Equal((10, 990), (host.Link.Packets.Count, host.Stack.Counters.RepliesDropped));
        host.After(Duration.FromSeconds(1));
        for (int i = 0; i < 1_000; i++) host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, [1]));
        Assert.Equal(20, host.Link.Packets.Count);
    }

    [Theory]
    [InlineData(3, 3, TcpError.ConnectionRefused)]
    [InlineData(3, 2, TcpError.ConnectionRefused)]
    [InlineData(3, 13, TcpError.Prohibited)]
    [InlineData(3, 1, TcpError.HostUnreachable)]
    [InlineData(3, 0, TcpError.NetworkUnreachable)]
    [InlineData(11, 0, TcpError.NetworkUnreachable)]
    [Trait("Rfc", "1122 4.1.3.3")]
    public void A_connected_endpoint_is_told_once_and_goes_on(byte type, byte code, TcpError error)
    {
        (UdpEndpoint endpoint, byte[] sent) = Sent(connected: true);
        _host.Arrives(Packets.Error(sent, type, code));
        Assert.Same(endpoint, Assert.Single(_host.Signals));
        Assert.Equal(error, _host.Fails(endpoint));
        Assert.Equal(TcpError.WouldBlock, _host.Fails(endpoint));
        _host.Arrives(Packets.Error(sent, type, code));
        Assert.Equal(error, endpoint.Send([1], _host.Now)); // and this one is not sent
        Assert.Equal(TcpError.None, endpoint.Send([2], _host.Now));
        _host.Turn();
        Assert.Equal(2, _host.TakeSent()[^1]);
        Assert.Equal(2, _host.Stack.Counters.IcmpErrors);
    }

    [Theory]
    [InlineData(1, 4, TcpError.ConnectionRefused)]
    [InlineData(1, 1, TcpError.Prohibited)]
    [InlineData(1, 3, TcpError.HostUnreachable)]
    [InlineData(1, 0, TcpError.NetworkUnreachable)]
    public void So_it_is_over_IPv6(byte type, byte code, TcpError error)
    {
        (UdpEndpoint endpoint, byte[] sent) = Sent(connected: true, v6: true);
        _host.Arrives(Packets.Error(sent, type, code));
        Assert.Equal(error, _host.Fails(endpoint));
    }

    [Fact]
    [Trait("Threat", "36")]
    public void An_endpoint_without_a_peer_and_errors_about_others_datagrams_are_not_told()
    {
        (UdpEndpoint bound, byte[] sent) = Sent(connected: false);
        _host.Arrives(Packets.Error(sent, 3, 3));
        Assert.Equal(TcpError.WouldBlock, _host.Fails(bound));
        (UdpEndpoint connected, _) = Sent(connected: true);
        byte[] forged = UdpHost.Datagram(Given.Us, connected.LocalPort, Given.Peer, 10, [1]);
        _host.Arrives(Packets.Error(forged, 3, 3));
        Assert.Equal(TcpError.WouldBlock, _host.Fails(connected));
        Assert.Equal((2, 0), (_host.Drops(DropReason.IcmpNotInFlight), _host.Stack.Counters.IcmpErrors));
        Assert.Empty(_host.Signals);
    }

    [Theory]
    [InlineData(false, 1_400, 1_400 - 28)]
    [InlineData(false, 68, 552 - 28)]
    [InlineData(false, 0, 552 - 28)]
    [InlineData(false, 9_000, 1_472)]
    [InlineData(true, 1_300, 1_300 - 48)]
    [InlineData(true, 68, 1_280 - 48)]
    [Trait("Rfc", "8085 3.2")]
    [Trait("Threat", "36")]
    public void A_smaller_path_MTU_is_heeded_for_ten_minutes_and_never_below_the_least(bool v6, uint mtu, int most)
    {
        (UdpEndpoint endpoint, byte[] sent) = Sent(connected: true, v6, 1_400);
        endpoint.DontFragment = true;
        _host.Arrives(v6 ? Packets.Error(sent, 2, 0, mtu) : Packets.Error(sent, 3, 4, mtu));
        Assert.Equal(TcpError.MessageTooLong, _host.Fails(endpoint));
        InternetAddress peer = endpoint.RemoteAddress;
        Assert.Equal(most, endpoint.MaxDataTo(peer));
        Assert.Equal(TcpError.MessageTooLong, endpoint.Send(new byte[most + 1], _host.Now));
        Assert.Equal(TcpError.None, endpoint.Send(new byte[most], _host.Now));
        _host.After(PathMtuCache.Lifetime);
        _host.Turn();
        Assert.Equal(v6 ? 1_452 : 1_472, endpoint.MaxDataTo(peer));
    }

    [Fact]
    public void To_ourselves_a_port_that_nobody_has_is_refused_too()
    {
        UdpEndpoint client = _host.Bind(InternetAddress.AnyIpv6, 0);
        foreach (string address in (string[])["127.0.0.1", "::1", "192.168.0.1"])
        {
            Assert.Equal(TcpError.None, client.Connect(InternetAddress.Parse(address), 53, _host.Now));
            Assert.Equal(TcpError.None, client.Send([1], _host.Now));
            _host.Turn();
            Assert.Equal(TcpError.ConnectionRefused, _host.Fails(client));
        }
        Assert.Empty(_host.Link.Packets);
    }
}
