namespace Synfin.Cli.Scenarios;

/// <summary>One thing that <c>synfin demo</c> can show.</summary>
internal interface IScenario
{
    /// <summary>What the user types: lower case, words joined by '-'.</summary>
    string Name { get; }

    /// <summary>The question that it answers, as one line.</summary>
    string Question { get; }

    /// <summary>Runs it and shows what happened on <paramref name="output"/>.</summary>
    /// <returns>The exit code; a failure has said why in one line on <paramref name="error"/>.</returns>
    int Run(DemoOptions options, TextWriter output, TextWriter error);
}
