using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>The names of the scenarios that <c>synfin demo</c> can show, read from its source.</summary>
public static class ScenarioNames
{
    private const string Folder = "src/Synfin.Cli/Scenarios/";

    /// <summary>The names of the classes that ScenarioCatalog creates, in its order.</summary>
    public static IReadOnlyList<string> In(IEnumerable<SourceFile> files)
    {
        SourceFile[] scenarios = [.. files.Where(f => f.IsCSharp && f.IsUnder(Folder))];
        Dictionary<string, string> names = scenarios
            .SelectMany(f => f.Syntax.DescendantNodes().OfType<PropertyDeclarationSyntax>())
            .Where(p => p.Identifier.Text == "Name" && p.ExpressionBody?.Expression is LiteralExpressionSyntax)
            .ToDictionary(p => ((ClassDeclarationSyntax)p.Parent!).Identifier.Text, p => p.ExpressionBody!.Expression.ToString().Trim('"'));
        return [.. scenarios.Single(f => f.Path == Folder + "ScenarioCatalog.cs").Syntax
            .DescendantNodes()
            .OfType<ObjectCreationExpressionSyntax>()
            .Select(created => names[created.Type.ToString().Split('.')[^1]])];
    }
}
