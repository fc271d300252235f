using System.Text.RegularExpressions;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>A cell whose difference nobody declared.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Difference">What differs, the RFC first.</param>
/// <param name="Applied">The deviations that apply.</param>
internal sealed partial record WrongCell(Cell Cell, string Difference, IReadOnlyList<string> Applied)
{
    /// <summary>The difference without its numbers: cells that are wrong in the same way have the same.</summary>
    public string Shape => Number().Replace(Difference, "#");

    public override string ToString()
    {
        string deviations = Applied.Count == 0 ? "" : $" [{string.Join(", ", Applied)}]";
        string line = Words.TimeLine(Cell.Setting, Cell.Profile, Cell.Event);
        return $"{Cell}\n    the RFC vs. Synfin: {Difference}{deviations}\n    {line}";
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
