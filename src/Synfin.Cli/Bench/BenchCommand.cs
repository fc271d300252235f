using Synfin.Cli.CommandLine;

namespace Synfin.Cli.Bench;

/// <summary><c>synfin bench</c>: chooses the figures, runs them and reports.</summary>
internal static class BenchCommand
{
    /// <summary>Runs over <see cref="BenchmarkCatalog.All"/>.</summary>
    public static int Run(BenchOptions options, TextWriter output, TextWriter error) => Run(options, BenchmarkCatalog.All, output, error);

    /// <summary>Runs over <paramref name="all"/>: results on <paramref name="output"/>, progress on <paramref name="error"/>.</summary>
    public static int Run(BenchOptions options, IReadOnlyList<IBenchmark> all, TextWriter output, TextWriter error)
    {
        IReadOnlyList<IBenchmark> figures = BenchPlan.Select(options.Names, all, out string? unknown);
        if (unknown is not null)
        {
            string suggestion = NearestName.Suggestion(unknown, all.Select(b => b.Name));
            string end = suggestion.Length > 0 ? suggestion + " " : "; ";
            return SynfinCommandLine.Fail(error, $"there is no figure '{unknown}'{end}'synfin bench --list' lists them", ExitCode.Usage);
        }

        if (options.List) return List(figures, output);
        IBenchmark[] possible = [.. figures.Where(figure => figure.Unavailable is null)];
        foreach (IBenchmark figure in figures.Except(possible)) error.WriteLine($"skipped  {figure.Name}: {figure.Unavailable}");
        if (possible.Length == 0) return SynfinCommandLine.Fail(error, "none of the figures can be measured here", ExitCode.Failure);
        IReadOnlyList<BenchResult> results = BenchRunner.Run(possible, options.Runs, options.Budget, error);
        if (options.Json) BenchReport.WriteJson(results, output);
        else BenchReport.WriteTable(results, output, options.Width, options.Color);
        return ExitCode.Success;
    }

    private static int List(IReadOnlyList<IBenchmark> figures, TextWriter output)
    {
        int name = figures.Max(f => f.Name.Length);
        int unit = figures.Max(f => f.Unit.Length);
        foreach (IBenchmark f in figures) output.WriteLine($"{f.Name.PadRight(name)}  {f.Unit.PadRight(unit)}  {f.What}");
        return ExitCode.Success;
    }
}
