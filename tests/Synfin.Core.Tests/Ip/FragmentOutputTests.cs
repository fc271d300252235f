using System.Globalization;
using Synfin.Core.Tests.Buffers;
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

/// <summary>Datagrams larger than the path's MTU go in fragments (RFC 791 3.2, RFC 6864, RFC 8200 4.5).</summary>
public sealed class FragmentOutputTests
{
    private readonly UdpHost _host = new();

    private static byte[] Numbered(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + i / 256))];

    [Theory]
    [InlineData("192.0.2.1", 1_473, 2)]
    [InlineData("192.0.2.1", 2_952, 2)] // 1,480 and 1,480
    [InlineData("192.0.2.1", 65_507, 45)]
    [InlineData("2001:db8:1::1", 1_453, 2)]
    [InlineData("2001:db8:1::1", 65_527, 46)]
    public void A_datagram_beyond_the_MTU_goes_in_fragments_that_fit_and_make_it_again(string to, int length, int count)
    {
        InternetAddress peer = InternetAddress.Parse(to);
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);
        endpoint.Dscp = 46;
        endpoint.TimeToLive = 3;
        Assert.Equal(length > 60_000 ? length : ushort.MaxValue, length > 60_000 ? endpoint.MaxDataTo(peer) : ushort.MaxValue);
        Assert.Equal(TcpError.None, endpoint.Send(Numbered(length), peer, 9, _host.Now));
        _host.Turn();
        Assert.Equal(count, _host.Link.Packets.Count);
        Assert.All(_host.Link.Packets, p => Assert.InRange(p.Length, 21, 1_500));
        foreach (byte[] fragment in _host.Link.Packets)
        {
            IpHeader ip = Packets.Ip(fragment);
            Assert.Equal((peer, 3, 46, IpProtocol.Udp, true), (ip.Destination, ip.TimeToLive, ip.Dscp, ip.Protocol, ip.IsFragment));
            if (peer.IsIpv4) Assert.Equal(0, fragment[6] & 0x40); // routers may fragment it further
        }
        byte[] udp = Fragments.Joined(_host.Link.Packets);
        InternetAddress us = peer.IsIpv4 ? Given.Us : Given.UsIpv6;
        Assert.Equal(WireError.None, UdpHeader.TryParse(udp, us, peer, false, out UdpHeader header));
        Assert.Equal((53, 9), (header.SourcePort, header.DestinationPort));
        Assert.Equal(Numbered(length), header.Data.ToArray());
        Counters counters = _host.Stack.Counters;
        Assert.Equal((1, count, count), (counters.DatagramsSent, counters.FragmentsSent, counters.PacketsSent));
        Assert.Equal((0, false), (_host.Stack.PagesInUse, _host.Stack.HasOutput));
    }

    [Fact]
    public void What_IP_cannot_carry_is_refused()
    {
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);
        Assert.Equal((65_507, 65_527), (endpoint.MaxDataTo(Given.Peer), endpoint.MaxDataTo(Given.PeerIpv6)));
        Assert.Equal(TcpError.MessageTooLong, endpoint.Send(new byte[65_508], Given.Peer, 9, _host.Now));
        Assert.Equal(TcpError.MessageTooLong, endpoint.Send(new byte[65_528], Given.PeerIpv6, 9, _host.Now));
    }

    [Fact]
    public void What_fits_stays_whole()
    {
        UdpEndpoint endpoint = _host.Bind(Given.Us, 53);
        endpoint.Send(new byte[1_472], Given.Peer, 9, _host.Now);
        _host.Turn();
        byte[] packet = _host.TakeSent();
        Assert.Equal([0, 0, 0x40, 0], packet[4..8]); // identification 0, don't fragment
        Assert.Equal(0, _host.Stack.Counters.FragmentsSent);
    }

    [Fact]
    public void A_link_that_is_full_in_the_midst_of_a_datagram_goes_on_where_it_stopped()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var random = new SeededGenerator(seed);
            var host = new UdpHost();
            UdpEndpoint[] endpoints = [host.Bind(InternetAddress.AnyIpv6, 53), host.Bind(InternetAddress.AnyIpv6, 54)];
            var sent = new List<byte[]>();
            for (int i = 0; i < 10; i++)
            {
                byte[] data = random.Octets(random.Below(9_000));
                if (endpoints[random.Below(2)].Send(data, random.OneIn(2) ? Given.Peer : Given.PeerIpv6, 9, host.Now) is TcpError.None)
                    sent.Add(data);
            }
            for (int turn = 0; turn < 500 && host.Stack.HasOutput; turn++)
            {
                host.Link.Room = random.Below(4);
                if (random.OneIn(4)) host.Stack.Mtu = 1_280 + random.Below(400); // it changes meanwhile
                host.Turn();
            }
            Assert.Equal(sent.Select(Convert.ToHexString).Order(), WhatAPeerGets(host.Link.Packets).Select(Convert.ToHexString).Order());
            Assert.True(host.Stack.Counters.DatagramsSent == 10, string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        }
    }

    /// <summary>Every datagram that another stack makes of the packets.</summary>
    private static List<byte[]> WhatAPeerGets(List<byte[]> packets)
    {
        NetworkStack peer = ListenTests.Host(Given.Peer, Given.PeerIpv6);
        Assert.Equal(TcpError.None, peer.BindUdp(InternetAddress.AnyIpv6, 9, Timestamp.Zero, out UdpEndpoint? endpoint));
        List<byte[]> received = [];
        byte[] buffer = new byte[65_535];
        foreach (byte[] packet in packets)
        {
            peer.Input(packet, default, Timestamp.Zero);
            while (endpoint!.Receive(buffer, Timestamp.Zero, out ReceivedDatagram datagram) is TcpError.None)
                received.Add(buffer[..datagram.Count]);
        }
        Assert.Equal((0, 0), (peer.ReassemblyCount, peer.PagesInUse));
        return received;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ping_that_came_in_fragments_is_answered_in_fragments_also_by_a_full_link(bool v6)
    {
        InternetAddress us = v6 ? Given.UsIpv6 : Given.Us;
        byte[] ping = Packets.Icmp(us, (byte)(v6 ? 128 : 8), 0, 0x12340005, Numbered(5_000));
        _host.Link.Room = 2;
        foreach (byte[] fragment in Fragments.Of(ping, 1_232)) _host.Arrives(fragment);
        Assert.Equal(2, _host.Link.Packets.Count);
        _host.Link.Room = int.MaxValue;
        _host.Turn();
        Assert.Equal(4, _host.Link.Packets.Count);
        Assert.Equal(Numbered(5_000), Fragments.Joined(_host.Link.Packets)[8..]);
    }

    [Fact]
    [Trait("Rfc", "6864 4.3")]
    [Trait("Rfc", "7739 5.3")]
    [Trait("Threat", "35")]
    public void Identifications_do_not_come_again_soon_and_say_nothing_about_those_to_others()
    {
        var choice = new FragmentIdentification(new StackSecret(1, 2));
        var seen = new HashSet<ushort>();
        for (int i = 0; i < 65_536; i++) Assert.True(seen.Add((ushort)choice.Next(Given.Us, Given.Peer, IpProtocol.Udp)));
        var firsts = new HashSet<uint>();
        for (uint i = 0; i < 1_000; i++)
            firsts.Add(choice.Next(Given.UsIpv6, new InternetAddress(0x20010db8_00000000, i), IpProtocol.Udp) >> 20);
        Assert.InRange(firsts.Count, 800, 1_000); // they are spread over all 32 bits
        uint last = choice.Next(Given.UsIpv6, Given.PeerIpv6, IpProtocol.Udp);
        var steps = new HashSet<uint>();
        for (int i = 0; i < 200; i++)
        {
            uint next = choice.Next(Given.UsIpv6, Given.PeerIpv6, IpProtocol.Udp);
            steps.Add(next - last);
            last = next;
        }
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (uint)i), steps.Order()); // nobody can count what is sent to others
        Assert.NotEqual(
            new FragmentIdentification(new StackSecret(1, 3)).Next(Given.Us, Given.Peer, IpProtocol.Udp),
            new FragmentIdentification(new StackSecret(1, 4)).Next(Given.Us, Given.Peer, IpProtocol.Udp));
    }

    [Fact]
    [Trait("Rfc", "6864 4.3")]
    public void Two_datagrams_in_a_row_have_different_identifications()
    {
        UdpEndpoint endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);
        foreach (InternetAddress peer in (InternetAddress[])[Given.Peer, Given.PeerIpv6])
        {
            for (int i = 0; i < 2; i++) endpoint.Send(new byte[2_000], peer, 9, _host.Now);
            _host.Turn();
            uint[] ids = [.. _host.Link.Packets.Select(p => Fragments.Read(p).Id)];
            Assert.Equal((ids[0], ids[2]), (ids[1], ids[3]));
            Assert.NotEqual(ids[0], ids[2]);
            _host.Link.Packets.Clear();
        }
    }

    [Fact]
    public void Fragments_allocate_nothing_either_way_once_there_was_one_datagram()
    {
        NetworkStack stack = ListenTests.Host(Given.Us);
        Assert.Equal(TcpError.None, stack.BindUdp(Given.Us, 53, Timestamp.Zero, out UdpEndpoint? endpoint));
        byte[][] fragments = [.. Fragments.Of(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, new byte[6_000]), 1_200)];
        byte[] buffer = new byte[6_000];
        var link = new CountingLink();
        long before = 0;
        for (int round = 0; round < 1_000; round++)
        {
            if (round == 500) before = GC.GetAllocatedBytesForCurrentThread(); // by then everything has been compiled
            for (int i = fragments.Length - 1; i >= 0; i--) stack.Input(fragments[i], default, Timestamp.Zero);
            while (endpoint!.Receive(buffer, Timestamp.Zero, out ReceivedDatagram datagram) is TcpError.None)
                endpoint.Send(buffer.AsSpan(0, datagram.Count), datagram.RemoteAddress, datagram.RemotePort, Timestamp.Zero);
            stack.Output(link, Timestamp.Zero);
        }
        Assert.Equal((0, 5_000), (GC.GetAllocatedBytesForCurrentThread() - before, link.Count));
    }
}
