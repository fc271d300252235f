using Synfin.Core.Tests.Engine;
using Synfin.Core.Tests.Udp;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>Echo requests of our own (RFC 1122 3.2.2.6, RFC 4443 4), and what comes back for them.</summary>
public sealed class EchoEndpointTests
{
    private readonly UdpHost _host = new();

    private static byte[] Numbered(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    private EchoEndpoint Open()
    {
        Assert.Equal(TcpError.None, _host.Stack.OpenEcho(_host.Now, out EchoEndpoint? endpoint));
        return endpoint!;
    }

    private byte[] Sent(EchoEndpoint endpoint, bool v6, int length = 56, ushort sequence = 3)
    {
        Assert.Equal(TcpError.None, endpoint.Send(Numbered(length), v6 ? Given.PeerIpv6 : Given.Peer, sequence, _host.Now));
        _host.Turn();
        return _host.TakeSent();
    }

    /// <summary>What another host makes of a request.</summary>
    private static byte[] AnswerTo(byte[] request)
    {
        IpHeader ip = Packets.Ip(request);
        NetworkStack peer = ListenTests.Host(ip.Destination);
        peer.Input(request, default, Timestamp.Zero);
        var link = new RecordingLink();
        peer.Output(link, Timestamp.Zero);
        return Assert.Single(link.Packets);
    }

    private ReceivedEcho Receives(EchoEndpoint endpoint, byte[] data)
    {
        byte[] buffer = new byte[2_000];
        Assert.Equal(TcpError.None, endpoint.Receive(buffer, _host.Now, out ReceivedEcho echo));
        Assert.Equal(data, buffer[..echo.Length]);
        return echo;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_reply_comes_back_with_what_was_sent(bool v6)
    {
        EchoEndpoint endpoint = Open();
        endpoint.TimeToLive = 9;
        byte[] request = Sent(endpoint, v6);
        Assert.Equal(9, Packets.Ip(request).TimeToLive);
        _host.After(Duration.FromMilliseconds(20));
        _host.Arrives(AnswerTo(request));
        InternetAddress peer = v6 ? Given.PeerIpv6 : Given.Peer;
        Assert.Equal(new ReceivedEcho(IcmpKind.EchoReply, peer, peer, 3, 64, _host.Now, 56, 0), Receives(endpoint, Numbered(56)));
        Assert.Equal(TcpError.WouldBlock, endpoint.Receive([], _host.Now, out _));
        Assert.Same(endpoint, Assert.Single(_host.Echoes));
        Assert.Equal(0, _host.Stack.PagesInUse);
    }

    [Theory]
    [InlineData(false, 11, 0, IcmpKind.TimeExceeded)]
    [InlineData(false, 3, 1, IcmpKind.HostUnreachable)]
    [InlineData(true, 3, 0, IcmpKind.TimeExceeded)]
    [InlineData(true, 1, 1, IcmpKind.Prohibited)]
    public void An_error_about_a_request_says_who_sent_it_and_why(bool v6, byte type, byte code, IcmpKind kind)
    {
        EchoEndpoint endpoint = Open(), other = Open();
        byte[] request = Sent(endpoint, v6);
        _host.Arrives(Packets.Error(request, type, code));
        ReceivedEcho echo = Receives(endpoint, []);
        Assert.Equal((kind, v6 ? Packets.RouterIpv6 : Packets.Router), (echo.Kind, echo.Source));
        Assert.Equal((3, v6 ? Given.PeerIpv6 : Given.Peer), (echo.Sequence, echo.Destination));
        Assert.Equal((0, 1), (other.ReceiveQueueCount, _host.Stack.Counters.IcmpErrors));
        if (!v6) _host.Arrives(Packets.Error(request, 4, 0)); // source quench (RFC 6633)
        Assert.Equal(0, endpoint.ReceiveQueueCount);
        request[Packets.Ip(request).PayloadOffset] = (byte)(v6 ? 129 : 0); // as if we had sent a reply
        _host.Arrives(Packets.Error(request, type, code));
        Assert.Equal(0, endpoint.ReceiveQueueCount);
    }

    [Fact]
    [Trait("Threat", "36")]
    public void A_path_MTU_is_learned_from_requests_of_ours_alone()
    {
        EchoEndpoint endpoint = Open();
        endpoint.DontFragment = true;
        byte[] request = Sent(endpoint, v6: false, length: 1_472);
        Assert.Equal(TcpError.MessageTooLong, endpoint.Send(new byte[1_473], Given.Peer, 4, _host.Now));
        byte[] forged = [.. request];
        forged[25] ^= 1; // another identifier
        _host.Arrives(Packets.Error(forged, 3, 4, 1_000));
        Assert.Equal((1_472, 1), (endpoint.MaxDataTo(Given.Peer), _host.Drops(DropReason.IcmpNotInFlight)));
        _host.Arrives(Packets.Error(request, 3, 4, 1_000));
        Assert.Equal((972, 1_000), (endpoint.MaxDataTo(Given.Peer), Receives(endpoint, []).Mtu));
        endpoint.DontFragment = false;
        Assert.Equal((65_507, 65_527), (endpoint.MaxDataTo(Given.Peer), endpoint.MaxDataTo(Given.PeerIpv6)));
    }

    [Theory]
    [InlineData("127.0.0.1", 56)]
    [InlineData("::1", 56)]
    [InlineData("192.168.0.1", 65_507)]
    [InlineData("::1", 65_527)]
    public void A_host_answers_itself(string address, int length)
    {
        EchoEndpoint endpoint = Open();
        Assert.Equal(TcpError.None, endpoint.Send(Numbered(length), InternetAddress.Parse(address), 1, _host.Now));
        _host.Turn();
        byte[] buffer = new byte[65_535];
        Assert.Equal(TcpError.None, endpoint.Receive(buffer, _host.Now, out ReceivedEcho echo));
        Assert.Equal((IcmpKind.EchoReply, length), (echo.Kind, echo.Length));
        Assert.Equal(Numbered(length), buffer[..length]);
        Assert.Empty(_host.Link.Packets);
    }

    [Fact]
    public void What_nobody_asked_for_is_dropped_and_limits_hold()
    {
        var host = new UdpHost(new StackOptions { MaxEchoEndpoints = 2, MaxUdpQueueDatagrams = 3, MaxPendingReplies = 4 });
        Assert.Equal(TcpError.None, host.Stack.OpenEcho(host.Now, out EchoEndpoint? endpoint));
        Assert.Equal(TcpError.None, host.Stack.OpenEcho(host.Now, out EchoEndpoint? second));
        Assert.NotEqual(endpoint!.Identifier, second!.Identifier);
        Assert.Equal(TcpError.InsufficientResources, host.Stack.OpenEcho(host.Now, out _));
        host.Arrives(Packets.Icmp(Given.Us, 0, 0, (uint)(endpoint.Identifier ^ 1) << 16, [1]));
        Assert.Equal(1, host.Drops(DropReason.NoPort));
        for (uint i = 0; i < 5; i++) host.Arrives(Packets.Icmp(Given.Us, 0, 0, (uint)endpoint.Identifier << 16 | i, [1]));
        Assert.Equal((3, 2), (endpoint.ReceiveQueueCount, host.Drops(DropReason.DatagramQueueFull)));
        for (ushort i = 0; i < 4; i++) Assert.Equal(TcpError.None, endpoint.Send([1], Given.Peer, i, host.Now));
        Assert.Equal(TcpError.InsufficientResources, endpoint.Send([1], Given.Peer, 5, host.Now));
        foreach (string nobody in (string[])["0.0.0.0", "224.0.0.1", "255.255.255.255"])
            Assert.Equal(TcpError.InvalidRemoteAddress, endpoint.Send([1], InternetAddress.Parse(nobody), 1, host.Now));
        endpoint.Close(host.Now);
        Assert.Equal(TcpError.ConnectionDoesNotExist, endpoint.Send([1], Given.Peer, 5, host.Now));
        Assert.Equal(TcpError.ConnectionDoesNotExist, endpoint.Receive([], host.Now, out _));
        host.Turn();
        Assert.Equal((4, 1, 0), (host.Link.Packets.Count, host.Stack.EchoEndpointCount, host.Stack.PagesInUse));
        Assert.Equal(TcpError.None, host.Stack.OpenEcho(host.Now, out _));
    }
}
