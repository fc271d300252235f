using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Rules;

/// <summary>What code may not do.</summary>
public static class CodeRules
{
    /// <summary>Nobody sleeps on the wall clock. A delay on a <see cref="TimeProvider"/> is virtual, so it is fine.</summary>
    public static IEnumerable<Finding> Sleep(SourceFile file) => file.Syntax
        .DescendantNodes()
        .OfType<InvocationExpressionSyntax>()
        .Where(Sleeps)
        .Select(node => file.At(node, "sleep", $"'{node.Expression}' waits on the wall clock; wait for the event, or use virtual time"));

    /// <summary>No member whose whole body says that it cannot be reached.</summary>
    public static IEnumerable<Finding> Stub(SourceFile file) => file.Syntax
        .DescendantNodes()
        .Where(node => BodyOf(node) is ThrowExpressionSyntax { Expression: ObjectCreationExpressionSyntax { Type: var type } }
            && type.ToString().EndsWith("UnreachableException", StringComparison.Ordinal))
        .Select(node => file.At(node, "stub", "a member that only throws UnreachableException is a stub"));

    private static bool Sleeps(InvocationExpressionSyntax call) => call.Expression.ToString() switch
    {
        "Thread.Sleep" => true,
        "Task.Delay" => call.ArgumentList.Arguments is not [_, { Expression: var second }, ..] || IsCancellation(second.ToString()),
        _ => false,
    };

    /// <summary>Whether the second argument of a delay is a token, and so no clock.</summary>
    private static bool IsCancellation(string argument) =>
        argument is "ct" or "default"
        || argument.Contains("cancel", StringComparison.OrdinalIgnoreCase)
        || argument.EndsWith("token", StringComparison.OrdinalIgnoreCase);

    private static ExpressionSyntax? BodyOf(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax { ExpressionBody.Expression: var expression } => expression,
        PropertyDeclarationSyntax { ExpressionBody.Expression: var expression } => expression,
        AccessorDeclarationSyntax { ExpressionBody.Expression: var expression } => expression,
        _ => null,
    };
}
