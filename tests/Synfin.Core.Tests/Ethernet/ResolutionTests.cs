using Synfin.Ethernet;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>From an IP address to an Ethernet address: ARP (RFC 826, RFC 1122 2.3.2) beside neighbor discovery (RFC 4861 7).</summary>
public sealed class ResolutionTests
{
    private readonly EthernetSegment _segment = new();
    private readonly EthernetHost _a;
    private readonly EthernetHost _b;

    public ResolutionTests()
    {
        _a = _segment.Host(1).With("10.0.0.1/24").With("fd00::1/64");
        _b = _segment.Host(2).With("10.0.0.2/24").With("fd00::2/64");
        _segment.Run(10);
        _segment.Said();
    }

    public static TheoryData<string, string> Families => new() { { "10.0.0.1", "10.0.0.2" }, { "fd00::1", "fd00::2" } };

    [Theory]
    [MemberData(nameof(Families))]
    [Trait("Rfc", "826 Reception")]
    [Trait("Rfc", "4861 7.2.2")]
    public void The_first_packet_asks_and_waits_the_next_ones_go_at_once(string a, string b)
    {
        _a.SendsTo(b);
        bool v4 = b[0] == '1';
        string asked = v4 ? "1 to all" : "1 to group";
        string[] expected = [$"{asked}: who has {b}? tell {a}", $"2 to 1: {b} is at 2", $"1 to 2: udp to {b}"];
        Assert.Equal(expected, _segment.Said(without: "2 to 1: icmp")[..3]);
        Assert.Equal([$"{b} Reachable"], _a.Neighbors);
        Assert.Equal($"{a} Delay", _b.Neighbors.Single()); // it was told by the question, and answered with a port unreachable
        _a.SendsTo(b);
        Assert.Equal($"1 to 2: udp to {b}", _segment.Said()[0]);
    }

    [Theory]
    [MemberData(nameof(Families))]
    [Trait("Rfc", "4861 7.3.3")]
    public void What_was_not_confirmed_for_a_while_is_used_and_asked_about_after_a_delay(string a, string b)
    {
        _a.SendsTo(b);
        _segment.Run(60);
        _segment.Said();
        _a.SendsTo(b);
        Assert.Equal(NeighborState.Delay, _a.Neighbor(b).State);
        Assert.Equal($"1 to 2: udp to {b}", _segment.Said()[0]);
        _segment.Run(4.9);
        Assert.Equal(NeighborState.Delay, _a.Neighbor(b).State);
        _segment.Said();
        _segment.Run(0.2);
        Assert.Equal(NeighborState.Reachable, _a.Neighbor(b).State);
        string[] said = _segment.Said();
        Assert.Contains($"1 to 2: who has {b}? tell {a}", said);
        Assert.Contains($"2 to 1: {b} is at 2", said);
    }

    [Theory]
    [MemberData(nameof(Families))]
    [Trait("Rfc", "4861 7.3.3")]
    public void Who_does_not_answer_three_questions_any_more_is_asked_for_anew_and_found_elsewhere(string a, string b)
    {
        _a.SendsTo(b);
        _segment.Run(60);
        _segment.Hosts.Remove(_b);
        EthernetHost replacement = _segment.Host(3).With(b + (b[0] == '1' ? "/24" : "/64"));
        replacement.Room = 0; // it does not announce itself
        _segment.Settle();
        _a.SendsTo(b);
        _segment.Said();
        _segment.Run(5 + 2.5);
        Assert.Equal(NeighborState.Probe, _a.Neighbor(b).State);
        Assert.Equal(Enumerable.Repeat($"1 to 2: who has {b}? tell {a}", 3), _segment.Said());
        replacement.Room = int.MaxValue;
        _segment.Run(1);
        _a.SendsTo(b);
        Assert.Equal(EthernetFrames.MacOf(3), _a.Neighbor(b).Mac);
    }

    [Theory]
    [MemberData(nameof(Families))]
    [Trait("Rfc", "4861 7.2.2")]
    public void A_lost_question_is_asked_again_each_second_and_the_connection_opens(string a, string b)
    {
        int lost = 0;
        _segment.Lose = frame => EthernetFrames.Describe(frame).Contains("who has", StringComparison.Ordinal) && lost++ < 2;
        TcpListener listener = _b.Listen(80);
        TcpConnection connection = _a.Connect(b);
        _segment.Run(1.9);
        Assert.Equal(TcpState.SynSent, connection.State);
        _segment.Run(0.2);
        Assert.Equal(TcpState.Established, connection.State);
        Assert.Equal(TcpError.None, listener.Accept(_segment.Now, out _));
        string[] said = _segment.Said();
        Assert.Equal(3, said.Count(line => line.Contains($"who has {b}? tell {a}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("10.0.0.9")]
    [InlineData("fd00::9")]
    [Trait("Rfc", "4861 7.2.2")]
    [Trait("Rfc", "1122 2.4")]
    public void If_nobody_answers_three_questions_the_OPEN_fails_with_host_unreachable(string nobody)
    {
        TcpConnection connection = _a.Connect(nobody);
        _segment.Run(2.9);
        Assert.Equal(TcpState.SynSent, connection.State);
        Assert.Equal([$"{nobody} Incomplete"], _a.Neighbors);
        _segment.Run(0.2);
        Assert.Equal((TcpState.Closed, TcpError.HostUnreachable), (connection.State, connection.Error));
        Assert.Empty(_a.Neighbors);
        Assert.Equal(3, _segment.Said().Length);
        _segment.Run(30);
        Assert.Empty(_segment.Said());
    }

    [Fact]
    public void A_connected_datagram_endpoint_hears_of_it_too()
    {
        Assert.Equal(TcpError.None, _a.Stack.BindUdp(InternetAddress.AnyIpv4, 0, _segment.Now, out var endpoint));
        Assert.Equal(TcpError.None, endpoint!.Connect(InternetAddress.Parse("10.0.0.9"), 9, _segment.Now));
        Assert.Equal(TcpError.None, endpoint.Send([1], _segment.Now));
        _segment.Run(3.1);
        Assert.Equal(TcpError.HostUnreachable, endpoint.Send([1], _segment.Now));
    }

    [Theory]
    [MemberData(nameof(Families))]
    [Trait("Rfc9293", "MUST-56")]
    public void An_established_connection_outlives_a_neighbour_that_is_gone_for_a_while(string a, string b)
    {
        TcpListener listener = _b.Listen(80);
        TcpConnection connection = _a.Connect(b);
        _segment.Run(1);
        Assert.Equal(TcpError.None, listener.Accept(_segment.Now, out TcpConnection? server));
        Assert.Equal(InternetAddress.Parse(a), server!.Key.RemoteAddress);
        _segment.Lose = _ => true;
        connection.Send(new byte[100], _segment.Now, out _);
        _segment.Run(90);
        Assert.Equal(TcpState.Established, connection.State);
        _segment.Lose = null;
        _segment.Run(90);
        Assert.Equal(100, server.Readable);
    }

    [Fact]
    [Trait("Rfc", "4861 7.2.2")]
    public void Of_many_packets_for_one_neighbour_the_newest_wait()
    {
        int lost = 0;
        _segment.Lose = frame => EthernetFrames.Describe(frame).Contains("who has", StringComparison.Ordinal) && lost++ == 0;
        for (int i = 0; i < 10; i++) _a.SendsTo("10.0.0.2", octets: 100 + i);
        Assert.Equal(6, _a.Interface.Counters.PacketsDropped);
        _segment.Run(1.5);
        bool Sent(byte[] frame) => EthernetFrames.Describe(frame).StartsWith("1 to 2: udp", StringComparison.Ordinal);
        int[] lengths = [.. _segment.Log.Where(Sent).Select(frame => frame.Length - 42)];
        Assert.Equal([106, 107, 108, 109], lengths);
    }

    [Fact]
    public void What_is_for_another_subnet_goes_to_the_router_under_its_own_address()
    {
        _a.WithRoute("0.0.0.0/0", "10.0.0.254").WithRoute("::/0", "fd00::fe");
        _segment.Host(254).With("10.0.0.254/24").With("fd00::fe/64");
        _segment.Run(5);
        _segment.Said();
        _a.Connect("192.0.2.7");
        _a.Connect("2001:db8::7");
        _segment.Settle();
        string[] said = _segment.Said();
        Assert.Contains("1 to all: who has 10.0.0.254? tell 10.0.0.1", said);
        Assert.Contains("1 to 254: tcp to 192.0.2.7", said);
        Assert.Contains("1 to 254: tcp to 2001:db8::7", said);
        Assert.Equal(["fd00::fe Reachable", "10.0.0.254 Reachable"], _a.Neighbors);
    }

    [Theory]
    [InlineData("255.255.255.255", 0xFFFF_FFFF_FFFFul)]
    [InlineData("10.0.0.255", 0xFFFF_FFFF_FFFFul)]
    [InlineData("239.129.2.3", 0x0100_5E01_0203ul)]
    [InlineData("ff02::1:2", 0x3333_0001_0002ul)]
    [Trait("Rfc", "1112 6.4")]
    [Trait("Rfc", "2464 7")]
    public void What_is_for_many_is_sent_to_many_and_asks_nobody(string destination, ulong mac)
    {
        InternetAddress to = InternetAddress.Parse(destination);
        byte[] packet = new byte[60];
        IpHeaderWriter.Write(packet, InternetAddress.Parse(to.IsIpv4 ? "10.0.0.1" : "fd00::1"), to, 17, to.IsIpv4 ? 40 : 20, 0, 1, 0);
        _a.WithRoute("0.0.0.0/0", "10.0.0.254").WithRoute("::/0", "fd00::fe");
        _a.Routed.OnTime(_segment.Now);
        Assert.True(_a.Routed.Transmit(new OutboundPacket { Header = packet, TransportOffset = 20, WireSegments = 1 }));
        Assert.Equal(mac, MacAddress.FromBytes(Assert.Single(_segment.Log)).Value);
        Assert.Empty(_a.Neighbors);
    }

    [Fact]
    public void A_permanent_neighbour_is_never_asked_and_never_changed()
    {
        _a.Interface.AddPermanentNeighbor(InternetAddress.Parse("10.0.0.2"), EthernetFrames.MacOf(2));
        _a.SendsTo("10.0.0.2");
        Assert.Equal("1 to 2: udp to 10.0.0.2", _segment.Said()[0]);
        _segment.Says(EthernetFrames.Arp(ArpOperation.Reply, 6, "10.0.0.2", "10.0.0.1", _a.Mac, _a.Mac));
        _segment.Run(100);
        Assert.Equal((EthernetFrames.MacOf(2), NeighborState.Permanent), (_a.Neighbor("10.0.0.2").Mac, _a.Neighbor("10.0.0.2").State));
        Assert.True(_a.Interface.RemoveNeighbor(InternetAddress.Parse("10.0.0.2")));
        Assert.False(_a.Interface.RemoveNeighbor(InternetAddress.Parse("10.0.0.2")));
        Assert.Throws<ArgumentException>(() => _a.Interface.AddPermanentNeighbor(InternetAddress.Parse("10.0.0.2"), MacAddress.Broadcast));
        Assert.Throws<ArgumentException>(() => _a.Interface.AddPermanentNeighbor(InternetAddress.AnyIpv4, _a.Mac));
    }

    [Fact]
    public void A_full_link_loses_neither_questions_nor_the_packets_that_waited()
    {
        _a.Room = 0;
        TcpConnection connection = _a.Connect("10.0.0.2");
        _b.Listen(80);
        _segment.Settle();
        Assert.True(_a.Interface.HasOutput);
        _a.Room = 1;
        _segment.Settle(); // the question
        Assert.Equal(TcpState.SynSent, connection.State);
        _a.Room = int.MaxValue;
        _segment.Settle();
        Assert.Equal(TcpState.Established, connection.State);
        Assert.False(_a.Interface.HasOutput);
    }
}
