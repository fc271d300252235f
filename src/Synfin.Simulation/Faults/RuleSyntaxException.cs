namespace Synfin.Simulation.Faults;

/// <summary>A rule's text cannot be read.</summary>
public sealed class RuleSyntaxException : FormatException
{
    /// <summary>Without a message.</summary>
    public RuleSyntaxException()
    {
    }

    /// <summary>With a message.</summary>
    public RuleSyntaxException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public RuleSyntaxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal RuleSyntaxException(string rule, int position, string problem, string advice)
        : base($"cannot read the rule '{rule}', column {position + 1}: {problem}; {advice}\n  {rule}\n  {new string(' ', position)}^")
    {
        Rule = rule;
        Position = position;
    }

    /// <summary>The rule as it was written.</summary>
    public string Rule { get; } = "";

    /// <summary>Where the trouble is, in characters from 0.</summary>
    public int Position { get; }
}
