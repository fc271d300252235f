using Synfin.Core.Tests.Engine;
using Synfin.Core.Tests.Udp;
using Synfin.Stack;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

/// <summary>Fragments that arrive: honest ones make their datagram, others nothing (RFC 791 3.2, RFC 8200 4.5).</summary>
[Trait("Threat", "59")]
public sealed class FragmentReassemblyTests
{
    private readonly UdpHost _host = new();
    private readonly UdpEndpoint _endpoint;

    public FragmentReassemblyTests() => _endpoint = _host.Bind(InternetAddress.AnyIpv6, 53);

    private static byte[] Numbered(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + i / 256))];

    private static byte[] Datagram(bool v6, int length) => v6
        ? UdpHost.Datagram(Given.PeerIpv6, 9, Given.UsIpv6, 53, Numbered(length))
        : UdpHost.Datagram(Given.Peer, 9, Given.Us, 53, Numbered(length));

    private static byte[] One(bool v6, ReadOnlySpan<byte> payload, int offset, bool more, byte ecn = 0) => v6
        ? Fragments.One(Given.PeerIpv6, Given.UsIpv6, IpProtocol.Udp, payload, offset, more, trafficClass: ecn)
        : Fragments.One(Given.Peer, Given.Us, IpProtocol.Udp, payload, offset, more, trafficClass: ecn);

    private void NothingCame(long drops)
    {
        Assert.Equal((0, drops), (_endpoint.ReceiveQueueCount, _host.Drops(DropReason.Fragment)));
        Assert.Equal(0, _host.Stack.PagesInUse);
    }

    [Theory]
    [InlineData(false, "0123")]
    [InlineData(false, "3210")]
    [InlineData(true, "2031")]
    [InlineData(true, "1302")]
    [InlineData(false, "0012213")] // some twice
    [InlineData(true, "332110")]
    [Trait("Rfc", "815")]
    public void A_datagram_is_whole_when_its_last_fragment_is_there_whatever_their_order(bool v6, string order)
    {
        List<byte[]> fragments = Fragments.Of(Datagram(v6, 4_000), 1_200);
        foreach (char which in order[..^1]) _host.Arrives(fragments[which - '0']);
        Assert.Equal((0, 1), (_endpoint.ReceiveQueueCount, _host.Stack.ReassemblyCount));
        _host.Arrives(fragments[order[^1] - '0']);
        Assert.Equal(Numbered(4_000), _host.Receives(_endpoint));
        Assert.Equal((0, 0, 1), (_host.Stack.ReassemblyCount, _host.Stack.PagesInUse, _host.Stack.Counters.DatagramsReassembled));
        Assert.Equal(Timestamp.Never, _host.Stack.NextDeadline);
    }

    [Theory]
    [InlineData(false, 65_507)]
    [InlineData(true, 65_527)]
    public void The_largest_datagram_that_there_is_arrives(bool v6, int length)
    {
        foreach (byte[] fragment in Fragments.Of(Datagram(v6, length), 1_232)) _host.Arrives(fragment);
        Assert.Equal(Numbered(length), _host.Receives(_endpoint));
    }

    [Fact]
    public void Datagrams_with_another_name_are_other_datagrams()
    {
        List<byte[]> first = Fragments.Of(Datagram(v6: false, 2_000), 1_200, id: 1);
        List<byte[]> second = Fragments.Of(Datagram(v6: false, 2_000), 1_200, id: 2);
        _host.Arrives(first[0]);
        _host.Arrives(second[1]);
        _host.Arrives(Fragments.One(Given.Peer, Given.Us, protocol: 132, Numbered(800), 1_200, more: false, id: 1));
        _host.Arrives(Fragments.One(Given.Peer, UdpHost.Second, IpProtocol.Udp, Numbered(800), 1_200, more: false, id: 1));
        Assert.Equal((0, 4), (_endpoint.ReceiveQueueCount, _host.Stack.ReassemblyCount));
        _host.Arrives(first[1]);
        _host.Arrives(second[0]);
        Assert.Equal((2, 2), (_endpoint.ReceiveQueueCount, _host.Stack.ReassemblyCount));
    }

    public static TheoryData<int, int, bool> Overlaps => new()
    {
        // beside a fragment of octets 800 to 1,600 that is there, with a fragment before it and one after it: every way to overlap it
        { 600, 1_000, true }, { 600, 1_600, true }, { 600, 1_800, true }, { 800, 1_000, true }, { 800, 1_608, true },
        { 1_000, 1_200, true }, { 1_000, 1_600, true }, { 1_000, 1_800, true }, { 0, 2_400, true }, { 1_592, 1_608, true },
        { 1_000, 1_100, false }, { 800, 1_600, false }, // and ends where more is there
    };

    [Theory]
    [MemberData(nameof(Overlaps))]
    [Trait("Rfc", "5722 4")]
    [Trait("Rfc", "1858")]
    [Trait("Cve", "1999-0015")]
    public void Fragments_that_overlap_spoil_their_datagram_in_both_families(int start, int end, bool more)
    {
        foreach (bool v6 in (bool[])[false, true])
        {
            var test = new FragmentReassemblyTests();
            byte[] whole = Datagram(v6, 3_192);
            ReadOnlySpan<byte> payload = Packets.Ip(whole).Payload(whole);
            test._host.Arrives(One(v6, payload[800..1_600], 800, more: true));
            test._host.Arrives(One(v6, payload[2_400..], 2_400, more: false));
            test._host.Arrives(One(v6, payload[start..end], start, more));
            test.NothingCame(drops: 1);
            test._host.Arrives(One(v6, payload[..800], 0, more: true)); // what is still under way is discarded too
            test._host.Arrives(One(v6, payload[1_600..2_400], 1_600, more: true));
            test.NothingCame(drops: 3);
            test._host.After(Duration.FromSeconds(61));
            test._host.Turn();
            Assert.Equal((0, 0), (test._host.Stack.ReassemblyCount, test._host.Drops(DropReason.ReassemblyTimeout)));
            Assert.Empty(test._host.Link.Packets); // and nothing is said about it
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_octets_twice_are_a_duplicate_and_others_in_the_same_place_are_not(bool v6)
    {
        List<byte[]> fragments = Fragments.Of(Datagram(v6, 2_000), 1_200);
        _host.Arrives(fragments[0]);
        _host.Arrives(fragments[0]);
        Assert.Equal(0, _host.Drops(DropReason.Fragment));
        byte[] changed = [.. fragments[0]];
        changed[^1] ^= 1;
        _host.Arrives(changed);
        NothingCame(drops: 1);
        _host.Arrives(fragments[1]);
        NothingCame(drops: 2);
    }

    [Theory]
    [InlineData(65_528, 8)] // ends at 65,536
    [InlineData(65_520, 1_000)]
    [Trait("Cve", "1999-0128")]
    public void A_fragment_beyond_the_largest_datagram_is_refused(int offset, int length)
    {
        byte[] v4 = One(v6: false, new byte[length], Math.Min(offset, 65_512), more: false);
        _host.Arrives(v4); // the "ping of death"
        Assert.Equal((1, 0), (_host.Drops(DropReason.Malformed), _host.Stack.ReassemblyCount));
        byte[] v6 = One(v6: true, new byte[length], offset, more: false);
        _host.Arrives(v6);
        Assert.Equal((2, 0, 0), (_host.Drops(DropReason.Malformed), _host.Stack.ReassemblyCount, _endpoint.ReceiveQueueCount));
    }

    [Fact]
    [Trait("Cve", "2018-5391")]
    public void A_datagram_in_crumbs_is_given_up_at_the_limit_and_costs_little()
    {
        _host.Arrives(One(v6: false, new byte[8], 65_504, more: false));
        for (int i = 1; i < 4_000; i++) _host.Arrives(One(v6: false, new byte[8], i * 16, more: true));
        NothingCame(drops: 4_000 - _host.Stack.Options.MaxFragments);
        Assert.Equal(1, _host.Stack.ReassemblyCount);
    }

    [Fact]
    [Trait("Cve", "2018-5391")]
    public void Beyond_the_limits_the_oldest_datagram_makes_room_so_that_an_honest_one_gets_through_a_flood()
    {
        var host = new UdpHost(new StackOptions { MaxReassemblies = 16, MaxReassemblyOctets = 20 * 4_096 });
        UdpEndpoint endpoint = host.Bind(InternetAddress.AnyIpv6, 53);
        List<byte[]> honest = Fragments.Of(Datagram(v6: false, 4_000), 1_200, id: 77);
        for (uint i = 0; i < 4_000; i++)
        {
            // the "Rose" attack: the first and the last, and never what is between
            host.Arrives(Fragments.One(Given.Peer, Given.Us, IpProtocol.Udp, new byte[32], 0, more: true, 1_000 + i));
            host.Arrives(Fragments.One(Given.Peer, Given.Us, IpProtocol.Udp, new byte[32], 64_800, more: false, 1_000 + i));
            if (i is >= 2_000 and < 2_004) host.Arrives(honest[(int)i - 2_000]);
            Assert.InRange(host.Stack.ReassemblyCount, 1, 16);
            Assert.InRange(host.Stack.PagesInUse, 1, 21);
        }
        Assert.Equal(Numbered(4_000), host.Receives(endpoint));
    }

    [Fact]
    public void Without_pages_and_with_a_limit_of_0_fragments_are_dropped()
    {
        StackOptions[] all = [new() { MaxReassemblies = 0 }, new() { MaxPages = 1 }, new() { MaxReassemblyOctets = 4_096 }];
        foreach (StackOptions options in all)
        {
            var host = new UdpHost(options);
            UdpEndpoint endpoint = host.Bind(InternetAddress.AnyIpv6, 53);
            foreach (byte[] fragment in Fragments.Of(Datagram(v6: false, 9_000), 1_200)) host.Arrives(fragment);
            Assert.Equal((0, 0), (endpoint.ReceiveQueueCount, host.Stack.PagesInUse));
            Assert.InRange(host.Drops(DropReason.Fragment), 5, 8);
        }
    }

    [Theory]
    [InlineData(false, 30, 11)]
    [InlineData(true, 60, 3)]
    [Trait("Rfc", "1122 3.3.2")]
    [Trait("Rfc", "8200 4.5")]
    public void What_does_not_come_in_time_is_told_to_the_sender_of_the_first_fragment(bool v6, int seconds, byte type)
    {
        List<byte[]> fragments = Fragments.Of(Datagram(v6, 4_000), 1_200);
        _host.Arrives(fragments[2]);
        _host.After(Duration.FromSeconds(seconds - 1));
        _host.Arrives(fragments[0]); // it does not begin the time anew
        Assert.Equal(Timestamp.Zero + Duration.FromSeconds(seconds), _host.Stack.NextDeadline);
        _host.After(Duration.FromSeconds(1));
        _host.Turn();
        byte[] told = _host.TakeSent();
        IpHeader ip = Packets.Ip(told);
        ReadOnlySpan<byte> icmp = ip.Payload(told);
        Assert.Equal((type, 1), (icmp[0], icmp[1])); // fragment reassembly time exceeded
        Assert.Equal(WireError.None, IcmpMessage.TryParse(icmp, v6, ip.Source, ip.Destination, out IcmpMessage message));
        Assert.Equal((9, 53), (message.QuotedTuple.LocalPort, message.QuotedTuple.RemotePort));
        Assert.Equal(fragments[0][..(icmp.Length - 8)], icmp[8..].ToArray());
        Assert.Equal((1, 0, 0), (_host.Drops(DropReason.ReassemblyTimeout), _host.Stack.ReassemblyCount, _host.Stack.PagesInUse));
        _host.Arrives(fragments[1]);
        _host.Arrives(fragments[3]); // too late
        Assert.Equal(0, _endpoint.ReceiveQueueCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_the_first_fragment_nobody_is_told(bool v6)
    {
        _host.Arrives(Fragments.Of(Datagram(v6, 4_000), 1_200)[1]);
        _host.After(Duration.FromSeconds(60));
        _host.Turn();
        Assert.Empty(_host.Link.Packets);
        Assert.Equal((1, 0), (_host.Drops(DropReason.ReassemblyTimeout), _host.Stack.ReassemblyCount));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 3, 3)] // ECT(1) and CE
    [InlineData(0, 0, 0)]
    [InlineData(0, 3, -1)] // not capable and CE: an error of the path's
    [Trait("Rfc", "3168 5.3")]
    public void A_mark_of_congestion_on_a_fragment_is_one_on_the_datagram(byte first, byte second, int whole)
    {
        var reassembly = new Synfin.Ip.FragmentReassembly(new StackOptions(), new Synfin.Buffers.PagePool(10));
        byte[][] fragments = [One(false, new byte[16], 0, true, ecn: first), One(false, new byte[5], 16, false, ecn: second)];
        Assert.Equal(Synfin.Ip.FragmentOutcome.Waits, reassembly.Add(Packets.Ip(fragments[0]), fragments[0], Timestamp.Zero, out _));
        reassembly.Add(Packets.Ip(fragments[1]), fragments[1], Timestamp.Zero, out ReadOnlySpan<byte> packet);
        Assert.Equal(whole, packet.IsEmpty ? -1 : Packets.Ip(packet.ToArray()).Ecn);
        Assert.Equal(0, reassembly.Count);
    }

    [Fact]
    public void A_segment_in_fragments_opens_a_connection_and_an_address_that_is_gone_gets_nothing()
    {
        Given given = Given.Listening();
        byte[] syn = Packets.Tcp(Given.Peer, 40_000, Given.Us, 8080, TcpFlags.Syn, seq: 1, text: 100);
        foreach (byte[] fragment in Fragments.Of(syn, 64)) given.ReceivesPacket(fragment);
        Assert.Equal(1, given.Stack.SynQueueCount);
        List<byte[]> other = Fragments.Of(syn, 64, id: 8);
        given.ReceivesPacket(other[0]);
        given.Stack.RemoveAddress(Given.Us);
        given.ReceivesPacket(other[1]);
        Assert.Equal(1, given.Stack.Counters.Dropped[(int)DropReason.NotForUs]);
    }
}
