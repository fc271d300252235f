using Synfin.Cli.CommandLine;
using Synfin.Cli.Scenarios.Http;

namespace Synfin.Cli.Scenarios;

/// <summary><c>synfin demo</c>: finds the scenario and runs it.</summary>
internal static class DemoCommand
{
    /// <summary>Runs over <see cref="ScenarioCatalog.All"/>.</summary>
    public static int Run(DemoOptions options, TextWriter output, TextWriter error) => Run(options, ScenarioCatalog.All, output, error);

    /// <summary>Runs over <paramref name="scenarios"/>, of which the first is the default.</summary>
    public static int Run(DemoOptions options, IReadOnlyList<IScenario> scenarios, TextWriter output, TextWriter error)
    {
        if (options.List) return List(scenarios, output);
        IScenario? chosen = options.Scenario is { } name
            ? scenarios.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase))
            : scenarios.Count > 0 ? scenarios[0] : null;
        if (chosen is not null and not HttpConnections && options.Http.Given.FirstOrDefault() is { } misplaced)
        {
            string problem = $"only 'synfin demo http' takes {misplaced}; 'synfin demo --help' explains";
            return SynfinCommandLine.Fail(error, problem, ExitCode.Usage);
        }
        if (chosen is not null) return chosen.Run(options, output, error);

        string wanted = options.Scenario ?? "";
        string suggestion = NearestName.Suggestion(wanted, scenarios.Select(s => s.Name));
        string end = suggestion.Length > 0 ? suggestion + " " : "; ";
        return SynfinCommandLine.Fail(error, $"there is no scenario '{wanted}'{end}'synfin demo --list' lists them", ExitCode.Usage);
    }

    private static int List(IReadOnlyList<IScenario> scenarios, TextWriter output)
    {
        int widest = scenarios.Select(s => s.Name.Length).DefaultIfEmpty().Max();
        foreach (IScenario scenario in scenarios) output.WriteLine($"{scenario.Name.PadRight(widest)}  {scenario.Question}");
        return ExitCode.Success;
    }
}
