using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Running;

/// <summary>What of a segment is compared with a line, and how what differs is told.</summary>
public sealed class SegmentMatching
{
    [Theory]
    [InlineData(". 1:1(0) ack 1 win 5", ". 1:1(0) ack 1 win 5", null)]
    [InlineData(". 1:1(0) ack 1", ". 1:1(0) ack 1 win 5", null)] // no window is asked for
    [InlineData(". 1:1(0) ack 1 win 5", ". 1:1(0) ack 1 win 6", "win 6 instead of 5")]
    [InlineData("P. 1:11(10) ack 1", ". 1:11(10) ack 1 win 5", "flags . instead of P.")]
    [InlineData("F. 1:1(0) ack 1", "FP. 1:1(0) ack 1 win 5", "flags FP. instead of F.")]
    [InlineData("S. 0:0(0) ack 1", "SE. 0:0(0) ack 1 win 5", "flags S.E instead of S.")]
    [InlineData(". 1:1(0) ack 1", ". 2:2(0) ack 1 win 5", "seq 2 instead of 1")]
    [InlineData(". 1:1(0) ack 1", ". 1:1(0) ack 2 win 5", "ack 2 instead of 1")]
    [InlineData(". 1:11(10) ack 1", ". 1:21(20) ack 1 win 5", "20 octets instead of 10")]
    [InlineData(". 1:11(10) ack 1", "U. 1:11(10) ack 1 win 5 urg 4", "flags .U instead of .")]
    [InlineData("U. 1:11(10) ack 1 urg 3", "U. 1:11(10) ack 1 win 5 urg 4", "urg 4 instead of 3")]
    [InlineData("R 1:1(0)", "R 1:1(0) win 0", null)]
    [InlineData(". 4294967295:1(2) ack 4294967296", ". 4294967295:1(2) ack 0 win 1", null)] // modulo 2^32
    public void Fields(string line, string came, string? mismatch) =>
        Assert.Equal(mismatch, Compare(line, came, new MatchOptions()).Mismatch);

    [Theory]
    [InlineData("<mss 1460>", "<mss 1460>", null)]
    [InlineData("", "<mss 1460>", "options <mss 1460> instead of <>")]
    [InlineData("<mss 1460>", "", "options <> instead of <mss 1460>")]
    [InlineData("<...>", "<mss 1460,nop,wscale 8>", null)]
    [InlineData("<mss 1460,nop,wscale 8>", "<mss 1460,wscale 8,nop>", "options <mss 1460,wscale 8,nop> instead of <mss 1460,nop,wscale 8>")]
    [InlineData("<mss 1460,sackOK,eol,eol>", "<mss 1460,sackOK,nop,nop>",
        "options <mss 1460,sackOK,nop,nop> instead of <mss 1460,sackOK,eol,eol>")]
    [InlineData("<nop,nop,sack 1:2 5:6>", "<nop,nop,sack 1:2 5:6>", null)]
    [InlineData("<nop,nop,sack 1:2 5:6>", "<nop,nop,sack 5:6 1:2>", "options <nop,nop,sack 5:6 1:2> instead of <nop,nop,sack 1:2 5:6>")]
    [InlineData("<nop,nop,TS val 1 ecr 7>", "<nop,nop,TS val 900 ecr 7>", null)] // TS val is not compared
    [InlineData("<nop,nop,TS val 1 ecr 7>", "<nop,nop,TS val 1 ecr 8>",
        "options <nop,nop,TS val 1 ecr 8> instead of <nop,nop,TS val 1 ecr 7>")]
    public void Options(string line, string came, string? mismatch) =>
        Assert.Equal(mismatch, Compare($". 1:1(0) ack 1 {line}", $". 1:1(0) ack 1 win 5 {came}", new MatchOptions()).Mismatch);

    [Theory]
    [InlineData(100u, 104u, true)]
    [InlineData(100u, 96u, true)]
    [InlineData(100u, 105u, false)]
    [InlineData(0u, 0xFFFF_FFFCu, true)] // around 0
    public void TS_val_is_compared_if_the_script_says_how_fast_it_runs(uint line, uint came, bool same)
    {
        var options = new MatchOptions { TimestampTick = Duration.FromMilliseconds(1), Tolerance = Duration.FromMilliseconds(4) };
        string? mismatch = Compare($". 1:1(0) ack 1 <TS val {line} ecr 7>", $". 1:1(0) ack 1 win 5 <TS val {came} ecr 7>",
            options).Mismatch;
        Assert.Equal(same, mismatch is null);
    }

    [Fact]
    public void A_PSH_is_let_pass_if_the_option_says_so_and_it_is_told()
    {
        (string? mismatch, IReadOnlyList<string> leniencies) =
            Compare(". 1:11(10) ack 1", "P. 1:11(10) ack 1 win 5", new MatchOptions { LenientPsh = true });
        Assert.Null(mismatch);
        Assert.Equal(["PSH is there"], leniencies);
        Assert.Equal("flags FP. instead of .",
            Compare(". 1:1(0) ack 1", "FP. 1:1(0) ack 1 win 5", new MatchOptions { LenientPsh = true }).Mismatch);
    }

    [Fact]
    public void Another_order_and_padding_are_let_pass_if_the_option_says_so_but_not_another_value()
    {
        var options = new MatchOptions { LenientOptions = true };
        (string? mismatch, IReadOnlyList<string> leniencies) = Compare(
            "S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 8>", "S. 0:0(0) ack 1 win 5 <mss 1460,nop,wscale 8,sackOK,eol,eol>",
            options);
        Assert.Null(mismatch);
        Assert.Equal(["options in another order or padding: <mss 1460,nop,wscale 8,sackOK,eol,eol>"], leniencies);
        Assert.NotNull(Compare("S. 0:0(0) ack 1 <mss 1460>", "S. 0:0(0) ack 1 win 5 <nop,mss 1400,nop>", options).Mismatch);
    }

    [Theory]
    [InlineData(0x02, false, false, 2, null)]
    [InlineData(0x03, false, false, 2, "ECN 3 instead of 2")]
    [InlineData(0x01, true, false, null, null)]
    [InlineData(0x03, true, false, null, "ECN 3 instead of ECT(0) or ECT(1)")]
    public void What_stands_before_the_packet(int trafficClass, bool either, bool tos, int? ecn, string? mismatch)
    {
        Assert.False(tos);
        LivePacket packet = LivePacket.Read(new CapturedPacket(Wire.Segment(". 1:1(0) ack 1 win 5", trafficClass: (byte)trafficClass),
            default));
        Assert.Equal(mismatch, SegmentMatcher.Compare(new IpFields { Ecn = ecn, EitherEct = either }, packet));
    }

    [Fact]
    public void A_tos_and_a_ttl()
    {
        LivePacket packet = LivePacket.Read(new CapturedPacket(Wire.Segment(". 1:1(0) ack 1 win 5", trafficClass: 0x10), default));
        Assert.Null(SegmentMatcher.Compare(new IpFields { TrafficClass = 0x10, TimeToLive = 64 }, packet));
        Assert.Equal("tos 0x10 instead of 0x11", SegmentMatcher.Compare(new IpFields { TrafficClass = 0x11 }, packet));
        Assert.Equal("ttl 64 instead of 63", SegmentMatcher.Compare(new IpFields { TimeToLive = 63 }, packet));
    }

    private static (string? Mismatch, IReadOnlyList<string> Leniencies) Compare(string line, string came, MatchOptions options)
    {
        List<string> leniencies = [];
        string? mismatch = new SegmentMatcher(options).Compare(Wire.Line(line), Wire.Line(came), leniencies);
        return (mismatch, leniencies);
    }
}
