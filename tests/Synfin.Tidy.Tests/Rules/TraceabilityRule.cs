using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Rules;

/// <summary>Traits of tests name requirements, threats and statements that exist.</summary>
public static partial class TraceabilityRule
{
    private const int Threats = 62;
    private const int Statements = 22;

    // RFC 9293, Appendix B.
    private static readonly Dictionary<string, int> _requirements = new() { ["MUST"] = 69, ["SHLD"] = 31, ["MAY"] = 18, ["REC"] = 1 };

    /// <summary>Checks the attributes of one file of tests, whether written [Rfc9293("MUST-1")] or [Trait("Rfc9293", "MUST-1")].</summary>
    public static IEnumerable<Finding> Check(SourceFile file)
    {
        foreach (AttributeSyntax attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>())
        {
            if (TraitOf(attribute) is not var (kind, value) || Exists(kind, value)) continue;
            yield return file.At(attribute, "trait", $"there is no {kind} '{value}'");
        }
    }

    private static (string Kind, string Value)? TraitOf(AttributeSyntax attribute)
    {
        string name = attribute.Name.ToString().Split('.')[^1];
        string[] arguments = [.. attribute.ArgumentList?.Arguments.Select(a => a.Expression.ToString().Trim('"')) ?? []];
        return (name, arguments) switch
        {
            ("Trait", [var kind, var value]) => (kind, value),
            ("Rfc", [var number, var section]) => (name, $"{number} {section}"),
            ("Rfc9293" or "Cve" or "Threat" or "Subject", [var value]) => (name, value),
            _ => null,
        };
    }

    private static bool Exists(string kind, string value) => kind switch
    {
        "Rfc9293" => value.Split('-') is [var level, var number] && _requirements.TryGetValue(level, out int last) && IsIn(number, last),
        "Threat" => IsIn(value, Threats),
        "Subject" => IsIn(value, Statements),
        "Cve" => Cve().IsMatch(value),
        "Rfc" => Section().IsMatch(value),
        _ => true,
    };

    private static bool IsIn(string number, int last) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1 && n <= last && number[0] != '0';

    [GeneratedRegex(@"^(19|20)\d\d-\d{4,}$")]
    private static partial Regex Cve();

    [GeneratedRegex(@"^[1-9]\d{1,4}( [1-9A-Z][\w.]*)?$")]
    private static partial Regex Section();
}
