using Synfin.Drill.Language;

namespace Synfin.Drill.Tests.Language;

/// <summary>TCP segments: IP fields, ports, flags, numbers.</summary>
public sealed class SegmentLines
{
    [Theory]
    [InlineData("S", 0x02)]
    [InlineData("S.", 0x12)]
    [InlineData("S .", 0x12)]
    [InlineData("F.", 0x11)]
    [InlineData("P.", 0x18)]
    [InlineData("FP.", 0x19)]
    [InlineData("FPU.", 0x39)]
    [InlineData("R", 0x04)]
    [InlineData("R.", 0x14)]
    [InlineData(".", 0x10)]
    [InlineData("-", 0x00)]
    [InlineData("SEW", 0xC2)]
    [InlineData("SE.", 0x52)]
    [InlineData("SFRP.UEWA", 0x1FF)]
    [InlineData("SEWA", 0x1C2)]
    [InlineData("EAP.", 0x158)]
    public void Flags_come_in_any_set(string flags, int bits)
    {
        ScriptSegment segment = Reading.Segment($"{flags} 0:0(0) win 100");
        Assert.Equal(bits, segment.Flags);
        Assert.Null(segment.Ace);
    }

    [Theory]
    [InlineData(".5", 0x10, 5)]
    [InlineData("5.", 0x10, 5)]
    [InlineData("P.7", 0x18, 7)]
    [InlineData("2", 0, 2)]
    [InlineData("0 .", 0x10, 0)]
    public void Accurate_ECN_is_a_digit(string flags, int bits, int ace)
    {
        ScriptSegment segment = Reading.Segment($"{flags} 1:1(0) ack 1");
        Assert.Equal((bits, ace), (segment.Flags, segment.Ace));
    }

    [Theory]
    [InlineData(". 1:1001(1000) ack 5", 1, 1000)]
    [InlineData(". 1 : 1001 ( 1000 ) ack 5", 1, 1000)]
    [InlineData(". 1(1000) ack 5", 1, 1000)]
    [InlineData(". 0x10:0x20(16) ack 5", 16, 16)]
    [InlineData(". 4294967290:4294967306(16) ack 5", 4294967290, 16)]
    [InlineData(". 4294967290:10(16) ack 5", 4294967290, 16)]
    [InlineData(". 18446744073709551615:0(1) ack 5", -1, 1)]
    [InlineData(". -1:-1(0) ack 5", -1, 0)]
    public void Sequence_numbers_have_64_bits_and_a_length_that_fits(string text, long seq, int length)
    {
        ScriptSegment segment = Reading.Segment(text);
        Assert.Equal((seq, length, 5L), (segment.Seq, segment.Length, segment.Ack));
    }

    [Fact]
    public void The_other_fields_may_be_absent_and_in_any_order()
    {
        ScriptSegment bare = Reading.Segment("- 1:1(0)");
        Assert.Null(bare.Ack);
        Assert.Null(bare.Window);
        Assert.Null(bare.Urgent);
        ScriptSegment full = Reading.Segment("U. 1:2(1) urg 1 win 65535 ack 7");
        Assert.Equal((7L, 65535, 1), (full.Ack, full.Window, full.Urgent));
        Assert.Null(Reading.Segment(". 1:1(0) ack 1 win *").Window);
    }

    [Fact]
    public void Ports_may_stand_before_the_flags()
    {
        ScriptSegment segment = Reading.Segment("8081>8080 S 0:0(0) win 100");
        Assert.Equal((8081, 8080), (segment.SourcePort, segment.DestinationPort));
        segment = Reading.Segment("[ect0] 1 > 2 . 0:0(0)");
        Assert.Equal((1, 2), (segment.SourcePort, segment.DestinationPort));
        Assert.Equal(2, segment.Ip.Ecn);
        Assert.Null(Reading.Segment("S 0:0(0)").SourcePort);
    }

    [Theory]
    [InlineData("[noecn]", 0)]
    [InlineData("[ect1]", 1)]
    [InlineData("[ect0]", 2)]
    [InlineData("[ce]", 3)]
    [InlineData("(ect0)", 2)]
    [InlineData("(ce)", 3)]
    [InlineData("", null)]
    [InlineData("[tos 0x10]", null)]
    public void Ecn_stands_in_brackets(string prefix, int? ecn) => Assert.Equal(ecn, Reading.Segment($"{prefix} . 1:1(0)").Ip.Ecn);

    [Fact]
    public void Other_fields_of_the_IP_header_do_too()
    {
        Assert.Equal(
            new IpFields { Ecn = 2, TrafficClass = 0x10, TimeToLive = 5, FlowLabel = 0x12345 },
            Reading.Segment("[ect0, tos 0x10,ttl 5] (flowlabel 0x12345) . 1:1(0)").Ip);
        Assert.Equal(new IpFields { EitherEct = true, TimeToLive = 64 }, Reading.Segment("[ect01 hlim 64] . 1:1(0)").Ip);
        Assert.Equal(new IpFields(), Reading.Segment("[] . 1:1(0)").Ip);
    }

    [Fact]
    public void MSS_counts_where_the_head_says_what_it_is()
    {
        Script script = Reading.Script("--mss=1460\n+0 > . 1:1+MSS(MSS) ack 1\n+0 > . 1+MSS:1+2*MSS(MSS) ack 1");
        Assert.Equal([1, 1461], script.Events.Select(e => ((ScriptSegment)((PacketEvent)e).Packet).Seq));
    }

    [Fact]
    public void A_packet_keeps_its_text_for_messages() =>
        Assert.Equal("< S. 0:0(0) ack 1 <mss 1460>", Reading.Packet("+0 <  S.  0:0(0)\n ack 1   <mss 1460>  ").Packet.Text);
}
