using System.CommandLine;

namespace Synfin.Cli.CommandLine;

/// <summary>A command whose arguments, each right by itself, must go together, too.</summary>
internal sealed class CheckedCommand(string name, string description) : Command(name, description)
{
    private readonly List<Func<ParseResult, string?>> _checks = [];

    /// <summary>Adds a check, which runs when everything has been parsed without errors.</summary>
    /// <param name="findProblem">Says in a line what is wrong, or null.</param>
    public void Check(Func<ParseResult, string?> findProblem) => _checks.Add(findProblem);

    /// <summary>What the first check that fails says; null if none does.</summary>
    public string? FindProblem(ParseResult parsed) => _checks.Select(check => check(parsed)).FirstOrDefault(problem => problem is not null);
}
