using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>OPEN, passive and active: addresses, ports, and who gets a SYN (RFC 9293 3.9.1.1, 3.10.1).</summary>
[Trait("Rfc", "9293 3.10.1")]
public sealed class ListenTests
{
    private static readonly InternetAddress Second = InternetAddress.FromIpv4(192, 168, 0, 2);

    [Fact]
    [Trait("Subject", "5")]
    public void A_listener_answers_a_SYN_and_delivers_the_connection_after_the_third_segment() => Given.Listening()
        .Then(TcpState.Listen)
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1 <mss 1460>").Then(TcpState.SynReceived)
        .And(g => Assert.Equal(TcpError.WouldBlock, g.Listener!.Accept(g.Now, out _)))
        .Receives(". seq 1 ack 1").SendsNothing().Accepts().Then(TcpState.Established)
        .And(g => Assert.True(g.Connection.Status().Passive));

    [Fact]
    [Trait("Subject", "18")]
    public void A_SYN_to_a_port_without_listener_is_reset() => Given.Listening()
        .And(g => g.Listener!.Close(g.Now)).Then(TcpState.Closed)
        .Receives("S seq 0 len 3").Sends("R. ack 4")
        .Receives(". seq 1 ack 7 len 5").Sends("R seq 7")
        .Receives("R seq 1").SendsNothing()
        .Receives("R. seq 1 ack 1").SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-41")]
    public void A_second_listener_on_the_same_address_and_port_is_refused_and_disturbs_nothing() => Given.Established()
        .And(g => Assert.Equal(TcpError.ConnectionAlreadyExists, g.Stack.Listen(Given.Us, 8080, 1, null, g.Now, out _)))
        .Writes(3).Sends("P. seq 1 len 3")
        .Receives(". seq 1 ack 4")
        .From(40_001).Receives("S seq 0").Sends("S. seq 0 ack 1");

    [Fact]
    [Trait("Rfc9293", "MUST-41")]
    [Trait("Rfc9293", "MUST-42")]
    public void A_passive_OPEN_is_allowed_while_a_connection_from_its_port_is_opening() => Given.SynSent()
        .Sends("S seq 0")
        .And(g => Assert.Equal(TcpError.None, g.Stack.Listen(Given.Us, g.OurPort, 1, null, g.Now, out _)))
        .Receives("S. seq 0 ack 1").Sends(". seq 1 ack 1").Then(TcpState.Established)
        .And(g => Assert.Equal(TcpState.Listen, g.Stack.StateOf(g.Tuple with { RemotePort = 81 })));

    [Fact]
    [Trait("Rfc9293", "MUST-42")]
    public void A_passive_OPEN_is_allowed_while_a_connection_from_its_port_is_in_SYN_RECEIVED() => Given.SynSent()
        .Sends("S seq 0")
        .Receives("S seq 0").Sends("S. seq 0 ack 1").Then(TcpState.SynReceived)
        .And(g => Assert.Equal(TcpError.None, g.Stack.Listen(Given.Us, g.OurPort, 1, null, g.Now, out _)))
        .Receives(". seq 1 ack 1").Then(TcpState.Established).SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-41")]
    public void A_listener_may_come_back_while_its_old_connections_live() => Given.Established()
        .And(g => g.Listener!.Close(g.Now)).SendsNothing().Then(TcpState.Established)
        .And(g => Assert.Equal(TcpError.None, g.Stack.Listen(Given.Us, 8080, 1, null, g.Now, out _)))
        .Receives("P. seq 1 ack 1 len 4").Reads(4)
        .Then(TcpState.Established);

    [Fact]
    [Trait("Rfc9293", "MUST-43")]
    public void A_passive_OPEN_may_name_a_local_address_which_must_be_the_hosts_own()
    {
        NetworkStack stack = Host(Given.Us, Second);
        Assert.Equal(TcpError.None, stack.Listen(Second, 80, 1, null, Timestamp.Zero, out TcpListener? listener));
        Assert.Equal(Second, listener!.LocalAddress);
        Assert.Equal(TcpState.Listen, stack.StateOf(new FourTuple(Second, 80, Given.Peer, 1)));
        Assert.Equal(TcpState.Closed, stack.StateOf(new FourTuple(Given.Us, 80, Given.Peer, 1)));
        Assert.Equal(TcpError.InvalidLocalAddress, stack.Listen(Given.Peer, 80, 1, null, Timestamp.Zero, out listener));
        Assert.Null(listener);
    }

    [Fact]
    public void The_most_specific_listener_gets_the_SYN()
    {
        NetworkStack stack = Host(Given.Us, Second, Given.UsIpv6);
        TcpListener any6 = Listen(stack, InternetAddress.AnyIpv6, 80);
        TcpListener any4 = Listen(stack, InternetAddress.AnyIpv4, 80);
        TcpListener second = Listen(stack, Second, 80);
        TcpListener dual = Listen(stack, InternetAddress.AnyIpv6, 81);
        TcpListener only4 = Listen(stack, InternetAddress.AnyIpv4, 82);

        Assert.Equal([0, 0, 1, 0, 0], Counts(Second, Given.Peer, 80));
        Assert.Equal([0, 1, 1, 0, 0], Counts(Given.Us, Given.Peer, 80));
        Assert.Equal([1, 1, 1, 0, 0], Counts(Given.UsIpv6, Given.PeerIpv6, 80));
        Assert.Equal([1, 1, 1, 1, 0], Counts(Given.Us, Given.Peer, 81)); // :: takes both families
        Assert.Equal([1, 1, 1, 2, 0], Counts(Given.UsIpv6, Given.PeerIpv6, 81));
        Assert.Equal([1, 1, 1, 2, 1], Counts(Given.Us, Given.Peer, 82));
        Assert.Equal([1, 1, 1, 2, 1], Counts(Given.UsIpv6, Given.PeerIpv6, 82)); // 0.0.0.0 does not

        int[] Counts(InternetAddress to, InternetAddress from, ushort port)
        {
            stack.Input(Packets.Tcp(from, 4_000, to, port, TcpFlags.Syn), default, Timestamp.Zero);
            return [any6.SynQueueCount, any4.SynQueueCount, second.SynQueueCount, dual.SynQueueCount, only4.SynQueueCount];
        }
    }

    [Fact]
    public void Port_0_listens_on_a_free_ephemeral_port()
    {
        NetworkStack stack = Host(Given.Us);
        TcpListener first = Listen(stack, Given.Us, 0), second = Listen(stack, Given.Us, 0);
        Assert.InRange(first.LocalPort, stack.Options.FirstEphemeralPort, stack.Options.LastEphemeralPort);
        Assert.NotEqual(first.LocalPort, second.LocalPort);
        Assert.Equal(TcpState.Listen, stack.StateOf(new FourTuple(Given.Us, second.LocalPort, Given.Peer, 1)));
    }

    [Fact]
    public void A_backlog_below_one_is_a_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>("backlog", () => Host(Given.Us).Listen(Given.Us, 80, 0, null, Timestamp.Zero, out _));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("0.1.2.3")]
    [InlineData("::")]
    [InlineData("ff02::1")]
    [Trait("Rfc9293", "MUST-46")]
    public void An_OPEN_to_what_is_no_host_is_refused(string remote)
    {
        NetworkStack stack = Host(Given.Us, Given.UsIpv6);
        TcpError error = stack.Connect(InternetAddress.Parse(remote), 80, null, 0, null, Timestamp.Zero, out TcpConnection? connection);
        Assert.Equal(TcpError.InvalidRemoteAddress, error);
        Assert.Null(connection);
        Assert.False(stack.HasOutput);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-46")]
    public void An_OPEN_to_port_0_is_refused() =>
        Assert.Equal(TcpError.InvalidRemoteAddress, Host(Given.Us).Connect(Given.Peer, 0, null, 0, null, Timestamp.Zero, out _));

    [Fact]
    [Trait("Rfc9293", "MUST-43")]
    [Trait("Rfc9293", "MUST-44")]
    public void The_source_is_chosen_before_the_SYN_from_the_peers_family_or_as_asked_for()
    {
        NetworkStack stack = Host(Given.UsIpv6, Given.Us, Second);
        Assert.Equal(Given.Us, Source(Given.Peer, null));
        Assert.Equal(Given.Us, Source(Given.Peer, InternetAddress.AnyIpv4));
        Assert.Equal(Given.UsIpv6, Source(Given.PeerIpv6, null));
        Assert.Equal(Second, Source(Given.Peer, Second));
        Assert.Equal(InternetAddress.Parse("127.0.0.1"), Source(InternetAddress.Parse("127.0.0.1"), null));
        Assert.Equal(TcpError.InvalidLocalAddress, stack.Connect(Given.Peer, 80, Given.PeerIpv6, 0, null, Timestamp.Zero, out _));
        Assert.Equal(TcpError.InvalidLocalAddress, stack.Connect(Given.Peer, 80, Given.UsIpv6, 0, null, Timestamp.Zero, out _));
        Assert.Equal(TcpError.InvalidLocalAddress, Host(Given.Us).Connect(Given.PeerIpv6, 80, null, 0, null, Timestamp.Zero, out _));

        InternetAddress Source(InternetAddress remote, InternetAddress? wanted)
        {
            Assert.Equal(TcpError.None, stack.Connect(remote, 80, wanted, 0, null, Timestamp.Zero, out TcpConnection? connection));
            return connection!.Tuple.LocalAddress;
        }
    }

    [Fact]
    [Trait("Rfc", "1122 3.2.1.3")]
    public void A_loopback_source_never_leaves_the_host() => Assert.Equal(
        TcpError.InvalidLocalAddress,
        Host(Given.Us).Connect(Given.Peer, 80, InternetAddress.Parse("127.0.0.1"), 0, null, Timestamp.Zero, out _));

    [Fact]
    [Trait("Rfc9293", "MUST-45")]
    public void A_connection_keeps_its_source_when_the_host_loses_the_address() => Given.Established()
        .And(g => g.Stack.RemoveAddress(Given.Us))
        .And(g => g.Stack.AddAddress(Second))
        .Writes(5).Sends("P. seq 1 ack 1 len 5")
        .And(g => Assert.Equal(Given.Us, Packets.Ip(g.LastSent).Source))
        .After(201).Sends("P. seq 1 len 5")
        .And(g => Assert.Equal(Given.Us, Packets.Ip(g.LastSent).Source))
        .Receives(". seq 1 ack 6") // and what comes to the old address still finds it
        .And(g => Assert.Equal(0, g.Connection.SendQueue))
        .And(g => g.PeerPort++).Receives("S seq 0").SendsNothing(); // but nobody else may use it

    [Fact]
    public void The_same_name_is_not_opened_twice()
    {
        NetworkStack stack = Host(Given.Us);
        Assert.Equal(TcpError.None, stack.Connect(Given.Peer, 80, Given.Us, 5_000, null, Timestamp.Zero, out _));
        Assert.Equal(TcpError.ConnectionAlreadyExists, stack.Connect(Given.Peer, 80, Given.Us, 5_000, null, Timestamp.Zero, out _));
        Assert.Equal(TcpError.None, stack.Connect(Given.Peer, 81, Given.Us, 5_000, null, Timestamp.Zero, out _));
    }

    [Fact]
    [Trait("Rfc", "6056 3.3.4")]
    [Trait("Threat", "33")]
    [Trait("Clause", "RFC6056-4")]
    public void Ephemeral_ports_run_out_for_one_peer_only_and_come_back()
    {
        NetworkStack stack = Host(new StackOptions { FirstEphemeralPort = 50_000, LastEphemeralPort = 50_009 }, Given.Us);
        Listen(stack, Given.Us, 50_003);
        var ports = new HashSet<ushort>();
        TcpConnection? last = null;
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(TcpError.None, stack.Connect(Given.Peer, 80, null, 0, null, Timestamp.Zero, out last));
            Assert.True(ports.Add(last!.Tuple.LocalPort));
            Assert.InRange(last.Tuple.LocalPort, 50_000, 50_009);
        }
        Assert.DoesNotContain((ushort)50_003, ports); // somebody listens there
        Assert.Equal(TcpError.NoPortAvailable, stack.Connect(Given.Peer, 80, null, 0, null, Timestamp.Zero, out _));
        Assert.Equal(TcpError.None, stack.Connect(Given.Peer, 81, null, 0, null, Timestamp.Zero, out _));

        ushort freed = last!.Tuple.LocalPort;
        last.Abort(Timestamp.Zero);
        Assert.Equal(TcpError.None, stack.Connect(Given.Peer, 80, null, 0, null, Timestamp.Zero, out last));
        Assert.Equal(freed, last!.Tuple.LocalPort);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-8")]
    [Trait("Rfc9293", "MUST-9")]
    [Trait("Rfc9293", "SHLD-1")]
    [Trait("Rfc", "6528 3")]
    [Trait("Threat", "32")]
    public void The_listeners_ISN_ticks_every_4_us_for_one_peer_and_says_nothing_about_another()
    {
        Given given = Given.Listening().Receives("S seq 0").Sends("S.");
        SequenceNumber first = given.OurIsn;
        given.Receives("R seq 1").After(1_000).Receives("S seq 0").Sends("S.");
        Assert.Equal(250_000, given.OurIsn - first);

        given.From(40_001).Receives("S seq 0").Sends("S.");
        SequenceNumber other = given.OurIsn;
        Assert.True(Math.Abs(other - first) > 1_000_000, "another port, another offset (this secret's happen to be far apart)");
    }

    internal static NetworkStack Host(params InternetAddress[] addresses) => Host(new StackOptions(), addresses);

    internal static NetworkStack Host(StackOptions options, params InternetAddress[] addresses)
    {
        var stack = new NetworkStack(options, new StackSecret(5, 6), Timestamp.Zero);
        foreach (InternetAddress address in addresses) stack.AddAddress(address);
        return stack;
    }

    internal static TcpListener Listen(NetworkStack stack, InternetAddress address, ushort port, int backlog = 16)
    {
        Assert.Equal(TcpError.None, stack.Listen(address, port, backlog, null, Timestamp.Zero, out TcpListener? listener));
        return listener!;
    }
}
