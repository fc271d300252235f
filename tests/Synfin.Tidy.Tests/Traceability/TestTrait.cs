using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>What a test says that it covers.</summary>
/// <param name="Kind">"Rfc9293", "Clause", "Rfc", "Threat", "Cve" or "Subject".</param>
/// <param name="Value">"MUST-23", "RFC6298-3", "6298 5.7", "43", "2019-11477" or "9".</param>
public readonly record struct TestTrait(string Kind, string Value)
{
    /// <summary>Reads an id in a script's head.</summary>
    public static TestTrait OfScript(string id)
    {
        if (!id.StartsWith("RFC", StringComparison.Ordinal)) return new("Rfc9293", id);
        bool section = id.Contains('.', StringComparison.Ordinal);
        return section ? new("Rfc", id["RFC".Length..].Replace('-', ' ')) : new("Clause", id);
    }

    /// <summary>Reads [Rfc9293("MUST-1")] and [Trait("Rfc9293", "MUST-1")] alike; null if the attribute is another one.</summary>
    public static TestTrait? Of(AttributeSyntax attribute)
    {
        string name = attribute.Name.ToString().Split('.')[^1];
        string[] arguments = [.. attribute.ArgumentList?.Arguments.Select(a => a.Expression.ToString().Trim('"')) ?? []];
        return (name, arguments) switch
        {
            ("Trait", [var kind, var value]) => new(kind, value),
            ("Rfc", [var number, var section]) => new(name, $"{number} {section}"),
            ("Rfc9293" or "Cve" or "Threat" or "Subject", [var value]) => new(name, value),
            _ => null,
        };
    }
}
