using Xunit;

namespace Synfin.Cli.Tests;

/// <summary>A wrong command line gives exit code 2, no output, and one line of error that says what is wrong and what to do.</summary>
public sealed class WrongArguments
{
    [Theory]
    [InlineData("dmeo", "there is no command 'dmeo'; did you mean 'demo'? 'synfin --help' explains")]
    [InlineData("--bogus", "'synfin' has no option '--bogus'; 'synfin --help' explains")]
    [InlineData("demo --lits", "'synfin demo' has no option '--lits'; did you mean '--list'? 'synfin demo --help' explains")]
    [InlineData("demo a b", "'b' is one argument too many; 'synfin demo --help' explains")]
    [InlineData("demo --seed", "--seed needs a value: --seed N; 'synfin demo --help' explains")]
    [InlineData("demo --seed 1 --seed 2", "--seed is there twice; 'synfin demo --help' explains")]
    [InlineData("demo --width 39", "--width takes a whole number from 40 to 1000, not '39'; 'synfin demo --help' explains")]
    [InlineData("demo --format josn", "--format is one of text, json, not 'josn'; did you mean 'json'? 'synfin demo --help' explains")]
    [InlineData("demo --color blue", "--color is one of auto, always, never, not 'blue'; 'synfin demo --help' explains")]
    [InlineData("demo no-such-scenario-at-all", "there is no scenario 'no-such-scenario-at-all'; 'synfin demo --list' lists them")]
    [InlineData("echo", "'synfin echo' needs --tun NAME; 'synfin echo --help' explains")]
    [InlineData("bench --runs 0", "--runs takes a whole number from 1 to 1000, not '0'; 'synfin bench --help' explains")]
    [InlineData("bench --jsno", "'synfin bench' has no option '--jsno'; did you mean '--json'? 'synfin bench --help' explains")]
    [InlineData("bench x", "there is no figure 'x'; 'synfin bench --list' lists them")]
    public async Task Are_explained_in_one_line(string arguments, string line)
    {
        CommandLineRun run = await CommandLineRun.Of(arguments.Split(' '));
        Assert.Equal([$"synfin: {line}"], run.ErrorLines);
        Assert.Equal("", run.Output);
        Assert.Equal(2, run.ExitCode);
    }

    [Theory]
    [InlineData("--address", "x")]
    [InlineData("--address", "192.0.2.1")]
    [InlineData("--address", "192.0.2.1/33")]
    [InlineData("--host-address", "2001:db8::1/129")]
    [InlineData("--host-address", "/24")]
    public async Task An_address_needs_a_prefix_length_that_fits(string option, string value)
    {
        string other = option == "--address" ? "--host-address" : "--address";
        CommandLineRun run = await CommandLineRun.Of("echo", "--tun", "t0", option, value, other, "192.0.2.2/24");
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith($"synfin: {option} takes an address and a prefix length such as 192.0.2.1/24, not '{value}'", line);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task A_name_may_start_with_an_at_sign()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "@names");
        Assert.Contains("there is no scenario '@names'", run.Error);
    }
}
