using Synfin.Cli.CommandLine;
using Xunit;

namespace Synfin.Cli.Tests;

/// <summary>What the program says about itself.</summary>
public sealed class HelpAndVersion
{
    [Fact]
    public async Task The_version_is_one_line()
    {
        CommandLineRun run = await CommandLineRun.Of("--version");
        Assert.Matches(@"^synfin \d+\.\d+\.\d+$", Assert.Single(run.OutputLines));
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_names_the_commands(string arguments)
    {
        CommandLineRun run = await CommandLineRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        string[] commands = ["demo", "listen", "connect", "serve", "ping", "status", "bench", "drill", "check"];
        Assert.All(commands, command => Assert.Contains($"  {command} ", run.Output));
    }

    [Fact]
    public async Task A_shell_can_ask_how_a_word_goes_on()
    {
        CommandLineRun run = await CommandLineRun.Of("[suggest:3]", "dem");
        Assert.Equal(["demo"], run.OutputLines);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("listen")]
    [InlineData("connect")]
    [InlineData("serve")]
    [InlineData("ping")]
    [InlineData("status")]
    [InlineData("bench")]
    [InlineData("drill")]
    [InlineData("check")]
    public async Task Help_of_a_command_fits_80_columns(string command)
    {
        CommandLineRun run = await CommandLineRun.Of(command, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"synfin {command}", run.Output);
        Assert.All(run.OutputLines, line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Theory]
    [InlineData(true, false, ColorChoice.Auto, true)]
    [InlineData(true, true, ColorChoice.Auto, false)]
    [InlineData(false, false, ColorChoice.Auto, false)]
    [InlineData(false, true, ColorChoice.Always, true)]
    [InlineData(true, false, ColorChoice.Never, false)]
    internal void Colour_is_for_terminals_that_do_not_refuse_it(bool interactive, bool refuses, ColorChoice choice, bool colors) =>
        Assert.Equal(colors, new Terminal(interactive, 80, refuses).UsesColor(choice));
}
