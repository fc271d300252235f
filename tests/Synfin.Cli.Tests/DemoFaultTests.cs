using System.Text.Json;
using Xunit;

namespace Synfin.Cli.Tests;

/// <summary>What <c>synfin demo</c> says to wrong rules and to files that cannot be written.</summary>
public sealed class DemoFaultTests
{
    private const string Example = "; for example --lose 'FIN from b'";

    [Theory]
    [InlineData("FNI from b", "'FNI from b', column 1: ")]
    [InlineData("FIN form b", "'FIN form b', column 5: ")]
    [InlineData("FIN from", "'FIN from', column 9: ")]
    [InlineData("delay FIN from b", "'delay FIN from b', column 17: ")]
    [InlineData("zeroth FIN", "'zeroth FIN', column 1: ")]
    [InlineData("", "'', column 1: ")]
    public async Task A_rule_that_cannot_be_read_is_pointed_at_in_one_line(string rule, string where)
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "exchange", "--lose", rule);
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("synfin: --lose: cannot read the rule " + where, line, StringComparison.Ordinal);
        Assert.EndsWith(Example, line, StringComparison.Ordinal);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_rule_for_a_host_that_is_not_there_names_those_that_are()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "exchange", "--lose", "FIN from c");
        Assert.Equal(
            ["synfin: --lose: the rule 'lose FIN from c' names the host 'c', but there are only: a, b" + Example], run.ErrorLines);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("no-such-directory/x.pcapng")]
    [InlineData("")]
    public async Task A_file_that_cannot_be_written_is_named(string name)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.Combine(Path.GetTempPath(), name));
        CommandLineRun run = await CommandLineRun.Of("demo", "refused", "--pcap", path);
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("synfin: ", line, StringComparison.Ordinal);
        Assert.Contains(path, line, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task What_a_rule_took_away_is_in_the_JSON_too()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "refused", "--lose", "SYN", "--format", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(run.OutputLines, line => JsonDocument.Parse(line).Dispose());
        Assert.Contains(run.OutputLines, line => line.Contains("\"passage\":\"lost\"", StringComparison.Ordinal));
    }
}
