using System.Buffers.Binary;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What the stack does not take, by reason, and ping.</summary>
public sealed class AddressTests
{
    private static readonly TcpFlags[] Kinds = [TcpFlags.Syn, TcpFlags.Ack, TcpFlags.Fin | TcpFlags.Ack, TcpFlags.None];

    private static void IsDropped(byte[] packet, DropReason reason, bool ipv6 = false)
    {
        Given given = Given.Listening(ipv6: ipv6).ReceivesPacket(packet).SendsNothing();
        Assert.Equal(1, given.Stack.Counters.Dropped[(int)reason]);
        Assert.Equal(1, given.Stack.Counters.Dropped.Sum());
        Assert.Equal((0, 0), (given.Stack.SynQueueCount, given.Stack.ConnectionCount));
        Assert.Equal((1, 0), (given.Stack.Counters.PacketsReceived, given.Stack.Counters.SegmentsReceived));
    }

    [Theory]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("239.1.2.3")]
    [Trait("Rfc9293", "MUST-57")]
    [Trait("Threat", "55")]
    public void A_segment_to_many_is_dropped_in_silence(string to)
    {
        foreach (TcpFlags flags in Kinds) IsDropped(Packets.Tcp(Given.Peer, 1, InternetAddress.Parse(to), 8080, flags), DropReason.Martian);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-57")]
    public void A_segment_to_an_IPv6_group_is_dropped_in_silence() =>
        IsDropped(Packets.Tcp(Given.PeerIpv6, 1, InternetAddress.Parse("ff02::1"), 8080, TcpFlags.Syn), DropReason.Martian, ipv6: true);

    [Theory]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("240.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.0.9")]
    [InlineData("192.168.0.1")]
    [Trait("Rfc9293", "MUST-63")]
    [Trait("Threat", "55")]
    public void A_segment_from_what_can_be_no_peer_is_dropped_in_silence(string from)
    {
        foreach (TcpFlags flags in Kinds)
            IsDropped(Packets.Tcp(InternetAddress.Parse(from), 8080, Given.Us, 8080, flags), DropReason.Martian);
    }

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [Trait("Rfc9293", "MUST-63")]
    public void The_same_holds_for_IPv6(string from) =>
        IsDropped(Packets.Tcp(InternetAddress.Parse(from), 8080, Given.UsIpv6, 8080, TcpFlags.Syn), DropReason.Martian, ipv6: true);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [Trait("Rfc", "1122 3.2.1.3")]
    [Trait("Threat", "55")]
    public void The_loopback_net_is_not_reached_from_outside(string to)
    {
        NetworkStack stack = ListenTests.Host(Given.Us);
        TcpListener listener = ListenTests.Listen(stack, InternetAddress.AnyIpv4, 8080);
        stack.Input(Packets.Tcp(Given.Peer, 1, InternetAddress.Parse(to), 8080, TcpFlags.Syn), default, Timestamp.Zero);
        Assert.Equal(0, listener.SynQueueCount);
        Assert.Equal(1, stack.Counters.Dropped[(int)DropReason.Martian]);
        Assert.False(stack.HasOutput);
    }

    [Fact]
    public void A_segment_to_another_host_is_not_ours_to_answer()
    {
        foreach (TcpFlags flags in Kinds)
            IsDropped(Packets.Tcp(Given.Peer, 1, InternetAddress.FromIpv4(192, 168, 0, 7), 8080, flags), DropReason.NotForUs);
    }

    [Fact]
    [Trait("Threat", "59")]
    [Trait("Rfc", "3128")]
    public void A_fragment_that_hides_a_header_of_TCP_is_dropped_be_it_the_first_or_the_second()
    {
        foreach (ushort field in (ushort[])[0x2000, 0x0001, 0x2002])
        {
            byte[] packet = Packets.Tcp(Given.Peer, 1, Given.Us, 8080, TcpFlags.Syn, text: 4)[..36]; // 16 octets of TCP
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), 36);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), field);
            IsDropped(Packets.Resummed(packet), DropReason.Fragment);
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-3")]
    [Trait("Threat", "61")]
    public void A_wrong_checksum_is_dropped_in_silence_wherever_the_bit_flipped()
    {
        byte[] good = Packets.Tcp(Given.Peer, 1, Given.Us, 8080, TcpFlags.Syn, seq: 77, text: 5);
        for (int bit = 0; bit < (good.Length - IpHeader.Ipv4Length) * 8; bit++)
        {
            byte[] packet = [.. good];
            packet[IpHeader.Ipv4Length + bit / 8] ^= (byte)(1 << bit % 8);
            IsDropped(packet, DropReason.Checksum);
        }
        byte[] header = [.. good];
        header[8] ^= 1; // the TTL, under IPv4's own checksum
        IsDropped(header, DropReason.Checksum);
    }

    [Fact]
    public void A_checksum_that_the_link_verified_is_not_verified_again()
    {
        Given given = Given.Listening();
        byte[] packet = Packets.Tcp(Given.Peer, 1, Given.Us, 8080, TcpFlags.Syn);
        packet[^4] ^= 1;
        given.Stack.Input(packet, new ReceiveMetadata(ChecksumVerified: true, WireSegments: 1), given.Now);
        Assert.Equal(1, given.Stack.SynQueueCount);
    }

    [Fact]
    [Trait("Threat", "51")]
    public void What_cannot_be_parsed_is_dropped()
    {
        byte[] packet = Packets.Tcp(Given.Peer, 1, Given.Us, 8080, TcpFlags.Syn);
        IsDropped(packet[..30], DropReason.Malformed);
        IsDropped([], DropReason.Malformed);
        IsDropped([0x45, 0], DropReason.Malformed);
        IsDropped(Packets.InIp(Given.Peer, Given.Us, IpProtocol.Icmp, new byte[4]), DropReason.Malformed);
        byte[] offset = [.. packet];
        offset[IpHeader.Ipv4Length + 12] = 4 << 4; // a header of 16 octets
        TcpHeaderWriter.WriteChecksum(offset.AsSpan(IpHeader.Ipv4Length), Given.Peer, Given.Us);
        IsDropped(offset, DropReason.Malformed);
    }

    [Theory]
    [InlineData(new byte[] { 1, 1, 1, 0 })] // NOP, NOP, NOP, end
    [InlineData(new byte[] { 0x83, 7, 4, 9, 9, 9, 9, 0 })] // LSRR
    [InlineData(new byte[] { 0x89, 7, 4, 9, 9, 9, 9, 0 })] // SSRR
    [InlineData(new byte[] { 7, 7, 4, 0, 0, 0, 0, 0 })] // record route
    [InlineData(new byte[] { 0x5E, 4, 1, 2 })] // an experiment
    [InlineData(new byte[] { 0x99, 0, 0, 0 })] // of length 0
    [Trait("Rfc9293", "MUST-50")]
    [Trait("Threat", "60")]
    public void IP_options_are_ignored_and_a_source_route_is_not_followed(byte[] options)
    {
        byte[] plain = Packets.Tcp(Given.Peer, 40_000, Given.Us, 8080, TcpFlags.Syn, seq: 1000);
        byte[] packet = [.. plain.AsSpan(0, 20), .. options, .. plain.AsSpan(20)];
        packet[0] = (byte)(4 << 4 | (20 + options.Length) / 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        Given.Listening().ReceivesPacket(Packets.Resummed(packet)).Sends("S. seq 0 ack 1")
            .And(g => Assert.Equal(Given.Peer, Packets.Ip(g.LastSent).Destination))
            .And(g => Assert.Equal(IpHeader.Ipv4Length, Packets.Ip(g.LastSent).PayloadOffset))
            .Receives(". seq 1 ack 1").Accepts().Then(TcpState.Established);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 56)]
    [InlineData(false, 1_472)]
    [InlineData(true, 56)]
    public void A_ping_is_answered_with_what_it_carried(bool ipv6, int octets)
    {
        Given given = Given.Listening(ipv6: ipv6);
        byte[] data = new byte[octets];
        for (int i = 0; i < octets; i++) data[i] = (byte)(i * 7);
        byte[] request = Packets.Icmp(given.LocalAddress, (byte)(ipv6 ? 128 : 8), 0, 0x12340005, data);
        byte[] reply = given.ReceivesPacket(request).TakeSent();
        IpHeader ip = Packets.Ip(reply);
        Assert.Equal((given.LocalAddress, Packets.Ip(request).Source), (ip.Source, ip.Destination));
        Assert.Equal(WireError.None, IcmpMessage.TryParse(ip.Payload(reply), ipv6, ip.Source, ip.Destination, out IcmpMessage message));
        Assert.Equal(IcmpKind.EchoReply, message.Kind);
        Assert.Equal(request[(Packets.Ip(request).PayloadOffset + 4)..], reply[(ip.PayloadOffset + 4)..]);
        given.SendsNothing();
    }

    [Fact]
    [Trait("Threat", "47")]
    public void A_ping_to_a_group_or_from_nowhere_is_not_answered()
    {
        byte[] ping = Packets.Icmp(Given.Us, 8, 0, 1, []);
        byte[] toGroup = Packets.InIp(Given.Peer, InternetAddress.FromIpv4(224, 0, 0, 1), IpProtocol.Icmp, ping.AsSpan(20));
        byte[] fromNowhere = Packets.InIp(InternetAddress.AnyIpv4, Given.Us, IpProtocol.Icmp, ping.AsSpan(20));
        byte[] reply = Packets.Icmp(Given.Us, 0, 0, 1, []);
        Given.Listening().ReceivesPacket(toGroup).ReceivesPacket(fromNowhere).ReceivesPacket(reply).SendsNothing();
    }
}
