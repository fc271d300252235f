using System.Diagnostics;
using System.Text;
using Synfin.Drill.Language;

namespace Synfin.Drill.Tests.Language;

/// <summary>What is wrong is told with its line, what was expected and what came; and any text has an end.</summary>
public sealed class SyntaxErrors
{
    [Theory]
    [InlineData("+0 close(3) = 0\nclose(4) = 0", 2, "expected an event, which begins with its time (0.1, +.1 or *), but 'close(4)' comes")]
    [InlineData("+ close(3) = 0", 1, "expected a time in seconds after '+', but 'close(3)' comes")]
    [InlineData(
        "+0", 1,
        "expected a packet (< or >), a call, a command between backticks or %{ code }% after the time, but the script ends")]
    [InlineData("0.2~0.1 > . 1:1(0)", 1, "the range of times ends (0.1 s) before it begins (0.2 s)")]
    [InlineData("0.2...0.1 close(3) = 0", 1, "the call is complete (0.1 s) before it begins (0.2 s)")]
    [InlineData(
        "+0\n< X 0:0(0)", 2,
        "expected a packet's flags, but 'X' comes: flags are S F R P . U E W A, 0 to 7, or - for none, and a blank follows")]
    [InlineData("+0 < S 0:5(0)", 1, "0:5 are 5 octets, but the length is given as (0)")]
    [InlineData("+0 < S 0:0", 1, "expected '(' and the length after the sequence numbers, but the script ends")]
    [InlineData("+0 < S 0:0(0) wim 5", 1, "expected 'ack', 'win', 'urg', options (<...>) or the next event, but 'wim' comes")]
    [InlineData("+0 < S 0:0(0) win 65536", 1, "the window after 'win' is 65536; it is 0 to 65535")]
    [InlineData("+0 < S 0:0(0) <mss 1460 nop>", 1, "expected ',' or '>' after a TCP option, but 'nop>' comes")]
    [InlineData(
        "+0 < S 0:0(0) <\nmsss 1460>", 2,
        "expected a TCP option (mss, nop, eol, wscale, sackOK, sack, TS, FO, FOEXP, md5, ECN, or a kind's number and "
        + "its content in hex), but 'msss' comes")]
    [InlineData("+0 < S 0:0(0) <TS val 5>", 1, "expected 'ecr' and a number in the TS option, but '>' comes")]
    [InlineData("+0 < [ttl 256] S 0:0(0)", 1, "the number of 'ttl' is 256; it is 0 to 255")]
    [InlineData(
        "+0 < [etc0] S 0:0(0)", 1,
        "expected a field of the IP header (noecn, ect0, ect1, ect01, ce, tos n, ttl n or flowlabel n), but 'etc0]' comes")]
    [InlineData("+0 close(3 4) = 0", 1, "expected ',' or ')' in the arguments of close, but '4)' comes")]
    [InlineData(
        "+0 close(3) = -1 Oops", 1,
        "expected an errno's name (such as EAGAIN), a note in parentheses or the next event, but 'Oops' comes")]
    [InlineData("+0 close(3) = -1 EBADF (never", 1, "a note begins here and never ends: there is no ')'")]
    [InlineData("+0 f(1/0) = 0", 1, "1 / 0 cannot be computed")]
    [InlineData("+0 f(12x) = 0", 1, "expected the end of the number 12, but 'x)' comes")]
    [InlineData("+0 f(99999999999999999999) = 0", 1, "the number 99999999999999999999 does not fit 64 bits")]
    [InlineData("+0 < . 1:1+MSS(MSS)", 1, "expected the number after the last octet, but 'MSS(MSS)' comes")]
    [InlineData("\n+0 `true", 2, "a command between backticks begins here and never ends: there is no '`'")]
    [InlineData("\n+0 %{ pass", 2, "code begins here and never ends: there is no '}%'")]
    [InlineData("\n/* a", 2, "a comment begins here and never ends: there is no '*/'")]
    [InlineData("\n+0 f(\"a\n\") = 0", 2, "a string begins here and does not end in its line")]
    [InlineData("\n#ifdef A\n", 2, "this condition has no #endif")]
    [InlineData("#endif", 1, "#endif without #ifdef")]
    [InlineData("#else", 1, "#else without #ifdef")]
    [InlineData("--mtu=x", 1, "--mtu: expected a whole number, but 'x' comes")]
    [InlineData("--ip_version=5", 1, "--ip_version: expected ipv4, ipv6 or ipv4-mapped-ipv6, but '5' comes")]
    [InlineData("+0 close(3) = 0\n--mtu=1400", 2, "the option --mtu=1400 stands after an event; options come first")]
    public void A_message_says_where_and_what(string text, int line, string problem)
    {
        ScriptSyntaxException failure = Reading.Failure(text);
        Assert.Equal((line, problem), (failure.Line, failure.Problem));
        Assert.Equal($"a.pkt:{line}: {problem}", failure.Message);
    }

    private const string Sample = """
        --tolerance_usecs=1000 -D N=4
        `sysctl -q a=1`
        #ifdef N
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        #endif
        +0 bind(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr("1.2.3.4")}, [16]) = -1 EINVAL (no (way))
        +.1~+.2 < [ect0, ttl 5] 1>2 SEWA 0:0(0) win 10 urg 3 <mss 5,sackOK,TS val 1 ecr *,sack 1:2 3:4,FO abcd,ECN e0b 1>
        0.1...0.3 sendmsg(N, {msg_iov(1)=[{"a" 'b', 1 + 2 * (int)3}], msg_flags=~0|X}, 0) = 0x10
        * > icmp unreachable frag_needed mtu 1400 [1:1461(1460)]
        +0 > sctp: INIT[a=1] // comment
        +0 %{ assert a }% /* more */
        +0 < udp (10)
        """;

    [Fact]
    public void Every_prefix_of_a_script_has_a_result()
    {
        Assert.Equal(8, Reading.Script(Sample.Replace("'b'", "", StringComparison.Ordinal)).Events.Count);
        for (int length = 0; length < Sample.Length; length++) Read(Sample[..length], $"a prefix of {length}");
    }

    [Fact]
    public void Random_changes_have_a_result()
    {
        const int Seed = 20_260;
        const string Pieces = "0.+~*<>:()[]{}\"'`%#/\\-|,= \n\0\uFEFFaSx9";
        var random = new Random(Seed);
        for (int round = 0; round < 3_000; round++)
        {
            var text = new StringBuilder(Sample);
            for (int change = random.Next(5); change >= 0; change--)
            {
                int at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Remove(at, Math.Min(random.Next(12), text.Length - at));
                else text.Insert(at, Pieces[random.Next(Pieces.Length)]);
            }

            Read(text.ToString(), $"seed {Seed}, round {round}");
        }
    }

    [Theory]
    [InlineData("+0 f(", "(")]
    [InlineData("+0 f(", "{a=[")]
    [InlineData("+0 f(", "-")]
    [InlineData("+0 f(", "1|")]
    [InlineData("+0 f(", "g(")]
    [InlineData("+0 f() = 1 ", "(")]
    [InlineData("+0 < . 1:1(0) <", "nop,")]
    [InlineData("+0 < . 1:1(0) <", "254 ab ")]
    [InlineData("+0 < . 1:1(0) <sack ", "1:2 ")]
    [InlineData("+0 < ", "[ect0]")]
    [InlineData("+0 < ", "S")]
    [InlineData("+0 < sctp ", "[\0")]
    [InlineData("", "#ifdef A\n")]
    [InlineData("", "/**/")]
    [InlineData("", "a")]
    [InlineData("+", "9")]
    [InlineData("", "`")]
    [InlineData("+0 f() = 0", "\n+0 f() = 0")]
    public void Long_texts_take_time_in_proportion(string head, string piece)
    {
        var watch = Stopwatch.StartNew();
        Read(head + string.Concat(Enumerable.Repeat(piece, 50_000)), piece);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    private static void Read(string text, string which)
    {
        Exception? crash = Record.Exception(() => ScriptParser.Parse("a.pkt", text, Reading.NoNames));
        Assert.True(crash is null or ScriptSyntaxException, $"{which}: {crash}\n{text[..Math.Min(text.Length, 1000)]}");
    }
}
