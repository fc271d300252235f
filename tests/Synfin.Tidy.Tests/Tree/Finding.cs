namespace Synfin.Tidy.Tests.Tree;

/// <summary>A place where the tree breaks a rule.</summary>
/// <param name="File">From the root of the tree, with '/'.</param>
/// <param name="Line">From 1.</param>
/// <param name="Rule">The rule's short name, which <see cref="NamedExceptions"/> uses too.</param>
/// <param name="Problem">What is wrong, and what would be right.</param>
public sealed record Finding(string File, int Line, string Rule, string Problem)
{
    /// <summary>"src/A.cs:7: file-length: ...", which editors and terminals can follow.</summary>
    public override string ToString() => $"{File}:{Line}: {Rule}: {Problem}";
}
