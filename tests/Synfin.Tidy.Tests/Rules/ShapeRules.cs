using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Rules;

/// <summary>How long files, lines and methods may be, and what a file holds.</summary>
public static class ShapeRules
{
    /// <summary>Lines of a file.</summary>
    public const int LongestFile = 400;

    /// <summary>Columns of a line.</summary>
    public const int LongestLine = 140;

    /// <summary>Lines of a method, its attributes and comments apart.</summary>
    public const int LongestMethod = 70;

    /// <summary>Lines of a second public type that may still share a file: a helper of the first.</summary>
    public const int TinyType = 20;

    /// <summary>Files have at most <see cref="LongestFile"/> lines.</summary>
    public static IEnumerable<Finding> FileLength(SourceFile file)
    {
        int lines = file.Lines.Count - (file.Lines[^1].Length == 0 ? 1 : 0);
        if (lines > LongestFile) yield return file.At(LongestFile + 1, "file-length", $"{lines} lines; at most {LongestFile}");
    }

    /// <summary>Lines have at most <see cref="LongestLine"/> columns.</summary>
    public static IEnumerable<Finding> LineLength(SourceFile file)
    {
        for (int i = 0; i < file.Lines.Count; i++)
        {
            int columns = file.Lines[i].TrimEnd('\r').Length;
            if (columns > LongestLine) yield return file.At(i + 1, "line-length", $"{columns} columns; at most {LongestLine}");
        }
    }

    /// <summary>Methods, accessors and local functions have at most <see cref="LongestMethod"/> lines.</summary>
    public static IEnumerable<Finding> MethodLength(SourceFile file)
    {
        foreach (SyntaxNode node in file.Syntax.DescendantNodes().Where(IsMethod))
        {
            int first = node.ChildNodes().OfType<AttributeListSyntax>().LastOrDefault() is { } attributes
                ? attributes.GetLastToken().GetNextToken().GetLocation().GetLineSpan().StartLinePosition.Line + 1
                : SourceFile.FirstLineOf(node);
            int lines = SourceFile.LastLineOf(node) - first + 1;
            if (lines > LongestMethod) yield return file.At(first, "method-length", $"{lines} lines; at most {LongestMethod}");
        }
    }

    /// <summary>A file holds one public type; a second one may share it if it is tiny.</summary>
    public static IEnumerable<Finding> OnePublicType(SourceFile file) => file.Syntax
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && node.Modifiers.Any(SyntaxKind.PublicKeyword))
        .Skip(1)
        .Where(node => SourceFile.LastLineOf(node) - SourceFile.FirstLineOf(node) + 1 > TinyType)
        .Select(node => file.At(node, "one-public-type", $"a second public type of more than {TinyType} lines; give it a file of its own"));

    /// <summary>Namespaces are file-scoped.</summary>
    public static IEnumerable<Finding> FileScopedNamespace(SourceFile file) => file.Syntax
        .DescendantNodes(node => node is CompilationUnitSyntax)
        .OfType<NamespaceDeclarationSyntax>()
        .Select(node => file.At(node, "file-scoped-namespace", $"write 'namespace {node.Name};'"));

    private static bool IsMethod(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            or PropertyDeclarationSyntax { ExpressionBody: not null } or IndexerDeclarationSyntax { ExpressionBody: not null };
}
