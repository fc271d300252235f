using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Catalogs;
using Synfin.Tidy.Tests.Traceability;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Rules;

/// <summary>Traits of tests name requirements, threats and statements that exist.</summary>
public static partial class TraceabilityRule
{
    /// <summary>Checks the attributes of one file of tests, whether written [Rfc9293("MUST-1")] or [Trait("Rfc9293", "MUST-1")].</summary>
    public static IEnumerable<Finding> Check(SourceFile file)
    {
        foreach (AttributeSyntax attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>())
        {
            if (TestTrait.Of(attribute) is not { } trait) continue;
            if (!Exists(trait)) yield return file.At(attribute, "trait", $"there is no {trait.Kind} '{trait.Value}'");
            else if (!IsOnATest(attribute)) yield return file.At(attribute, "trait", "a trait on what is no test");
        }
    }

    /// <summary>Checks the ids in a script's head, and that it says what it asserts and whether a kernel is asked.</summary>
    public static IEnumerable<Finding> CheckScript(SourceFile script)
    {
        const string mark = "// Id:";
        for (int i = 0; i < script.Lines.Count; i++)
        {
            if (!script.Lines[i].StartsWith(mark, StringComparison.Ordinal)) continue;
            foreach (string id in script.Lines[i][mark.Length..].Split(',', StringSplitOptions.TrimEntries))
            {
                if (!Exists(TestTrait.OfScript(id))) yield return script.At(i + 1, "script", $"there is no requirement '{id}'");
            }
        }
        if (!script.Lines.Any(line => Kernel().IsMatch(line)))
            yield return script.At(1, "script", "says neither '// Kernel: yes' nor '// Kernel: no, <reason>'");
        if (!script.Lines[0].StartsWith("// ", StringComparison.Ordinal) || Kernel().IsMatch(script.Lines[0]))
            yield return script.At(1, "script", "does not begin with what it asserts, and by which source");
    }

    private static bool Exists(TestTrait trait) => trait.Kind switch
    {
        "Rfc9293" => Requirements.All.Any(r => r.Id == trait.Value),
        "Clause" => Clauses.All.Any(c => c.Id == trait.Value),
        "Threat" => Threats.All.Any(t => t.Row == trait.Value),
        "Subject" => Statements.All.Any(s => s.Number == trait.Value),
        "Cve" => Cve().IsMatch(trait.Value),
        "Rfc" => Section().IsMatch(trait.Value),
        _ => true,
    };

    /// <summary>A method with [Fact] or [Theory], or a type: its tests may be in another part of it.</summary>
    private static bool IsOnATest(AttributeSyntax attribute) =>
        attribute.Parent?.Parent is not MethodDeclarationSyntax method || TestIndex.IsTest(method);

    [GeneratedRegex(@"^(19|20)\d\d-\d{4,}$")]
    private static partial Regex Cve();

    [GeneratedRegex("^// Kernel: (yes|no, .+)")]
    private static partial Regex Kernel();

    [GeneratedRegex(@"^[1-9]\d{1,4}( [1-9A-Z][\w.]*)?$")]
    private static partial Regex Section();
}
