namespace Synfin.Drill.Tests.Expressions;

/// <summary>Each row holds in Python 3.</summary>
public sealed class CodeExpressions
{
    [Theory]
    [InlineData("1 + 2 * 3 == 7")]
    [InlineData("(1 + 2) * 3 == 9")]
    [InlineData("10 - 2 - 3 == 5")]
    [InlineData("7 / 2 == 3.5")]
    [InlineData("6 / 2 == 3")]
    [InlineData("7 // 2 == 3 and -7 // 2 == -4 and 7 // -2 == -4 and -7 // -2 == 3")]
    [InlineData("7 % 3 == 1 and -7 % 3 == 2 and 7 % -3 == -2")]
    [InlineData("7.5 // 2 == 3.0 and 7.5 % 2 == 1.5 and -7.5 // 2 == -4.0")]
    [InlineData("2 ** 10 == 1024 and 2 ** 0 == 1 and (-2) ** 3 == -8 and -2 ** 2 == -4")]
    [InlineData("2 ** 3 ** 2 == 512")]
    [InlineData("2 ** -1 == 0.5")]
    [InlineData("1 << 4 == 16 and 256 >> 4 == 16 and -1 >> 200 == -1")]
    [InlineData("0xff & 0x0f == 0x0f")] // Python's & binds tighter than ==
    [InlineData("5 | 2 == 7 and 5 ^ 1 == 4 and ~0 == -1")]
    [InlineData("1 | 2 << 1 == 5")]
    [InlineData("0x7fffffff == 2147483647")]
    [InlineData("18446744073709551615 == 2 ** 64 - 1")]
    [InlineData("1e3 == 1000 and .5 == 0.5 and 1_000 == 1000 and 10L == 10")]
    [InlineData("True == 1 and False == 0 and True + True == 2")]
    [InlineData("None == None and None is None and 1 is not None and not None")]
    public void Arithmetic(string condition) => Computing.Holds(condition);

    [Theory]
    [InlineData("1 < 2 <= 2 < 3")]
    [InlineData("not 1 < 3 < 2")]
    [InlineData("1 != 2 and 1 <> 2 and not 1 != 1")]
    [InlineData("3 >= 3 > 2")]
    [InlineData("1 == 1.0 and 1 < 1.5 and 2 > 1.5")]
    [InlineData("1 == 1 == True")]
    [InlineData("3 in (1, 2, 3) and 4 not in [1, 2, 3]")]
    [InlineData("'b' in 'abc' and 'x' not in 'abc' and 'a' < 'b'")]
    [InlineData("(1, 2) == [1, 2] and (1, 2) != (1, 3)")]
    [InlineData("not 0 and not '' and not () and not 0.0 and 'a' and [0]")]
    [InlineData("(0 or 5) == 5 and (3 and 5) == 5 and (0 and 1 / 0) == 0 and (1 or 1 / 0) == 1")]
    [InlineData("(1 if 2 > 1 else 1 / 0) == 1")]
    [InlineData("(1 / 0 if 2 < 1 else 2) == 2")]
    [InlineData("not not True")]
    public void Comparison(string condition) => Computing.Holds(condition);

    [Theory]
    [InlineData("(1, 2, 3)[0] == 1 and [1, 2, 3][-1] == 3 and 'abc'[1] == 'b'")]
    [InlineData("(1,)[0] == 1 and len(()) == 0")]
    [InlineData("(1, 2) + (3,) == (1, 2, 3)")]
    [InlineData("'a' + 'b' == 'ab' and 'a' 'b' == 'ab' and \"it's\" == 'it\\'s'")]
    [InlineData("'''a\nb''' == 'a\\nb' and len(r'\\n') == 2 and u'x' == 'x'")]
    public void Lists_and_strings(string condition) => Computing.Holds(condition);

    [Theory]
    [InlineData("abs(-3) == 3 and abs(2.5) == 2.5 and abs(-2.5) == 2.5")]
    [InlineData("min(3, 1, 2) == 1 and max(3, 1, 2) == 3 and max((1, 5)) == 5 and min(1, 0.5) == 0.5")]
    [InlineData("int(3.9) == 3 and int(-3.9) == -3 and int('42') == 42 and int('0x1f', 16) == 31 and int(True) == 1")]
    [InlineData("len('abc') == 3 and len([1, 2]) == 2")]
    [InlineData("str(10) == '10' and str(None) == 'None' and str(True) == 'True' and float(1) / 2 == 0.5 and round(2.6) == 3")]
    [InlineData("hex(255) == '0xff' and bool(3) == True")]
    public void Functions(string condition) => Computing.Holds(condition);

    [Theory]
    [InlineData("'%d of %s' % (3, 'x') == '3 of x'")]
    [InlineData("'%d' % 3.9 == '3' and '%5d|' % 42 == '   42|' and '%-5d|' % 42 == '42   |' and '%05d' % 42 == '00042'")]
    [InlineData("'%x %X' % (255, 255) == 'ff FF' and '%.2f' % 1.005 == '1.00' and '%f' % 2 == '2.000000'")]
    [InlineData("'100%%' % () == '100%' and '%d %d' % 1 == '1 %d'")]
    [InlineData("'{} {1} {0}'.format(1, 2) == '1 2 1'")]
    public void Formatting(string condition) => Computing.Holds(condition);

    [Theory]
    [InlineData("tcpi_snd_cwnd == 10 and 5 < tcpi_snd_cwnd <= 10")]
    [InlineData("tcpi_ca_state == TCP_CA_Recovery")]
    [InlineData("tcpi_state == TCP_ESTABLISHED and TCPS_ESTABLISHED == 4 and TCP_CLOSING == 11 and TCPS_TIME_WAIT == 10")]
    [InlineData("tcpi_options & TCPI_OPT_SACK")]
    [InlineData("(tcpi_options & (TCPI_OPT_TIMESTAMPS|TCPI_OPT_SACK|TCPI_OPT_WSCALE)) == 7 and not tcpi_options & TCPI_OPT_ECN")]
    [InlineData("tcpi_snd_ssthresh == TCP_INFINITE_SSTHRESH")]
    [InlineData("tcpi_max_pacing_rate == 0xffffffffffffffff and tcpi_max_pacing_rate > 0")]
    public void Names(string condition) => Computing.Holds(condition);

    [Fact]
    public void The_known_names_can_be_listed()
    {
        foreach (string name in Synfin.Drill.Expressions.CodeConstants.Names) Computing.Holds($"{name} >= 0");
        Assert.Contains("TCP_CA_Loss", Synfin.Drill.Expressions.CodeConstants.Names);
    }
}
