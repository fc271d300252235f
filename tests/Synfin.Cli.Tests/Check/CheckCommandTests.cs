using System.Text.Json;
using Xunit;

namespace Synfin.Cli.Tests.Check;

/// <summary><c>synfin check</c>: what it prints and what it returns, through the engine.</summary>
public sealed class CheckCommandTests
{
    [Fact]
    public async Task A_scope_that_holds_is_a_row_with_its_counts()
    {
        CommandLineRun run = await CommandLineRun.Of("check", "--scope", "close", "--accidents", "0");
        Assert.Equal((0, "", 2), (run.ExitCode, run.Error, run.OutputLines.Length));
        Assert.StartsWith("scope ", run.OutputLines[0], StringComparison.Ordinal);
        Assert.Matches(@"^close +0 +\d+ +\d+ +\d+ +\d+\.\d s$", run.OutputLines[1]);
        Assert.All(run.OutputLines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task Json_is_one_object_a_line_and_scope()
    {
        CommandLineRun run = await CommandLineRun.Of(
            "check", "--scope", "close", "--scope", "simultaneous-close", "--accidents", "0", "--profile", "linux", "--json");
        Assert.Equal((0, 2), (run.ExitCode, run.OutputLines.Length));
        using JsonDocument close = JsonDocument.Parse(run.OutputLines[0]);
        JsonElement report = close.RootElement;
        Assert.Equal(("close", "linux"), (report.GetProperty("scope").GetString(), report.GetProperty("profile").GetString()));
        Assert.True(report.GetProperty("holds").GetBoolean());
        Assert.True(report.GetProperty("transitions").GetInt64() >= report.GetProperty("states").GetInt64());
        Assert.True(report.GetProperty("finals").GetInt32() > 0);
        Assert.False(report.TryGetProperty("property", out _));
        Assert.False(report.TryGetProperty("run", out _));
    }

    [Fact]
    public async Task Markdown_is_the_table_of_the_document()
    {
        CommandLineRun run = await CommandLineRun.Of("check", "--scope", "close", "--accidents", "0", "--markdown");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("| Scope | Profile | Accidents | States | Transitions | Depth | Seconds |", run.OutputLines[0]);
        Assert.StartsWith("| close | default | 0 | ", run.OutputLines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_with_too_many_states_is_not_said_to_hold()
    {
        CommandLineRun run = await CommandLineRun.Of("check", "--scope", "close", "--max-states", "10");
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains("before it had seen all: --max-states allows more", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_done_again_and_drawn()
    {
        CommandLineRun run = await CommandLineRun.Of("check", "--scope", "handshake", "--replay", "a0 d0 d0 d0");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("<CTL=SYN,ACK>", run.Output, StringComparison.Ordinal);
        Assert.Contains("ESTABLISHED", run.Output, StringComparison.Ordinal);
        Assert.Equal("all properties hold", run.OutputLines[^1]);
    }

    [Fact]
    public async Task A_list_names_every_scope_and_what_it_is_about()
    {
        CommandLineRun run = await CommandLineRun.Of("check", "--list");
        Assert.Equal(0, run.ExitCode);
        string[] some = ["handshake", "half-close", "old-duplicates", "strangers", "wide"];
        Assert.All(some, name => Assert.Contains(run.OutputLines, line => line.StartsWith($"{name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("check --scope handshak", "there is no scope 'handshak'; did you mean 'handshake'?")]
    [InlineData("check --profile linx", "--profile is one of default, rfc, linux, freebsd, not 'linx'")]
    [InlineData("check --accidents 9", "--accidents takes a whole number from 0 to 8, not '9'")]
    [InlineData("check --replay a0", "--replay is for one scope: name it with --scope")]
    [InlineData("check --scope close --replay a0.x", "--replay: ")]
    [InlineData("check --json --markdown", "--json and --markdown are both there; take one")]
    [InlineData("check --jsn", "'synfin check' has no option '--jsn'; did you mean '--json'?")]
    public async Task What_is_wrong_is_said_in_one_line(string arguments, string line)
    {
        CommandLineRun run = await CommandLineRun.Of(arguments.Split(' '));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"synfin: {line}", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
