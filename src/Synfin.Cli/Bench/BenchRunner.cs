namespace Synfin.Cli.Bench;

/// <summary>Runs figures turn and turn about, so that a figure and its yardsticks meet the same noise of the machine.</summary>
internal static class BenchRunner
{
    /// <summary>One warm-up round, which does not count, and <paramref name="runs"/> rounds of all <paramref name="figures"/>.</summary>
    /// <param name="figures">What to run, in order.</param>
    /// <param name="runs">Rounds that count, at least 1.</param>
    /// <param name="budget">How long one run measures.</param>
    /// <param name="progress">Gets a line a run.</param>
    public static IReadOnlyList<BenchResult> Run(IReadOnlyList<IBenchmark> figures, int runs, TimeSpan budget, TextWriter progress)
    {
        double[][] values = [.. figures.Select(_ => new double[runs])];
        for (int round = 0; round <= runs; round++)
        {
            for (int i = 0; i < figures.Count; i++)
            {
                double value = RunOnce(figures[i], budget);
                if (round > 0) values[i][round - 1] = value;
                string turn = round == 0 ? "warm-up" : $"run {round}/{runs}";
                progress.WriteLine($"{turn}  {figures[i].Name}  {BenchReport.Format(value)} {figures[i].Unit}");
            }
        }

        return [.. figures.Select((figure, i) => new BenchResult(figure, values[i]))];
    }

    /// <summary>The garbage of the figure before is not this figure's.</summary>
    private static double RunOnce(IBenchmark figure, TimeSpan budget)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return figure.Run(budget);
    }
}
