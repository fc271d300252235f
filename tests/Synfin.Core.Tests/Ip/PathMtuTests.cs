using Synfin.Core.Tests.Engine;
using Synfin.Core.Tests.Stack;
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

/// <summary>What ICMP says about a path is remembered for all who use it (RFC 1191, RFC 8201), and believed with care.</summary>
[Trait("Threat", "36")]
public sealed class PathMtuTests
{
    private static byte[] TooBig(byte[] quoted, uint mtu) =>
        quoted[0] >> 4 == 6 ? Packets.Error(quoted, 2, 0, mtu) : Packets.Error(quoted, 3, 4, mtu);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "1191 6.3")]
    [Trait("Rfc", "8201 5.2")]
    [Trait("Clause", "RFC1191-3")]
    public void A_datagram_that_was_too_big_goes_in_smaller_fragments_for_ten_minutes(bool v6)
    {
        var host = new UdpHost();
        InternetAddress peer = v6 ? Given.PeerIpv6 : Given.Peer;
        UdpEndpoint endpoint = host.Bind(InternetAddress.AnyIpv6, 53); // whoever has the port: it need not be connected
        endpoint.Send(new byte[1_400], peer, 9, host.Now);
        host.Turn();
        host.Arrives(TooBig(host.TakeSent(), 1_300));
        endpoint.Send(new byte[1_400], peer, 9, host.Now);
        endpoint.Send(new byte[1_200], peer, 9, host.Now);
        host.Turn();
        Assert.Equal([true, true, false], host.Link.Packets.Select(p => Packets.Ip(p).IsFragment));
        Assert.All(host.Link.Packets, p => Assert.InRange(p.Length, 100, 1_300));
        host.Link.Packets.Clear();
        host.After(PathMtuCache.Lifetime);
        endpoint.Send(new byte[1_400], peer, 9, host.Now);
        host.Turn();
        Assert.False(Packets.Ip(host.TakeSent()).IsFragment);
    }

    [Theory]
    [InlineData(false, 28)]
    [InlineData(false, 37)]
    [InlineData(true, 56)]
    [InlineData(true, 61)] // a quote is cut off anywhere
    public void An_error_about_a_first_fragment_is_one_about_the_datagram(bool v6, int quoted)
    {
        var host = new UdpHost();
        InternetAddress peer = v6 ? Given.PeerIpv6 : Given.Peer;
        UdpEndpoint endpoint = host.Bind(InternetAddress.AnyIpv6, 53);
        endpoint.Send(new byte[2_000], peer, 9, host.Now);
        host.Turn();
        byte[] quote = host.Link.Packets[0][..quoted];
        host.Link.Packets.Clear();
        host.Arrives(Packets.Icmp(v6 ? Given.UsIpv6 : Given.Us, (byte)(v6 ? 2 : 3), (byte)(v6 ? 0 : 4), 1_300, quote));
        endpoint.Send(new byte[2_000], peer, 9, host.Now);
        host.Turn();
        Assert.Equal(2, host.Link.Packets.Count);
        Assert.All(host.Link.Packets, p => Assert.InRange(p.Length, 100, 1_300));
    }

    [Fact]
    public void An_error_about_a_port_that_nobody_has_is_not_believed()
    {
        var host = new UdpHost();
        UdpEndpoint endpoint = host.Bind(Given.Us, 53);
        endpoint.DontFragment = true;
        host.Arrives(TooBig(UdpHost.Datagram(Given.Us, 54, Given.Peer, 9, new byte[1_400]), 600));
        Assert.Equal((1_472, 1), (endpoint.MaxDataTo(Given.Peer), host.Drops(DropReason.IcmpNotInFlight)));
        host.Arrives(TooBig(UdpHost.Datagram(Given.Us, 53, Given.Peer, 9, new byte[1_400]), 1));
        Assert.Equal(552 - 28, endpoint.MaxDataTo(Given.Peer)); // nothing tiny
        Assert.Equal(1_472, endpoint.MaxDataTo(InternetAddress.FromIpv4(192, 0, 2, 9))); // and nothing about others
    }

    [Theory]
    [InlineData(0, 900)]
    [InlineData(1_000_000, 1_460)] // a number that is not in flight
    [Trait("Rfc", "5927 4.1")]
    [Trait("Clause", "RFC8201-2")]
    public void What_one_connection_learned_the_next_one_begins_with(int offset, int mss)
    {
        Given given = Given.Established().Writes(1_460).Sends("P. seq 1 len 1460");
        given.ReceivesPacket(TooBig(Packets.WithSeq(given.LastSent, given.OurIsn + 1 + offset), 940)).Ignoring();
        Assert.Equal(TcpError.None, given.Stack.Connect(Given.Peer, 99, null, 0, null, given.Now, out TcpConnection? next));
        var link = new RecordingLink();
        given.Stack.Output(link, given.Now);
        byte[] syn = link.Packets.Last(p => Packets.Ip(p).Protocol == IpProtocol.Tcp && (p[33] & 2) != 0);
        Assert.Equal(1_460, syn[42] << 8 | syn[43]); // what we announce is what our link takes: the way back is another (RFC 1191 3.1)
        uint iss = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(syn.AsSpan(24));
        ushort port = (ushort)(syn[20] << 8 | syn[21]);
        byte[] answer = Packets.Tcp(Given.Peer, 99, Given.Us, port, TcpFlags.Syn | TcpFlags.Ack, seq: 5, ack: iss + 1);
        given.Stack.Input(WithMss(answer, 1_460), default, given.Now);
        Assert.Equal((TcpState.Established, mss), (next!.State, next.Status().SendMss));
    }

    private static byte[] WithMss(byte[] synAck, ushort mss)
    {
        byte[] tcp = [.. synAck[20..], 2, 4, (byte)(mss >> 8), (byte)mss];
        tcp[12] = 6 << 4;
        TcpHeaderWriter.WriteChecksum(tcp, Given.Peer, Given.Us);
        return Packets.InIp(Given.Peer, Given.Us, IpProtocol.Tcp, tcp);
    }

    [Fact]
    public void The_estimates_are_bounded_only_shrink_and_are_forgotten_one_by_one()
    {
        var cache = new PathMtuCache(Tuples.Secret, 64);
        Timestamp now = Timestamp.Zero;
        static InternetAddress Host(uint n) => InternetAddress.FromIpv4(0x0A00_0000 + n);
        Assert.Equal(1_500, cache.Find(Host(1), 1_500, now));
        Assert.True(cache.Learn(Host(1), 1_300, 1_500, now));
        Assert.False(cache.Learn(Host(1), 1_400, 1_300, now));
        Assert.Equal((1_300, 1_280), (cache.Find(Host(1), 1_500, now), cache.Find(Host(1), 1_280, now)));
        Assert.Equal(1_500, cache.Find(Host(2), 1_500, now));
        now += Duration.FromSeconds(300);
        Assert.True(cache.Learn(Host(2), 1_200, 1_500, now));
        now += Duration.FromSeconds(300);
        Assert.Equal((1_500, 1_200), (cache.Find(Host(1), 1_500, now), cache.Find(Host(2), 1_500, now)));
        for (uint n = 0; n < 10_000; n++) cache.Learn(Host(n), 1_000, 1_500, now);
        int kept = 0;
        for (uint n = 0; n < 10_000; n++) kept += cache.Find(Host(n), 1_500, now) == 1_000 ? 1 : 0;
        Assert.Equal(64, kept);
        Assert.False(new PathMtuCache(Tuples.Secret, 0).Learn(Host(1), 1_000, 1_500, now));
    }
}
