using Synfin.Drill.Language;

namespace Synfin.Drill.Tests.Language;

/// <summary>TCP options: each form that a script may write.</summary>
public sealed class OptionLists
{
    [Fact]
    public void None_and_any_are_not_the_same()
    {
        Assert.False(Reading.Segment(". 1:1(0) ack 1").AnyOptions);
        Assert.Empty(Reading.Segment(". 1:1(0) ack 1").Options);
        Assert.Empty(Reading.Segment(". 1:1(0) ack 1 <>").Options);
        Assert.True(Reading.Segment(". 1:1(0) ack 1 <...>").AnyOptions);
        Assert.True(Reading.Segment(". 1:1(0) ack 1 < ... >").AnyOptions);
    }

    [Fact]
    public void The_options_of_a_SYN_keep_their_order()
    {
        Assert.Equal(
            [
                new ScriptOption.MaximumSegmentSize(1460),
                new ScriptOption.SackPermitted(),
                new ScriptOption.Timestamps(100, 0),
                new ScriptOption.NoOperation(),
                new ScriptOption.WindowScale(8),
                new ScriptOption.EndOfList(),
            ],
            Reading.Options("mss 1460,sackOK , TS val 100 ecr 0, nop,wscale 8,eol"));
    }

    [Theory]
    [InlineData("TS val 1 ecr 2", 1, 2, false, false)]
    [InlineData("TS ecr 2 val 1", 1, 2, false, false)]
    [InlineData("TS val 4294967295 ecr 0x10", 4294967295, 16, false, false)]
    [InlineData("TS val * ecr 2", 0, 2, true, false)]
    [InlineData("TS val 1 ecr *", 1, 0, false, true)]
    public void Timestamps(string text, uint value, uint echo, bool anyValue, bool anyEcho) => Assert.Equal(
        new ScriptOption.Timestamps(value, echo) { AnyValue = anyValue, AnyEcho = anyEcho },
        Assert.Single(Reading.Options(text)));

    [Fact]
    public void Sack_has_blocks()
    {
        ScriptOption option = Reading.Options("nop,nop,sack 1001:2001 3001:4001 4294967290:4294967300")[2];
        Assert.Equal([(1001L, 2001L), (3001, 4001), (4294967290, 4294967300)], Assert.IsType<ScriptOption.Sack>(option).Blocks);
        Assert.Empty(Assert.IsType<ScriptOption.Sack>(Assert.Single(Reading.Options("sack"))).Blocks);
    }

    [Theory]
    [InlineData("FO", false, "")]
    [InlineData("FO 0123456789abcdef", false, "0123456789ABCDEF")]
    [InlineData("FO abcd1234", false, "ABCD1234")]
    [InlineData("FOEXP", true, "")]
    [InlineData("FOEXP 0xabcd", true, "ABCD")]
    public void Fast_open_has_a_cookie(string text, bool experimental, string cookie)
    {
        var option = Assert.IsType<ScriptOption.FastOpen>(Reading.Options($"{text},nop")[0]);
        Assert.Equal((experimental, cookie), (option.Experimental, Convert.ToHexString(option.Cookie)));
    }

    [Theory]
    [InlineData("md5 000102030405060708090a0b0c0d0e0f", 19, "000102030405060708090A0B0C0D0E0F")]
    [InlineData("254 0xf989 01", 254, "F98901")]
    [InlineData("unknown-200 ab:cd", 200, "ABCD")]
    [InlineData("opt 99", 99, "")]
    [InlineData("kind=7 abc", 7, "0ABC")]
    [InlineData("exp-f98901", 254, "F98901")]
    [InlineData("ECN e0b 1 ceb 2 e1b 3", 172, "000001000002000003")]
    [InlineData("ECN e1b 1 ceb 0", 174, "000001000000")]
    [InlineData("ECN", 172, "")]
    public void Others_are_a_kind_and_octets(string text, int kind, string content)
    {
        var option = Assert.IsType<ScriptOption.Unknown>(Reading.Options($"nop,{text}")[1]);
        Assert.Equal((kind, content), (option.Kind, Convert.ToHexString(option.Content)));
    }

    [Theory]
    [InlineData("mp_capable v1 flags[flag_h] nokey", "the Multipath TCP option 'mp_capable v1 flags[flag_h] nokey' in line 1")]
    [InlineData("dss dack4=1 dsn8=2 ssn=1", "the Multipath TCP option 'dss dack4=1 dsn8=2 ssn=1' in line 1")]
    [InlineData("md5 valid", "a TCP MD5 option that is 'valid' in line 1")]
    public void Some_are_read_and_make_the_script_skipped(string text, string reason)
    {
        Script script = Reading.Script($"+0 < S 0:0(0) <mss 1000,{text},nop>");
        Assert.Equal([reason], script.Options.Unknown);
        Assert.Equal(3, ((ScriptSegment)((PacketEvent)script.Events[0]).Packet).Options.Count);
    }
}
