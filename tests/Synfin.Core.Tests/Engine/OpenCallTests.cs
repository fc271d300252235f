using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>OPEN and its addresses (RFC 9293 3.9.1.1), and SYNs from and to addresses that cannot be (3.9.2.3).</summary>
public sealed class OpenCallTests
{
    private static readonly InternetAddress Other = InternetAddress.FromIpv4(192, 168, 0, 2);

    private static byte[] Syn(
        InternetAddress source, InternetAddress destination, ushort sourcePort = 40_000, TcpFlags flags = TcpFlags.Syn)
    {
        byte[] packet = new byte[IpHeader.Ipv4Length + TcpHeader.MinimumLength];
        var none = default(TcpOptions);
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        TcpHeaderWriter.Write(tcp, sourcePort, 8080, new SequenceNumber(1), default, flags, 1000, 0, in none);
        TcpHeaderWriter.WriteChecksum(tcp, source, destination);
        IpHeaderWriter.Write(packet, source, destination, IpProtocol.Tcp, TcpHeader.MinimumLength, 0, 64, 0);
        return packet;
    }

    private static InternetAddress Address(string text) =>
        InternetAddress.TryParse(text, out InternetAddress address) ? address : throw new FormatException(text);

    [Fact]
    [Trait("Rfc9293", "MUST-41")]
    public void A_passive_OPEN_leaves_connections_of_its_port_alone() => Given.Established()
        .And(g => Assert.Equal(TcpError.ConnectionAlreadyExists, g.Stack.Listen(Given.Us, 8080, 1, null, g.Now, out _)))
        .And(g => g.Listener!.Close(g.Now))
        .And(g => Assert.Equal(TcpError.None, g.Stack.Listen(Given.Us, 8080, 1, null, g.Now, out _)))
        .Then(TcpState.Established).Receives("P. seq 1 ack 1 len 5").Reads(5).Writes(5).Sends("P. seq 1 len 5");

    [Theory]
    [InlineData("SYN-SENT")]
    [InlineData("SYN-RECEIVED active")]
    [Trait("Rfc9293", "MUST-42")]
    [Trait("Rfc9293", "MUST-41")]
    public void A_port_may_be_listened_on_while_an_OPEN_from_it_is_under_way(string name)
    {
        Reached at = States.All[name];
        Given given = at.Go();
        Assert.Equal(TcpError.None, given.Stack.Listen(Given.Us, given.OurPort, 1, null, given.Now, out TcpListener? listener));
        given.Then(at.State).Receives("S. seq 0 ack 1 <mss 1460>").Then(TcpState.Established);
        Assert.Equal(0, listener!.SynQueueCount);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-43")]
    public void A_listener_on_one_address_does_not_hear_another()
    {
        Given given = Given.Listening();
        given.Stack.AddAddress(Other);
        given.ReceivesPacket(Syn(Given.Peer, Other));
        Assert.Equal(1, given.Stack.Counters.ResetsSent);
        given.Ignoring();
        Assert.Equal(TcpError.None, given.Stack.Listen(InternetAddress.AnyIpv4, 8080, 1, null, given.Now, out TcpListener? any));
        given.ReceivesPacket(Syn(Given.Peer, Other));
        Assert.Equal((1, 0), (any!.SynQueueCount, given.Listener!.SynQueueCount));
        Assert.Equal(TcpError.InvalidLocalAddress, given.Stack.Listen(Given.Peer, 9, 1, null, given.Now, out _));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-43")]
    public void An_active_OPEN_may_choose_its_address_and_only_one_of_ours()
    {
        Given given = Given.Closed();
        given.Stack.AddAddress(Other);
        Assert.Equal(TcpError.None, given.Stack.Connect(Given.Peer, 80, Other, 0, null, given.Now, out TcpConnection? connection));
        Assert.Equal(Other, connection!.Tuple.LocalAddress);
        InternetAddress foreign = Address("192.168.0.77");
        Assert.Equal(TcpError.InvalidLocalAddress, given.Stack.Connect(Given.Peer, 80, foreign, 0, null, given.Now, out _));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-44")]
    [Trait("Rfc9293", "MUST-45")]
    public void The_stack_chooses_an_address_before_the_first_SYN_and_the_connection_keeps_it()
    {
        Given given = Given.SynSent().Sends("S seq 0");
        given.Stack.AddAddress(Other);
        Assert.Equal(Given.Us, given.Connection.Tuple.LocalAddress);
        given.Receives("S. seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1");
        given.Stack.RemoveAddress(Given.Us);
        given.Writes(10).Sends("P. seq 1 ack 1 len 10");
        Assert.True(IpHeader.TryParse(given.LastSent, out IpHeader ip) is WireError.None);
        Assert.Equal(Given.Us, ip.Source);
        // There is no IPv6 address to choose.
        Assert.Equal(TcpError.InvalidLocalAddress, given.Stack.Connect(Given.PeerIpv6, 80, null, 0, null, given.Now, out _));
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("240.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("::")]
    [Trait("Rfc9293", "MUST-46")]
    public void An_OPEN_to_what_is_no_unicast_address_is_rejected(string remote)
    {
        Given given = Given.Closed();
        TcpError error = given.Stack.Connect(Address(remote), 80, null, 0, null, given.Now, out TcpConnection? none);
        Assert.Equal(TcpError.InvalidRemoteAddress, error);
        Assert.Null(none);
        given.Turn().SendsNothing();
    }

    [Fact]
    [Trait("Rfc9293", "MUST-46")]
    public void An_OPEN_to_port_0_is_rejected() =>
        Assert.Equal(TcpError.InvalidRemoteAddress, Given.Closed().Stack.Connect(Given.Peer, 0, null, 0, null, default, out _));

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [Trait("Rfc9293", "MUST-57")]
    [Trait("Threat", "55")]
    public void A_SYN_to_a_broadcast_or_multicast_address_is_dropped_silently(string destination)
    {
        Given given = Given.Listening();
        Assert.Equal(TcpError.None, given.Stack.Listen(InternetAddress.AnyIpv4, 8080, 1, null, given.Now, out _));
        given.ReceivesPacket(Syn(Given.Peer, Address(destination))).SendsNothing();
        Assert.Equal(1, given.Stack.Counters.Dropped[(int)DropReason.Martian]);
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("240.0.0.1")]
    [Trait("Rfc9293", "MUST-63")]
    [Trait("Threat", "55")]
    public void A_SYN_from_an_address_that_cannot_be_is_ignored(string source)
    {
        Given given = Given.Listening();
        foreach (TcpFlags flags in new[] { TcpFlags.Syn, TcpFlags.Ack, TcpFlags.None })
            given.ReceivesPacket(Syn(Address(source), Given.Us, flags: flags)).SendsNothing();
        Assert.Equal((3L, 0), (given.Stack.Counters.Dropped[(int)DropReason.Martian], given.Stack.SynQueueCount));
    }

    [Fact]
    [Trait("Threat", "55")]
    public void A_LAND_segment_is_dropped_and_we_do_not_talk_to_ourselves()
    {
        Given given = Given.Listening();
        given.ReceivesPacket(Syn(Given.Us, Given.Us, 8080)).After(10_000).SendsNothing();
        Assert.Equal((0, 0), (given.Stack.SynQueueCount, given.Stack.ConnectionCount));
        Assert.Equal(1, given.Stack.Counters.Dropped[(int)DropReason.Martian]);
    }
}
