using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Synfin.Tidy.Tests.Tree;

/// <summary>One text file of the tree.</summary>
public sealed class SourceFile
{
    private readonly Lazy<SyntaxNode> _syntax;

    /// <summary>A file, or a sample that stands for one.</summary>
    /// <param name="path">From the root of the tree, with '/'.</param>
    /// <param name="text">What is in it.</param>
    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Lines = text.Split('\n');
        _syntax = new Lazy<SyntaxNode>(() => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot());
    }

    /// <summary>From the root of the tree, with '/'.</summary>
    public string Path { get; }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>Its lines, without their ends; the last one is empty if the file ends with a newline.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Its syntax, if it is C#.</summary>
    public SyntaxNode Syntax => _syntax.Value;

    /// <summary>Whether it is C#.</summary>
    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Whether it is a packetdrill script.</summary>
    public bool IsScript => Path.EndsWith(".pkt", StringComparison.Ordinal);

    /// <summary>Whether it is Markdown.</summary>
    public bool IsMarkdown => Path.EndsWith(".md", StringComparison.Ordinal);

    /// <summary>Whether it is shipped.</summary>
    public bool IsProduct => IsUnder("src/");

    /// <summary>"src/Synfin.Core/": where the project of this file is.</summary>
    public string Project => string.Concat(Path.Split('/').Take(2).Select(part => part + "/"));

    /// <summary>Whether it lies in <paramref name="folder"/>.</summary>
    public bool IsUnder(string folder) => Path.StartsWith(folder, StringComparison.Ordinal);

    /// <summary>A finding at <paramref name="line"/>, counted from 1.</summary>
    public Finding At(int line, string rule, string problem) => new(Path, line, rule, problem);

    /// <summary>A finding where <paramref name="node"/> begins.</summary>
    public Finding At(SyntaxNode node, string rule, string problem) => At(FirstLineOf(node), rule, problem);

    /// <summary>The line where <paramref name="node"/> begins, from 1, comments apart.</summary>
    public static int FirstLineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>The line where <paramref name="node"/> ends, from 1.</summary>
    public static int LastLineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().EndLinePosition.Line + 1;
}
