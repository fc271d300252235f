using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Rules;

/// <summary>
/// The order of a Dictionary or a HashSet is nobody's promise, so nothing that a seed should repeat may walk one. A heuristic over names:
/// members are known in their whole project, locals in their file. A comment "// any order: why" on the line or above it lifts the rule.
/// </summary>
public static class HashOrderRule
{
    private const string Waiver = "// any order:";

    private static readonly string[] _hashTypes = ["Dictionary<", "HashSet<", "ConcurrentDictionary<"];
    private static readonly string[] _orderedCalls =
    [
        "Select", "SelectMany", "Where", "First", "FirstOrDefault", "Last", "LastOrDefault", "Take", "Skip",
        "Aggregate", "ToArray", "ToList",
    ];

    /// <summary>Checks files of one or more projects together.</summary>
    public static IEnumerable<Finding> Check(IEnumerable<SourceFile> files) => files
        .GroupBy(file => file.Project)
        .SelectMany(project =>
        {
            HashSet<string> members = [.. project.SelectMany(file => HashNames(file, membersOnly: true))];
            return project.SelectMany(file => Check(file, [.. members, .. HashNames(file, membersOnly: false)]));
        });

    private static IEnumerable<Finding> Check(SourceFile file, HashSet<string> hashes) => file.Syntax
        .DescendantNodes()
        .Where(node => Walked(node) is { } walked && hashes.Contains(NameOf(walked)) && !IsWaived(file, SourceFile.FirstLineOf(node)))
        .Select(node => file.At(node, "hash-order", $"'{Walked(node)}' has no order that a seed repeats; index it or keep it sorted"));

    /// <summary>What <paramref name="node"/> visits in order, if it does.</summary>
    private static ExpressionSyntax? Walked(SyntaxNode node) => node switch
    {
        CommonForEachStatementSyntax { Expression: var walked } => walked,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }
            when _orderedCalls.Contains(access.Name.Identifier.Text) => access.Expression,
        _ => null,
    };

    /// <summary>"_byPort" of _byPort, this._byPort, _byPort.Keys and _byPort.Values.</summary>
    private static string NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax { Name.Identifier.Text: "Keys" or "Values" } access => NameOf(access.Expression),
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        _ => "",
    };

    private static IEnumerable<string> HashNames(SourceFile file, bool membersOnly)
    {
        foreach (SyntaxNode node in file.Syntax.DescendantNodes())
        {
            if (node is PropertyDeclarationSyntax property && IsHash(property.Type)) yield return property.Identifier.Text;
            if (!membersOnly && node is ParameterSyntax { Type: { } type } parameter && IsHash(type))
                yield return parameter.Identifier.Text;
            if (node is not VariableDeclarationSyntax declaration) continue;
            if (membersOnly && declaration.Parent is not FieldDeclarationSyntax) continue;
            foreach (VariableDeclaratorSyntax variable in declaration.Variables)
            {
                bool created = variable.Initializer?.Value is ObjectCreationExpressionSyntax creation && IsHash(creation.Type);
                if (created || IsHash(declaration.Type)) yield return variable.Identifier.Text;
            }
        }
    }

    private static bool IsHash(TypeSyntax type)
    {
        string name = type.ToString();
        name = name[(name.IndexOf('<', StringComparison.Ordinal) is > 0 and var generic ? name.LastIndexOf('.', generic) + 1 : 0)..];
        return _hashTypes.Any(hash => name.StartsWith(hash, StringComparison.Ordinal));
    }

    private static bool IsWaived(SourceFile file, int line) =>
        file.Lines[line - 1].Contains(Waiver, StringComparison.Ordinal)
        || (line > 1 && file.Lines[line - 2].Contains(Waiver, StringComparison.Ordinal));
}
