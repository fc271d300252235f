using Synfin.Simulation.Faults;
using Synfin.Timers;

namespace Synfin.Simulation.Tests.Faults;

public sealed class RuleGrammarTests
{
    [Theory]
    [InlineData("FIN from b", "lose FIN from b")]
    [InlineData("first FIN from b", "lose FIN from b")]
    [InlineData("the second FIN from b", "lose second FIN from b")]
    [InlineData("2nd fin FROM b", "lose second FIN from b")]
    [InlineData("drop 11th FIN", "lose 11th FIN")]
    [InlineData("every SYN from a", "lose every SYN from a")]
    [InlineData("SYN-ACK", "lose SYN-ACK")]
    [InlineData("SYN,ACK to a", "lose SYN-ACK to a")]
    [InlineData("first data from a", "lose data from a")]
    [InlineData("byte 10,000 from a", "lose byte 10000 from a")]
    [InlineData("data from a with byte 7", "lose data from a with byte 7")]
    [InlineData("segment 3 from b", "lose third segment from b")]
    [InlineData("ACK of FIN from a", "lose ACK of FIN from a")]
    [InlineData("ACK of the FIN", "lose ACK of FIN")]
    [InlineData("handshake ACK", "lose handshake ACK")]
    [InlineData("last ACK of handshake", "lose handshake ACK")]
    [InlineData("ACK of SYN-ACK", "lose handshake ACK")]
    [InlineData("pure ACK port 80", "lose ACK port 80")]
    [InlineData("every retransmitted data from a to b", "lose every retransmitted data from a to b")]
    [InlineData("original urgent", "lose original urgent")]
    [InlineData("reset", "lose RST")]
    [InlineData("icmp to a", "lose ICMP to a")]
    [InlineData("pass FIN", "pass FIN")]
    [InlineData("corrupt SYN", "corrupt SYN")]
    [InlineData("delay FIN from b by 3s", "delay FIN from b by 3s")]
    [InlineData("delay FIN by 1.5 s", "delay FIN by 1500ms")]
    [InlineData("duplicate SYN", "duplicate SYN 1 times")]
    [InlineData("duplicate SYN twice by 50us", "duplicate SYN 2 times by 50us")]
    public void A_rule_is_read_and_told_in_its_plainest_words(string written, string told)
    {
        SegmentRule rule = SegmentRule.Parse(written);
        Assert.Equal(told, rule.ToString());
        SegmentRule again = SegmentRule.Parse(told);
        Assert.Equal((rule.Match, rule.Verdict), (again.Match, again.Verdict));
    }

    [Theory]
    [InlineData("", 0, "there is nothing in it")]
    [InlineData("lose", 4, "ends too early")]
    [InlineData("secnd FIN", 0, "did you mean 'second'")]
    [InlineData("second FNI", 7, "did you mean 'FIN'")]
    [InlineData("FIN form b", 4, "did you mean 'from'")]
    [InlineData("FIN from", 8, "a host")]
    [InlineData("byte ten", 5, "'ten' is no number")]
    [InlineData("byte", 4, "a stream offset")]
    [InlineData("segment 0", 8, "counted from 1")]
    [InlineData("FIN port 70000", 9, "1 to 65535")]
    [InlineData("delay FIN", 9, "by how much")]
    [InlineData("delay FIN by soon", 13, "'soon' is no time")]
    [InlineData("delay FIN by 3", 13, "'3' is no time")]
    [InlineData("delay FIN by 3parsecs", 13, "is no time")]
    [InlineData("FIN by 3s", 4, "only goes with delay and duplicate")]
    [InlineData("duplicate FIN 3", 15, "'times'")]
    [InlineData("duplicate FIN 0 times", 14, "1 to 1000")]
    [InlineData("ACK of data", 7, "ACK of FIN")]
    [InlineData("last ACK", 8, "of what")]
    [InlineData("handshake", 9, "handshake ACK")]
    [InlineData("FIN from b twice", 11, "not expected here")]
    public void An_error_says_what_is_wrong_where_and_what_to_write(string written, int position, string part)
    {
        RuleSyntaxException error = Assert.Throws<RuleSyntaxException>(() => SegmentRule.Parse(written));
        Assert.Equal(position, error.Position);
        Assert.Equal(written, error.Rule);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"\n  {written}\n  {new string(' ', position)}^", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_example_of_the_help_is_a_rule()
    {
        string[] lines = RuleGrammar.Help.Split('\n');
        int start = Array.FindIndex(lines, line => line.StartsWith("ACK is an", StringComparison.Ordinal)) + 2;
        Assert.True(lines.Length - start >= 9);
        foreach (string line in lines[start..]) SegmentRule.Parse(line[2..34]);
    }

    [Fact]
    public void Every_kind_has_a_name_that_is_read_back()
    {
        foreach (SegmentKind kind in Enum.GetValues<SegmentKind>())
        {
            Assert.Equal(kind, SegmentRule.Parse(RuleGrammar.NameOf(kind)).Match.Kind);
        }
    }

    [Theory]
    [InlineData(1, "first")]
    [InlineData(10, "tenth")]
    [InlineData(11, "11th")]
    [InlineData(12, "12th")]
    [InlineData(21, "21st")]
    [InlineData(22, "22nd")]
    [InlineData(103, "103rd")]
    [InlineData(111, "111th")]
    public void Ordinals_are_written_and_read(int ordinal, string word)
    {
        Assert.Equal(word, RuleGrammar.FormatOrdinal(ordinal));
        Assert.True(RuleGrammar.TryParseOrdinal(word, out int read));
        Assert.Equal(ordinal, read);
    }

    [Theory]
    [InlineData(1, "1ns")]
    [InlineData(1_500_000, "1500us")]
    [InlineData(3_000_000_000, "3s")]
    [InlineData(120_000_000_000, "2min")]
    public void Times_are_written_and_read(long nanoseconds, string text)
    {
        Assert.Equal(text, RuleGrammar.Format(new Duration(nanoseconds)));
        Assert.True(RuleGrammar.TryParseDuration(text, out Duration read));
        Assert.Equal(nanoseconds, read.Nanoseconds);
    }
}
