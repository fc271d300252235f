using System.Text.Json;
using Synfin.Cli.Bench;
using Xunit;

namespace Synfin.Cli.Tests;

/// <summary><c>synfin bench</c> chooses figures, runs them turn and turn about, and reports the median.</summary>
public sealed class BenchCommandTests
{
    private readonly List<string> _runs = [];
    private readonly IBenchmark[] _all;

    public BenchCommandTests() =>
        _all =
        [
            new FakeBenchmark("yard.a", _runs, [99, 3, 1, 2]),
            new FakeBenchmark("yard.b", _runs, [99, 4, 4, 4]),
            new FakeBenchmark("memory.x", _runs, [99, 10, 30, 20]) { ComparedTo = ["yard.a"] },
        ];

    [Fact]
    public void A_figure_runs_turn_and_turn_about_with_its_yardstick_after_a_warm_up()
    {
        Run(new BenchOptions { Names = ["memory"], Runs = 3, Json = true });
        Assert.Equal(["yard.a", "memory.x", "yard.a", "memory.x", "yard.a", "memory.x", "yard.a", "memory.x"], _runs);
    }

    [Fact]
    public void The_value_is_the_median_and_the_warm_up_does_not_count()
    {
        (int exitCode, string output, string error) = Run(new BenchOptions { Names = ["memory.x"], Runs = 3, Json = true });
        string[] expected =
        [
            """{"name":"yard.a","value":2,"unit":"u","min":1,"max":3,"runs":3}""",
            """{"name":"memory.x","value":20,"unit":"u","min":10,"max":30,"runs":3}""",
        ];
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, exitCode);
        Assert.Equal(8, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void The_median_of_two_is_their_mean() => Assert.Equal(1.5, new BenchResult(_all[0], [2, 1]).Median);

    [Fact]
    public void A_prefix_names_all_that_begin_with_it()
    {
        (_, string output, _) = Run(new BenchOptions { Names = ["yard."], List = true });
        Assert.Equal("yard.a  u  fake yard.a\nyard.b  u  fake yard.b\n", output);
        Assert.Empty(_runs);
    }

    [Fact]
    public void An_unknown_name_gives_the_nearest_and_exit_code_2_before_anything_runs()
    {
        (int exitCode, string output, string error) = Run(new BenchOptions { Names = ["yard.a", "memroy.x"] });
        Assert.Equal("synfin: there is no figure 'memroy.x'; did you mean 'memory.x'? 'synfin bench --list' lists them\n", error);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Empty(_runs);
    }

    [Fact]
    public void The_table_fits_80_columns()
    {
        (_, string output, _) = Run(new BenchOptions { Runs = 1 });
        Assert.Contains("memory.x", output);
        Assert.DoesNotContain('\e', output);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task Each_json_line_parses()
    {
        CommandLineRun run = await CommandLineRun.Of("bench", "--quick", "--runs", "1", "--json", "yardstick.copy64k", "yardstick.pipe64k");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.OutputLines.Length);
        Assert.All(run.OutputLines, line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.True(json.RootElement.GetProperty("value").GetDouble() > 0, line);
            Assert.Equal(1, json.RootElement.GetProperty("runs").GetInt32());
        });
    }

    [Fact]
    public void Every_comparison_names_a_figure_that_is_there() =>
        Assert.All(BenchmarkCatalog.All.SelectMany(b => b.ComparedTo), name => Assert.Contains(BenchmarkCatalog.All, b => b.Name == name));

    private (int ExitCode, string Output, string Error) Run(BenchOptions options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = BenchCommand.Run(options, _all, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Notes its runs and returns what it was told to, one value a run.</summary>
    private sealed class FakeBenchmark(string name, List<string> runs, double[] values) : IBenchmark
    {
        private int _next;

        public string Name => name;

        public string Unit => "u";

        public string What => "fake " + name;

        public IReadOnlyList<string> ComparedTo { get; init; } = [];

        public double Run(TimeSpan budget)
        {
            runs.Add(name);
            return values[_next++];
        }
    }
}
