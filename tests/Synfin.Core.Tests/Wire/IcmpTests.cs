using System.Buffers.Binary;
using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class IcmpTests
{
    private static readonly InternetAddress Router4 = InternetAddress.Parse("203.0.113.9");
    private static readonly InternetAddress Router6 = InternetAddress.Parse("2001:db8:ffff::9");

    private static InternetAddress Router(bool v6) => v6 ? Router6 : Router4;

    private static InternetAddress Host(bool v6) => v6 ? Packets.A6 : Packets.A4;

    /// <summary>Reads a message from the router to A.</summary>
    private static WireError Parse(ReadOnlySpan<byte> icmp, bool v6, out IcmpMessage message) =>
        IcmpMessage.TryParse(icmp, v6, Router(v6), Host(v6), out message);

    /// <summary>A message by hand, with a right checksum.</summary>
    private static byte[] Message(bool v6, byte type, byte code, uint field, ReadOnlySpan<byte> body)
    {
        byte[] octets = [type, code, 0, 0, (byte)(field >> 24), (byte)(field >> 16), (byte)(field >> 8), (byte)field, .. body];
        ulong sum = v6 ? InternetChecksum.PseudoHeader(Router6, Packets.A6, IpProtocol.Icmpv6, octets.Length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), InternetChecksum.Finish(InternetChecksum.Sum(octets, sum)));
        return octets;
    }

    private static byte[] TcpPacket(bool v6, int text) => Packets.Ip(v6, IpProtocol.Tcp, Packets.TcpSegment(v6, text));

    private static FourTuple Connection(bool v6) => new(Host(v6), 40000, v6 ? Packets.B6 : Packets.B4, 443);

    [Theory]
    [InlineData(false, 0, 0, IcmpKind.EchoReply)]
    [InlineData(false, 3, 0, IcmpKind.NetworkUnreachable)]
    [InlineData(false, 3, 1, IcmpKind.HostUnreachable)]
    [InlineData(false, 3, 2, IcmpKind.ProtocolUnreachable)]
    [InlineData(false, 3, 3, IcmpKind.PortUnreachable)]
    [InlineData(false, 3, 4, IcmpKind.PacketTooBig)]
    [InlineData(false, 3, 5, IcmpKind.SourceRouteFailed)]
    [InlineData(false, 3, 6, IcmpKind.NetworkUnreachable)]
    [InlineData(false, 3, 7, IcmpKind.HostUnreachable)]
    [InlineData(false, 3, 8, IcmpKind.HostUnreachable)]
    [InlineData(false, 3, 9, IcmpKind.Prohibited)]
    [InlineData(false, 3, 10, IcmpKind.Prohibited)]
    [InlineData(false, 3, 11, IcmpKind.NetworkUnreachable)]
    [InlineData(false, 3, 12, IcmpKind.HostUnreachable)]
    [InlineData(false, 3, 13, IcmpKind.Prohibited)]
    [InlineData(false, 3, 14, IcmpKind.Prohibited)]
    [InlineData(false, 3, 15, IcmpKind.Prohibited)]
    [InlineData(false, 3, 16, IcmpKind.Other)]
    [InlineData(false, 4, 0, IcmpKind.SourceQuench)]
    [InlineData(false, 5, 1, IcmpKind.Redirect)]
    [InlineData(false, 8, 0, IcmpKind.EchoRequest)]
    [InlineData(false, 11, 1, IcmpKind.TimeExceeded)]
    [InlineData(false, 12, 0, IcmpKind.ParameterProblem)]
    [InlineData(false, 13, 0, IcmpKind.Other)]
    [InlineData(false, 128, 0, IcmpKind.Other)]
    [InlineData(true, 0, 0, IcmpKind.Other)]
    [InlineData(true, 1, 0, IcmpKind.NetworkUnreachable)]
    [InlineData(true, 1, 1, IcmpKind.Prohibited)]
    [InlineData(true, 1, 2, IcmpKind.HostUnreachable)]
    [InlineData(true, 1, 3, IcmpKind.HostUnreachable)]
    [InlineData(true, 1, 4, IcmpKind.PortUnreachable)]
    [InlineData(true, 1, 5, IcmpKind.Prohibited)]
    [InlineData(true, 1, 6, IcmpKind.Prohibited)]
    [InlineData(true, 1, 7, IcmpKind.SourceRouteFailed)]
    [InlineData(true, 1, 8, IcmpKind.Other)]
    [InlineData(true, 2, 0, IcmpKind.PacketTooBig)]
    [InlineData(true, 3, 0, IcmpKind.TimeExceeded)]
    [InlineData(true, 4, 1, IcmpKind.ParameterProblem)]
    [InlineData(true, 128, 0, IcmpKind.EchoRequest)]
    [InlineData(true, 129, 0, IcmpKind.EchoReply)]
    [InlineData(true, 135, 0, IcmpKind.Other)]
    [InlineData(true, 137, 0, IcmpKind.Redirect)]
    public void A_type_and_code_have_a_kind(bool v6, byte type, byte code, IcmpKind kind)
    {
        Assert.Equal(WireError.None, Parse(Message(v6, type, code, 0, TcpPacket(v6, 10)), v6, out IcmpMessage message));
        Assert.Equal((type, code, kind), (message.Type, message.Code, message.Kind));
        bool isError = kind is not (IcmpKind.EchoRequest or IcmpKind.EchoReply or IcmpKind.Redirect or IcmpKind.Other);
        Assert.Equal(isError, message.HasQuotedTcp);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "36")]
    public void An_error_names_the_segment_that_it_is_about(bool v6)
    {
        var octets = new byte[1500];
        int length = IcmpWriter.WriteUnreachable(octets, TcpPacket(v6, 10), IcmpKind.PortUnreachable, Router(v6));
        Assert.Equal(WireError.None, Parse(octets.AsSpan(0, length), v6, out IcmpMessage message));
        Assert.Equal(IcmpKind.PortUnreachable, message.Kind);
        Assert.True(message.HasQuotedTcp);
        Assert.Equal(Connection(v6), message.QuotedTuple);
        Assert.Equal(0xFFFF_FFF0, message.QuotedSequence.Value);
        Assert.Equal(0, message.Mtu);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "53")]
    public void Eight_octets_of_TCP_are_enough_and_fewer_are_none(bool v6)
    {
        byte[] packet = TcpPacket(v6, 0);
        for (int quoted = 0; quoted <= packet.Length; quoted++)
        {
            byte[] icmp = Message(v6, v6 ? (byte)1 : (byte)3, 1, 0, packet.AsSpan(0, quoted));
            Assert.Equal(WireError.None, Parse(icmp, v6, out IcmpMessage message));
            Assert.Equal(quoted >= (v6 ? 48 : 28), message.HasQuotedTcp);
            if (message.HasQuotedTcp) Assert.Equal(Connection(v6), message.QuotedTuple);
            else Assert.Equal(default, message.QuotedTuple);
        }
    }

    [Fact]
    public void A_quoted_IPv4_header_may_have_options_and_a_checksum_and_length_that_routers_changed()
    {
        byte[] packet = [.. TcpPacket(v6: false, 0).AsSpan(0, 20), 1, 1, 1, 1, .. TcpPacket(v6: false, 0).AsSpan(20, 8)];
        packet[0] = 0x46;
        packet[2] = packet[10] = 0xFF;
        Assert.Equal(WireError.None, Parse(Message(v6: false, 11, 0, 0, packet), v6: false, out IcmpMessage message));
        Assert.True(message.HasQuotedTcp);
        Assert.Equal(Connection(v6: false), message.QuotedTuple);
    }

    [Fact]
    public void Quotes_of_other_things_are_not_of_TCP()
    {
        byte[] udp = Packets.Ip(v6: false, IpProtocol.Udp, new byte[20]);
        byte[] later = TcpPacket(v6: false, 0);
        later[7] = 1; // a later fragment: what looks like ports is text
        byte[] otherFamily = TcpPacket(v6: true, 0);
        byte[] badLength = TcpPacket(v6: false, 0);
        badLength[0] = 0x44;
        foreach (byte[] quote in (byte[][])[udp, later, otherFamily, badLength])
        {
            Assert.Equal(WireError.None, Parse(Message(v6: false, 3, 1, 0, quote), v6: false, out IcmpMessage message));
            Assert.False(message.HasQuotedTcp);
        }
    }

    [Theory]
    [InlineData(false, 0u, 0)] // a router older than RFC 1191
    [InlineData(false, 68u, 68)]
    [InlineData(false, 0xABCD_05DCu, 1500)] // the upper half is unused
    [InlineData(true, 1280u, 1280)]
    [InlineData(true, 9000u, 9000)]
    [InlineData(true, 0xFFFF_FFFFu, int.MaxValue)]
    public void The_MTU_is_read_as_it_stands_there(bool v6, uint field, int mtu)
    {
        byte[] icmp = Message(v6, v6 ? (byte)2 : (byte)3, v6 ? (byte)0 : (byte)4, field, TcpPacket(v6, 0));
        Assert.Equal(WireError.None, Parse(icmp, v6, out IcmpMessage message));
        Assert.Equal((IcmpKind.PacketTooBig, mtu), (message.Kind, message.Mtu));
    }

    [Theory]
    [InlineData(false, 1400, 1400)]
    [InlineData(true, 1400, 1400)]
    [InlineData(false, 70000, 65535)]
    [InlineData(true, 70000, 70000)]
    public void A_written_MTU_is_read_back(bool v6, int mtu, int read)
    {
        var octets = new byte[1500];
        int length = IcmpWriter.WritePacketTooBig(octets, TcpPacket(v6, 1400), mtu, Router(v6));
        Assert.Equal(WireError.None, Parse(octets.AsSpan(0, length), v6, out IcmpMessage message));
        Assert.Equal((IcmpKind.PacketTooBig, read), (message.Kind, message.Mtu));
        Assert.Equal(Connection(v6), message.QuotedTuple);
    }

    [Theory]
    [InlineData(false, 576 - 20)]
    [InlineData(true, 1280 - 40)]
    [Trait("Rfc", "4443 2.4")]
    [Trait("Rfc", "1812 4.3.2.3")]
    public void A_quote_is_as_long_as_the_smallest_MTU_allows(bool v6, int most)
    {
        var octets = new byte[2000];
        Assert.Equal(most, IcmpWriter.WriteUnreachable(octets, TcpPacket(v6, 1400), IcmpKind.HostUnreachable, Router(v6)));
        byte[] small = TcpPacket(v6, 1);
        byte[] padded = [.. small, 0, 0, 0];
        Assert.Equal(8 + small.Length, IcmpWriter.WriteUnreachable(octets, padded, IcmpKind.HostUnreachable, Router(v6)));
        Assert.Equal(60, IcmpWriter.WriteUnreachable(octets.AsSpan(0, 60), TcpPacket(v6, 1400), IcmpKind.HostUnreachable, Router(v6)));
    }

    [Theory]
    [InlineData(IcmpKind.NetworkUnreachable, IcmpKind.NetworkUnreachable)]
    [InlineData(IcmpKind.HostUnreachable, IcmpKind.HostUnreachable)]
    [InlineData(IcmpKind.ProtocolUnreachable, IcmpKind.ParameterProblem)] // RFC 4443 3.4: an unrecognised next header
    [InlineData(IcmpKind.PortUnreachable, IcmpKind.PortUnreachable)]
    [InlineData(IcmpKind.SourceRouteFailed, IcmpKind.SourceRouteFailed)]
    [InlineData(IcmpKind.Prohibited, IcmpKind.Prohibited)]
    [InlineData(IcmpKind.TimeExceeded, IcmpKind.TimeExceeded)]
    public void A_written_kind_is_read_back(IcmpKind kind, IcmpKind kindOverIpv6)
    {
        var octets = new byte[1500];
        foreach (bool v6 in (bool[])[false, true])
        {
            int length = IcmpWriter.WriteUnreachable(octets, TcpPacket(v6, 10), kind, Router(v6));
            Assert.Equal(WireError.None, Parse(octets.AsSpan(0, length), v6, out IcmpMessage message));
            Assert.Equal(v6 ? kindOverIpv6 : kind, message.Kind);
            Assert.True(message.HasQuotedTcp);
        }
    }

    [Fact]
    public void Errors_are_written_only_about_packets_and_only_of_fitting_kinds()
    {
        var octets = new byte[1500];
        Assert.Equal(0, IcmpWriter.WriteUnreachable(octets, [], IcmpKind.HostUnreachable, Router4));
        Assert.Equal(0, IcmpWriter.WritePacketTooBig(octets, [0x60, 1, 2], 1280, Router6));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => IcmpWriter.WriteUnreachable(octets, TcpPacket(v6: false, 0), IcmpKind.EchoReply, Router4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_echo_reply_returns_what_was_sent(bool v6)
    {
        byte[] data = new TestOctets(12).Take(57);
        byte[] request = Message(v6, v6 ? (byte)128 : (byte)8, 0, 0x1234_0001, data);
        var reply = new byte[100];
        int length = IcmpWriter.WriteEchoReply(reply, request, v6, Host(v6), Router(v6));
        Assert.Equal(request.Length, length);
        Assert.Equal(request[4..], reply[4..length]);
        Assert.Equal(WireError.None, IcmpMessage.TryParse(reply.AsSpan(0, length), v6, Host(v6), Router(v6), out IcmpMessage message));
        Assert.Equal(IcmpKind.EchoReply, message.Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "51")]
    public void Truncated_and_damaged_messages_are_refused(bool v6)
    {
        byte[] icmp = Message(v6, v6 ? (byte)1 : (byte)3, 1, 0, TcpPacket(v6, 10));
        for (int length = 0; length < icmp.Length; length++)
        {
            WireError error = Parse(icmp.AsSpan(0, length), v6, out _);
            if (length < 8) Assert.Equal(WireError.TruncatedIcmp, error);
        }
        for (int bit = 0; bit < icmp.Length * 8; bit++)
        {
            icmp[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.Equal(WireError.BadChecksum, Parse(icmp, v6, out _));
            icmp[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
    }

    [Fact]
    public void The_checksum_of_ICMPv6_covers_the_addresses()
    {
        byte[] icmp = Message(v6: true, 1, 1, 0, TcpPacket(v6: true, 10));
        Assert.Equal(WireError.BadChecksum, IcmpMessage.TryParse(icmp, v6: true, Packets.B6, Packets.A6, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Threat", "52")]
    [Trait("Threat", "53")]
    public void Arbitrary_bodies_never_throw(bool v6)
    {
        var random = new TestOctets(13);
        byte[] packet = TcpPacket(v6, 10);
        byte[] types = v6 ? [1, 2, 3, 4] : [3, 4, 11, 12];
        for (int round = 0; round < 50_000; round++)
        {
            byte[] body = packet[..random.Below(packet.Length + 1)];
            int hits = body.Length == 0 ? 0 : random.Below(6);
            for (; hits > 0; hits--) body[random.Below(body.Length)] = (byte)random.Next();
            byte[] icmp = Message(v6, types[random.Below(4)], (byte)random.Below(16), (uint)random.Next(), body);
            Assert.Equal(WireError.None, Parse(icmp, v6, out IcmpMessage message));
            if (message.HasQuotedTcp) Assert.Equal(v6, !message.QuotedTuple.LocalAddress.IsIpv4);
        }
    }
}
