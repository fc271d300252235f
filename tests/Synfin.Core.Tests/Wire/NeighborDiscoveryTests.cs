using System.Buffers.Binary;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

/// <summary>Neighbor discovery and listener discovery on the wire (RFC 4861 4, RFC 8106 5, RFC 4191 2, RFC 3810 5).</summary>
[Trait("Rfc", "4861 4")]
public sealed class NeighborDiscoveryTests
{
    private static readonly InternetAddress Link = InternetAddress.Parse("fe80::1");
    private static readonly InternetAddress Global = InternetAddress.Parse("2001:db8::1");
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:07");

    private static byte[] Packet(ReadOnlySpan<byte> message, InternetAddress source, InternetAddress destination, byte hopLimit = 255)
    {
        byte[] packet = new byte[40 + message.Length];
        IpHeaderWriter.Write(packet, source, destination, IpProtocol.Icmpv6, message.Length, 0, hopLimit, 0);
        Span<byte> icmp = packet.AsSpan(40);
        message.CopyTo(icmp);
        if (message.Length < 4) return packet;
        icmp[2] = icmp[3] = 0;
        ulong pseudo = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Icmpv6, message.Length);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Finish(InternetChecksum.Sum(icmp, pseudo)));
        return packet;
    }

    private static WireError Parse(ReadOnlySpan<byte> packet, out NeighborDiscoveryMessage message)
    {
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader ip));
        return NeighborDiscoveryMessage.TryParse(ip.Payload(packet), in ip, out message);
    }

    private static WireError Check(ReadOnlySpan<byte> message, InternetAddress source, InternetAddress destination, byte hopLimit = 255) =>
        Parse(Packet(message, source, destination, hopLimit), out _);

    private static byte[] Solicitation(InternetAddress target, params byte[] options)
    {
        byte[] message = [135, 0, 0, 0, 0, 0, 0, 0, .. new byte[16], .. options];
        target.WriteTo(message.AsSpan(8));
        return message;
    }

    [Fact]
    public void What_a_host_says_is_read_again()
    {
        byte[] packet = new byte[NeighborDiscoveryWriter.MaxLength];
        int length = NeighborDiscoveryWriter.WriteNeighborSolicitation(packet, Link, Global.SolicitedNode, Global, Mac);
        Assert.Equal(WireError.None, Parse(packet.AsSpan(0, length), out NeighborDiscoveryMessage message));
        Assert.Equal((NeighborDiscoveryType.NeighborSolicitation, Global), (message.Type, message.Target));
        Assert.True(message.TryFindMac(out MacAddress mac) && mac == Mac);

        length = NeighborDiscoveryWriter.WriteNeighborSolicitation(packet, InternetAddress.AnyIpv6, Global.SolicitedNode, Global, Mac);
        Assert.Equal(WireError.None, Parse(packet.AsSpan(0, length), out message));
        Assert.False(message.TryFindMac(out _));

        for (int flags = 0; flags < 8; flags++)
        {
            bool s = (flags & 1) != 0, o = (flags & 2) != 0, r = (flags & 4) != 0;
            length = NeighborDiscoveryWriter.WriteNeighborAdvertisement(packet, Link, Link, Global, Mac, s, o, r);
            Assert.Equal(WireError.None, Parse(packet.AsSpan(0, length), out message));
            Assert.Equal((s, o, r, Global), (message.IsSolicited, message.IsOverride, message.IsRouter, message.Target));
            Assert.True(message.TryFindMac(out mac) && mac == Mac);
        }
        length = NeighborDiscoveryWriter.WriteRouterSolicitation(packet, Link, Mac);
        Assert.Equal(WireError.None, Parse(packet.AsSpan(0, length), out message));
        Assert.Equal((NeighborDiscoveryType.RouterSolicitation, 56), (message.Type, length));
    }

    [Fact]
    public void A_router_advertisement_with_all_its_options_is_read()
    {
        byte[] message = Convert.FromHexString(
            "86000000400807080000000000000000" // high preference, 1800 s
            + "0101020000000007" // source link-layer address
            + "05010000000005DC" // MTU 1500
            + "030440C0000151800000384000000000" + "20010DB8000000000000000000000000" // 2001:db8::/64, L and A
            + "190300000000025820010DB8000000000000000000000053" // one server, 600 s
            + "FE01000000000000"); // unknown: skipped
        Assert.Equal(WireError.None, Parse(Packet(message, Link, InternetAddress.AllNodes), out NeighborDiscoveryMessage read));
        Assert.Equal((1_800, RouterPreference.High), (read.RouterLifetime, read.Preference));
        Assert.True(read.TryFindMac(out MacAddress mac) && mac == Mac);
        int options = 0, found = 0;
        foreach (NeighborDiscoveryOption option in read)
        {
            options++;
            if (option.TryReadMtu(out uint mtu)) found += mtu == 1_500 ? 1 : 100;
            if (option.TryReadPrefix(out PrefixInformation prefix))
            {
                found += 10;
                Assert.Equal(new PrefixInformation(InternetAddress.Parse("2001:db8::"), 64, true, true, 86_400, 14_400), prefix);
            }
            if (!option.TryReadDnsServers(out int count, out uint lifetime)) continue;
            found += 1_000;
            Assert.Equal((1, 600u, InternetAddress.Parse("2001:db8::53")), (count, lifetime, option.DnsServer(0)));
        }
        Assert.Equal((5, 1_011), (options, found));
    }

    [Theory]
    [InlineData(0x00, RouterPreference.Medium)]
    [InlineData(0x08, RouterPreference.High)]
    [InlineData(0x10, RouterPreference.Medium)] // reserved
    [InlineData(0x18, RouterPreference.Low)]
    [Trait("Rfc", "4191 2.2")]
    public void The_preference_of_a_router(byte flags, RouterPreference preference)
    {
        byte[] message = [134, 0, 0, 0, 64, flags, .. new byte[10]];
        Assert.Equal(WireError.None, Parse(Packet(message, Link, InternetAddress.AllNodes), out NeighborDiscoveryMessage read));
        Assert.Equal(preference, read.Preference);
    }

    [Fact]
    [Trait("Rfc", "4861 6.1")]
    [Trait("Rfc", "4861 7.1")]
    [Trait("Threat", "62")]
    public void What_no_neighbour_may_say_is_refused()
    {
        byte[] mac = [1, 1, 2, 0, 0, 0, 0, 7];
        InternetAddress nobody = InternetAddress.AnyIpv6, all = InternetAddress.AllNodes;
        Assert.Equal(WireError.None, Check(Solicitation(Global, mac), Link, Global.SolicitedNode));
        (byte[] Message, InternetAddress Source, InternetAddress Destination, byte HopLimit)[] bad =
        [
            (Solicitation(Global, mac), Link, Global, 254),
            (Solicitation(Global, mac), nobody, Global.SolicitedNode, 255), // nobody has no link-layer address
            (Solicitation(Global), nobody, Global, 255), // nobody asks the group only
            (Solicitation(all), Link, all, 255),
            ([135, 1, .. Solicitation(Global)[2..]], Link, Global, 255), // another code
            ([136, 0, 0, 0, 0x40, 0, 0, 0, .. Solicitation(Global)[8..]], Link, all, 255), // an answer to all
            ([136, .. Solicitation(all)[1..]], Link, all, 255),
            ([136, .. Solicitation(Global)[1..]], nobody, all, 255),
            ([134, .. new byte[15]], Global, all, 255),
            ([134, .. new byte[15]], nobody, all, 255),
            ([133, .. new byte[7], .. mac], nobody, all, 255),
            ([137, .. new byte[39]], Global, Global, 255),
            ([138, .. new byte[39]], Link, Global, 255),
        ];
        foreach ((byte[] message, InternetAddress source, InternetAddress destination, byte hopLimit) in bad)
            Assert.Equal(WireError.BadNeighborDiscovery, Check(message, source, destination, hopLimit));
        byte[] damaged = Packet(Solicitation(Global, mac), Link, Global);
        damaged[^1] ^= 1;
        Assert.Equal(WireError.BadChecksum, Parse(damaged, out _));
    }

    [Fact]
    [Trait("Rfc", "4861 4.6")]
    [Trait("Threat", "51")]
    public void Options_of_no_length_or_beyond_the_end_are_refused()
    {
        byte[][] broken = [[1], [1, 0], [1, 0, 0, 0, 0, 0, 0, 0], [1, 2, 0, 0, 0, 0, 0, 0], [200, 1, 0, 0, 0, 0, 0, 0, 9]];
        foreach (byte[] options in broken)
            Assert.Equal(WireError.BadNeighborDiscoveryOption, Check(Solicitation(Global, options), Link, Global));
        byte[] whole = Solicitation(Global);
        for (int length = 8; length < whole.Length; length++)
            Assert.Equal(WireError.TruncatedNeighborDiscovery, Check(whole.AsSpan(0, length), Link, Global));
        for (int length = 0; length < 8; length++) Assert.Equal(WireError.TruncatedIcmp, Check(whole.AsSpan(0, length), Link, Global));
    }

    [Fact]
    [Trait("Threat", "51")]
    public void Arbitrary_octets_never_throw_and_every_option_lies_inside()
    {
        var octets = new TestOctets(11);
        int read = 0, options = 0;
        for (int round = 0; round < 50_000; round++)
        {
            byte[] message = octets.Take(octets.Below(2) == 0 ? octets.Below(15) * 8 : octets.Below(120));
            if (message.Length > 2)
            {
                message[0] = (byte)(132 + octets.Below(7));
                message[1] = 0;
            }
            // Lengths that fit come up often enough for the options to be reached.
            for (int at = 17; at < message.Length; at += 8) message[at] = (byte)octets.Below(3);
            byte[] packet = Packet(message, Link, Global);
            if (Parse(packet, out NeighborDiscoveryMessage parsed) is not WireError.None) continue;
            read++;
            _ = (parsed.TryFindMac(out _), parsed.IsRouter, parsed.IsSolicited, parsed.IsOverride);
            _ = (parsed.RouterLifetime, parsed.Preference);
            int total = 0;
            foreach (NeighborDiscoveryOption option in parsed)
            {
                options++;
                total += option.Octets.Length;
                _ = (option.TryReadMac(out _), option.TryReadMtu(out _), option.TryReadPrefix(out _));
                if (!option.TryReadDnsServers(out int count, out _)) continue;
                for (int i = 0; i < count; i++) _ = option.DnsServer(i);
            }
            Assert.InRange(total, 0, message.Length - 8);
        }
        Assert.InRange(read, 1_000, 49_000);
        Assert.True(options > 1_000);
    }

    [Theory]
    [InlineData(0x7FFF, 32_767)]
    [InlineData(0x8000, 0x1000 << 3)]
    [InlineData(0xFFFF, 0x1FFF << 10)]
    [Trait("Rfc", "3810 5.1.3")]
    public void A_long_response_delay_is_a_floating_point_number(int code, long milliseconds)
    {
        byte[] message = new byte[28];
        message[0] = ListenerQuery.Type;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), (ushort)code);
        byte[] packet = Packet(message, Link, InternetAddress.AllNodes, hopLimit: 1);
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader ip));
        Assert.Equal(WireError.None, ListenerQuery.TryParse(ip.Payload(packet), in ip, out ListenerQuery query));
        Assert.Equal(new ListenerQuery(InternetAddress.AnyIpv6, Duration.FromMilliseconds(milliseconds), false), query);
    }

    [Fact]
    [Trait("Rfc", "3810 5.1.14")]
    [Trait("Threat", "51")]
    public void Queries_of_other_lengths_hop_limits_and_senders_are_refused()
    {
        byte[] message = new byte[40];
        message[0] = ListenerQuery.Type;
        for (int length = 0; length <= 40; length++)
        {
            WireError expected = length < 24 ? WireError.TruncatedNeighborDiscovery
                : length is 24 or >= 28 ? WireError.None : WireError.BadNeighborDiscovery;
            Assert.Equal(expected, Query(message.AsSpan(0, length), Link, 1));
        }
        Assert.Equal(WireError.BadNeighborDiscovery, Query(message.AsSpan(0, 28), Link, 255));
        Assert.Equal(WireError.BadNeighborDiscovery, Query(message.AsSpan(0, 28), Global, 1));
        message[8] = 0x20;
        Assert.Equal(WireError.BadNeighborDiscovery, Query(message.AsSpan(0, 28), Link, 1));
    }

    [Fact]
    [Trait("Rfc", "3810 5.2")]
    public void A_report_bears_the_router_alert_and_a_right_checksum()
    {
        byte[] packet = new byte[ListenerReportWriter.MaxLength];
        int length = ListenerReportWriter.WriteVersion2(packet, Link, Global.SolicitedNode, ListenerRecord.ChangeToExclude);
        Assert.Equal("3A00050200000100", Convert.ToHexString(packet.AsSpan(40, 8)));
        Assert.Equal(WireError.None, IpHeader.TryParse(packet.AsSpan(0, length), out IpHeader ip));
        Assert.Equal((IpProtocol.Icmpv6, (byte)1, InternetAddress.Parse("ff02::16")), (ip.Protocol, ip.TimeToLive, ip.Destination));
        Assert.True(InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Icmpv6, ip.Payload(packet.AsSpan(0, length))));
        Assert.Equal("8F00", Convert.ToHexString(packet.AsSpan(48, 2)));
        Assert.Equal("0000000104000000FF0200000000000000000001FF000001", Convert.ToHexString(packet.AsSpan(52, 24)));
        length = ListenerReportWriter.WriteVersion1(packet, Link, Global.SolicitedNode);
        Assert.Equal(WireError.None, IpHeader.TryParse(packet.AsSpan(0, length), out ip));
        Assert.Equal(Global.SolicitedNode, ip.Destination);
        Assert.True(InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Icmpv6, ip.Payload(packet.AsSpan(0, length))));
    }

    private static WireError Query(ReadOnlySpan<byte> message, InternetAddress source, byte hopLimit)
    {
        byte[] packet = Packet(message, source, InternetAddress.AllNodes, hopLimit);
        Assert.Equal(WireError.None, IpHeader.TryParse(packet, out IpHeader ip));
        return ListenerQuery.TryParse(ip.Payload(packet), in ip, out _);
    }
}
