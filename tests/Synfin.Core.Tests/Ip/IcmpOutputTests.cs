using System.Buffers.Binary;
using Synfin.Core.Tests.Engine;
using Synfin.Core.Tests.Udp;
using Synfin.Stack;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>The ICMP errors that are sent, and those that are not (RFC 1122 3.2.2, RFC 4443 2.4, 3.4).</summary>
public sealed class IcmpOutputTests
{
    private readonly UdpHost _host = new();

    /// <summary>Type, code, and the field behind the checksum.</summary>
    private (byte Type, byte Code, uint Field) Told(byte[] about)
    {
        byte[] reply = _host.TakeSent();
        IpHeader ip = Packets.Ip(reply);
        ReadOnlySpan<byte> icmp = ip.Payload(reply);
        Assert.Equal(WireError.None, IcmpMessage.TryParse(icmp, ip.Version == 6, ip.Source, ip.Destination, out _));
        Assert.Equal(about, icmp[8..].ToArray());
        return (icmp[0], icmp[1], BinaryPrimitives.ReadUInt32BigEndian(icmp[4..]));
    }

    /// <summary>A packet with extension headers before whatever follows them.</summary>
    private static byte[] Ipv6(byte first, params byte[] payload) => Packets.InIp(Given.PeerIpv6, Given.UsIpv6, first, payload);

    [Fact]
    [Trait("Rfc", "1122 3.2.2.1")]
    [Trait("Rfc", "4443 3.4")]
    public void A_protocol_that_is_not_spoken_is_said_to_be_unreachable()
    {
        byte[] sctp = Packets.InIp(Given.Peer, Given.Us, 132, new byte[20]);
        _host.Arrives(sctp);
        Assert.Equal((3, 2, 0u), Told(sctp));
        byte[] sctp6 = Ipv6(132, new byte[20]);
        _host.Arrives(sctp6);
        Assert.Equal((4, 1, 6u), Told(sctp6)); // the pointer is at the next header field
        byte[] behindOptions = Ipv6(60, [132, 0, 1, 4, 0, 0, 0, 0, .. new byte[20]]);
        _host.Arrives(behindOptions);
        Assert.Equal((4, 1, 40u), Told(behindOptions));
        Assert.Equal(3, _host.Drops(DropReason.UnknownProtocol));
        _host.Arrives(Ipv6(59, new byte[20])); // "no next header" needs no answer
        Assert.Empty(_host.Link.Packets);
    }

    [Theory]
    [InlineData(0x41, false, false)] // 01: discard
    [InlineData(0x81, true, true)] // 10: and say so, whoever it was for
    [InlineData(0xC1, true, false)] // 11: and say so, if it was for us alone
    [Trait("Rfc", "8200 4.2")]
    [Trait("Threat", "54")]
    public void An_option_that_is_not_known_says_itself_what_is_to_be_done(byte option, bool told, bool toldToMany)
    {
        foreach (byte header in (byte[])[0, 60])
        {
            byte[] packet = Ipv6(header, [IpProtocol.Udp, 0, 0, 1, 0, option, 1, 0, .. new byte[8]]);
            _host.Arrives(packet);
            if (told) Assert.Equal((4, 2, 45u), Told(packet));
            byte[] toMany = [.. packet];
            InternetAddress.Parse("ff02::1").WriteTo(toMany.AsSpan(24));
            _host.Arrives(toMany);
            if (toldToMany) Assert.Equal((4, 2, 45u), Told(toMany));
            Assert.Empty(_host.Link.Packets);
        }
    }

    [Fact]
    [Trait("Rfc", "5095 3")]
    [Trait("Rfc", "8200 4.4")]
    public void A_routing_header_with_segments_left_is_refused_aloud()
    {
        byte[] packet = Ipv6(43, [IpProtocol.Udp, 0, 0, 1, .. new byte[12]]);
        _host.Arrives(packet);
        Assert.Equal((4, 0, 42u), Told(packet));
        _host.Arrives(Ipv6(60, [0, 0, 1, 4, 0, 0, 0, 0, .. new byte[16]])); // hop-by-hop options where they do not belong
        byte[] misplaced = Ipv6(60, [0, 0, 1, 4, 0, 0, 0, 0, .. new byte[16]]);
        Assert.Equal((4, 1, 40u), Told(misplaced));
    }

    [Theory]
    [InlineData("224.0.0.1", "192.168.0.1")]
    [InlineData("255.255.255.255", "192.168.0.1")]
    [InlineData("0.0.0.0", "192.168.0.1")]
    [InlineData("127.0.0.1", "192.168.0.1")]
    [InlineData("10.9.0.255", "192.168.0.1")] // all of a subnet on our link
    [InlineData("192.0.2.1", "255.255.255.255")]
    [InlineData("192.0.2.1", "10.9.0.255")]
    [InlineData("192.0.2.1", "224.0.0.1")]
    [InlineData("ff02::1", "2001:db8::1")]
    [InlineData("::", "2001:db8::1")]
    [InlineData("2001:db8:1::1", "ff02::1")]
    [Trait("Rfc", "1122 3.2.2")]
    [Trait("Rfc", "4443 2.4")]
    [Trait("Threat", "47")]
    public void Nobody_is_told_about_what_went_to_many_or_came_from_nobody(string from, string to)
    {
        BroadcastTests.AddSubnet(_host.Stack);
        InternetAddress source = InternetAddress.Parse(from), destination = InternetAddress.Parse(to);
        _host.Arrives(Packets.InIp(source, destination, 132, new byte[20]));
        _host.Arrives(UdpHost.Datagram(source, 9, destination, 53, [1]));
        _host.Arrives(Packets.Tcp(source, 9, destination, 53, TcpFlags.Syn));
        if (!source.IsIpv4) _host.Arrives(Packets.InIp(source, destination, 60, [17, 0, 0xC1, 0, 0, 0, 0, 0]));
        Assert.Empty(_host.Link.Packets);
    }

    [Fact]
    [Trait("Rfc", "1122 3.2.2")]
    [Trait("Threat", "47")]
    public void Errors_and_later_fragments_are_not_answered()
    {
        foreach (bool v6 in (bool[])[false, true])
        {
            (InternetAddress peer, InternetAddress us) = v6 ? (Given.PeerIpv6, Given.UsIpv6) : (Given.Peer, Given.Us);
            byte protocol = v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
            byte[] error = new byte[600];
            error[0] = (byte)(v6 ? 1 : 3);
            _host.Arrives(Fragments.One(peer, us, protocol, error, 0, more: true, id: 1)); // an error in fragments
            _host.Arrives(Fragments.One(peer, us, 132, new byte[64], 64, more: true, id: 2)); // a later fragment
        }
        _host.After(Duration.FromSeconds(60));
        _host.Turn();
        Assert.Equal(4, _host.Drops(DropReason.ReassemblyTimeout));
        Assert.Empty(_host.Link.Packets);
    }

    [Fact]
    [Trait("Threat", "47")]
    [Trait("Threat", "59")]
    public void All_errors_have_one_limit_and_no_error_is_longer_than_it_may_be()
    {
        var host = new UdpHost(new StackOptions { MaxIcmpRepliesPerSecond = 8, MaxReassemblies = 64 });
        for (uint i = 0; i < 10; i++)
        {
            host.Arrives(Packets.InIp(Given.Peer, Given.Us, 132, new byte[1_400]));
            host.Arrives(Ipv6(132, new byte[1_400]));
            host.Arrives(UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, new byte[1_400]));
            host.Arrives(Ipv6(60, [17, 0, 0xC1, 0, 0, 0, 0, 0]));
            host.Arrives(Fragments.One(Given.Peer, Given.Us, 132, new byte[1_400], 0, more: true, i));
        }
        Assert.Equal((8, 32), (host.Link.Packets.Count, host.Stack.Counters.RepliesDropped));
        Assert.All(host.Link.Packets, p => Assert.InRange(p.Length, 28, p[0] >> 4 == 6 ? 1_280 : 576));
        host.After(Duration.FromSeconds(30));
        host.Turn();
        Assert.Equal((16, 34), (host.Link.Packets.Count, host.Stack.Counters.RepliesDropped));
    }
}
