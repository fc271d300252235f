using Synfin.Drill.Expressions;

namespace Synfin.Drill.Tests.Expressions;

/// <summary>Statements, and what becomes of assertions that fail and of code that is not understood.</summary>
public sealed class CodeStatements
{
    [Theory]
    [InlineData("assert tcpi_snd_cwnd == 20", "tcpi_snd_cwnd == 20", "tcpi_snd_cwnd is 10, wanted tcpi_snd_cwnd == 20")]
    [InlineData(
        "assert tcpi_snd_cwnd == 10 and tcpi_unacked  ==  4 and 1",
        "tcpi_unacked == 4",
        "tcpi_unacked is 3, wanted tcpi_unacked == 4")]
    [InlineData(
        "assert (tcpi_ca_state == TCP_CA_Open), 'state %d' % tcpi_ca_state",
        "(tcpi_ca_state == TCP_CA_Open)",
        "tcpi_ca_state is 3, TCP_CA_Open is 0, wanted (tcpi_ca_state == TCP_CA_Open) (state 3)")]
    [InlineData("assert not tcpi_unacked, nobody_knows", "not tcpi_unacked", "tcpi_unacked is 3, wanted not tcpi_unacked (nobody_knows)")]
    [InlineData("assert 1 > 2, tcpi_unacked", "1 > 2", "wanted 1 > 2 (3)")]
    [InlineData("assert tcpi_unacked / 0", "/", "3 / 0 divides by zero")]
    [InlineData("assert 'a' < 1", "<", "a and 1 have no order (Text and Integer)")]
    [InlineData("x = (1, 2)[5]", "[]", "place 5 of 2 does not exist")]
    public void A_failure_tells_the_expression_and_the_values(string code, string expression, string message)
    {
        CodeResult.Failed failed = Computing.Fails(code);
        Assert.Equal((expression, message), (failed.Expression, failed.Message));
    }

    [Fact]
    public void A_failure_tells_the_line_in_the_script()
    {
        CodeResult result = new Computing().Run("\nassert tcpi_snd_cwnd == 10\n\n# cwnd\nassert (tcpi_unacked ==\n        5)\n", line: 20);
        Assert.Equal(24, Assert.IsType<CodeResult.Failed>(result).Line);
    }

    [Fact]
    public void What_one_block_sets_the_next_ones_see()
    {
        var computing = new Computing();
        Assert.IsType<CodeResult.Passed>(computing.Run("before = tcpi_snd_cwnd; sum = 1"));
        computing.Names["tcpi_snd_cwnd"] = CodeValue.Of(20);
        Assert.IsType<CodeResult.Passed>(computing.Run("sum += 4; sum *= 2; sum -= 1; sum |= 16\nassert sum == 25"));
        Assert.IsType<CodeResult.Passed>(computing.Run("assert tcpi_snd_cwnd == 2 * before"));
        Assert.IsType<CodeResult.Passed>(computing.Run("pair = 1, 2\nassert pair == (1, 2)"));
        Assert.IsType<CodeResult.Unsupported>(new Computing().Run("assert before"));
    }

    [Theory]
    [InlineData("print tcpi_snd_cwnd, 'a %d' % x")]
    [InlineData("print(\"cwnd\", nobody_knows)")]
    [InlineData("print('a',\n  'b'); assert True")]
    [InlineData("")]
    [InlineData("pass")]
    [InlineData(" # only a comment")]
    [InlineData(";;assert True;")]
    [InlineData("assert \\\n  True")]
    [InlineData("assert True\r\nassert 1\r\n")]
    [InlineData("tcpi_snd_cwnd")]
    public void Some_code_does_nothing(string code) => Assert.IsType<CodeResult.Passed>(new Computing().Run(code));

    [Theory]
    [InlineData("\nif a:\n    x = 1\nelse:\n    x = 2\n")]
    [InlineData("if a:\n    x = 1\nelse:\n    x = 2\n")]
    [InlineData(" if a: x = 1\n    else: x = 2")]
    [InlineData("\nx = 2\nif a: x = 1\n")]
    [InlineData("if a:\n  x = 0\n  x = x + 1\nelif nobody_knows:\n  x = 9\nelse:\n  x = 2\n")]
    [InlineData("\nif not a:\n  x = 2\nelif a:\n  if a:\n    x = 1\n  else:\n    x = 3\n")]
    [InlineData("\n  if a:\n      if b:\n          x = 5\n      else:\n          x = 1\n  else:\n      x = 2\n")]
    [InlineData("x = 2\n   if a:\n      x = 1")]
    public void Blocks_are_indented(string code)
    {
        foreach ((bool a, int x) in (ReadOnlySpan<(bool, int)>)[(true, 1), (false, 2)])
        {
            if (!a && code.Contains("nobody_knows", StringComparison.Ordinal)) continue;
            var computing = new Computing { Names = { ["a"] = CodeValue.Of(a), ["b"] = CodeValue.Of(false) } };
            Assert.Equal(new CodeResult.Passed(), computing.Run(code));
            Assert.Equal(new CodeResult.Passed(), computing.Run($"assert x == {x}"));
        }
    }

    [Theory]
    [InlineData("import sys", "the code has a 'import' statement")]
    [InlineData("for i in (1, 2): pass", "the code has a 'for' statement")]
    [InlineData("assert nobody_knows == 1", "the name nobody_knows is not known")]
    [InlineData("assert open('/etc/passwd')", "the code calls open(/etc/passwd), which is not known")]
    [InlineData("assert a.b", "the code has an attribute, '.b'")]
    [InlineData("assert 1 +", "the code's line ends where a value is expected")]
    [InlineData("assert (1", "expected ')' in code, but 'the end of the line' comes")]
    [InlineData("x = 1 2", "'2' in code where a statement ends")]
    [InlineData("assert 'abc", "a string never ends")]
    [InlineData("assert 1 ? 2", "the code has '?', which is not understood")]
    [InlineData("if True:\nx = 1\nelse:\nx = 2", "a block without indented lines")]
    [InlineData("x = 2 ** 500", "what '**' comes to is beyond 128 bits or 65536 items")]
    [InlineData("assert {1: 2}", "the code has '{' where a value is expected")]
    public void What_is_not_understood_has_its_own_result(string code, string reason) =>
        Assert.Equal(reason, Computing.IsUnsupported(code).Reason);

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("1 ** ")]
    [InlineData("1 if 1 else ")]
    [InlineData("abs(")]
    public void Deep_nesting_is_refused_and_not_a_crash(string piece) =>
        Computing.IsUnsupported("assert " + string.Concat(Enumerable.Repeat(piece, 20_000)));

    [Fact]
    public void Any_code_has_a_result()
    {
        const string Sample =
            "\nif tcpi_snd_cwnd >= 10 and not a:\n  x += '%d' % (1, 2)[0]\nelse:\n  assert abs(-3) < 0x10, \"no\"; print 'x'\n";
        const int Seed = 4711;
        var random = new Random(Seed);
        const string Pieces = "()[]{}'\"\n :;,.=<>!+-*/%&|^~#\\0a9ifand";
        for (int round = 0; round < 5_000; round++)
        {
            var text = new System.Text.StringBuilder(Sample);
            for (int change = random.Next(4); change >= 0; change--)
            {
                int at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Remove(at, Math.Min(random.Next(8), text.Length - at));
                else text.Insert(at, Pieces[random.Next(Pieces.Length)]);
            }

            Exception? crash = Record.Exception(() => new Computing().Run(text.ToString()));
            Assert.True(crash is null, $"seed {Seed}, round {round}: {crash}\n{text}");
        }
    }
}
