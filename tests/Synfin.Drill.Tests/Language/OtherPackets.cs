using Synfin.Drill.Language;

namespace Synfin.Drill.Tests.Language;

/// <summary>ICMP, UDP, and packets that are read though nobody runs them.</summary>
public sealed class OtherPackets
{
    [Theory]
    [InlineData("icmp unreachable frag_needed mtu 1400 [1:1461(1460)]", "unreachable", "frag_needed", 1400, 1L, 1460)]
    [InlineData("icmp unreachable port_unreachable", "unreachable", "port_unreachable", null, null, 0)]
    [InlineData("icmp unreachable host_unreachable [1:1(0)]", "unreachable", "host_unreachable", null, 1L, 0)]
    [InlineData("icmp packet_too_big mtu 1280", "packet_too_big", "", 1280, null, 0)]
    [InlineData("icmpv6 3 0 [ 5 : 6 (1) ]", "3", "0", null, 5L, 1)]
    [InlineData("[ttl 5] icmp time_exceeded ttl_exceeded", "time_exceeded", "ttl_exceeded", null, null, 0)]
    public void Icmp_names_a_type_a_code_and_what_it_quotes(string text, string type, string code, int? mtu, long? seq, int length)
    {
        ScriptIcmp icmp = Reading.Icmp(text);
        Assert.Equal((type, code, mtu, seq, length), (icmp.Type, icmp.Code, icmp.Mtu, icmp.QuotedSeq, icmp.QuotedLength));
        Assert.False(icmp.QuotesDatagram);
    }

    [Fact]
    public void Icmp_may_quote_a_datagram_and_go_out()
    {
        ScriptIcmp icmp = Reading.Icmp("icmp unreachable port_unreachable [udp (100)]");
        Assert.Equal((true, 100), (icmp.QuotesDatagram, icmp.QuotedLength));
        Assert.False(Reading.Packet("+0 > icmp echo_reply").IsInbound);
        Assert.Equal(2, Reading.Script("+0 < icmp echo_request\n+0 > icmp echo_reply").Events.Count);
    }

    [Theory]
    [InlineData("udp (1000)", 1000, null)]
    [InlineData("udp(0)", 0, null)]
    [InlineData("8081>8080 udp (5)", 5, 8081)]
    [InlineData("udp 8081 > 8080 (5)", 5, 8081)]
    public void Datagrams_have_a_length(string text, int length, int? source)
    {
        var datagram = Assert.IsType<ScriptDatagram>(Reading.Packet($"+0 < {text}").Packet);
        Assert.Equal((length, source), (datagram.Length, datagram.SourcePort));
    }

    [Fact]
    public void Packets_that_nobody_runs_are_passed_and_named()
    {
        Script script = Reading.Script("""
            +0 < ipv4 1.1.1.1 > 2.2.2.2: gre: . 1:1(0) ack 1
            +0 > sctp: INIT[flgs=0, tag=1,
            +5 in brackets is no time]
            +.1 close(3) = 0
            """);
        Assert.Equal(["a packet with ipv4 in line 1", "a packet with sctp in line 2"], script.Options.Unknown);
        Assert.Equal(4, Assert.Single(script.Events).Line);
    }
}
