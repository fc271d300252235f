using Synfin.Cli.Scenarios;
using Xunit;

namespace Synfin.Cli.Tests;

/// <summary><c>synfin demo</c> finds its scenario.</summary>
public sealed class DemoCommandTests
{
    private static readonly IScenario[] _scenarios =
        [new FakeScenario("handshake", "How does it open?"), new FakeScenario("reset", "Who tore it down?")];

    [Fact]
    public void The_list_has_a_line_a_scenario()
    {
        (int exitCode, string output, string error) = Run(new DemoOptions { List = true });
        Assert.Equal("handshake  How does it open?\nreset      Who tore it down?\n", output);
        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public void No_name_means_the_first() => Assert.Equal((7, "handshake\n", ""), Run(new DemoOptions()));

    [Fact]
    public void A_name_may_be_in_any_case() => Assert.Equal((7, "reset\n", ""), Run(new DemoOptions { Scenario = "RESET" }));

    [Fact]
    public void An_unknown_name_gives_the_nearest_and_exit_code_2()
    {
        (int exitCode, string output, string error) = Run(new DemoOptions { Scenario = "rest" });
        Assert.Equal("synfin: there is no scenario 'rest'; did you mean 'reset'? 'synfin demo --list' lists them\n", error);
        Assert.Equal((2, ""), (exitCode, output));
    }

    [Fact]
    public async Task The_programs_own_list_has_names_that_are_easy_to_type()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "--list");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(ScenarioCatalog.All.Count, run.OutputLines.Length);
        Assert.All(ScenarioCatalog.All, s => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", s.Name));
        Assert.Equal(ScenarioCatalog.All.Count, ScenarioCatalog.All.Select(s => s.Name).Distinct().Count());
    }

    private static (int ExitCode, string Output, string Error) Run(DemoOptions options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = DemoCommand.Run(options, _scenarios, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Says its name and returns 7.</summary>
    private sealed class FakeScenario(string name, string question) : IScenario
    {
        public string Name => name;

        public string Question => question;

        public int Run(DemoOptions options, TextWriter output, TextWriter error)
        {
            output.WriteLine(name);
            return 7;
        }
    }
}
