namespace Synfin.Mutants.Tests;

/// <summary>The engine with one fault put in.</summary>
/// <param name="Name">What the fault is called.</param>
/// <param name="File">The file under src/Synfin.Core.</param>
/// <param name="Find">Text that is in it exactly once.</param>
/// <param name="Replacement">What stands there instead.</param>
/// <param name="Judges">Who is asked about it, each a command line of <c>synfin</c>; one that fails is enough.</param>
public sealed record Mutant(string Name, string File, string Find, string Replacement, params string[] Judges)
{
    /// <summary>The fault, for the list of tests.</summary>
    public override string ToString() => Name;
}
