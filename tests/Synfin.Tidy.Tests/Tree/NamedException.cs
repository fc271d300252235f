namespace Synfin.Tidy.Tests.Tree;

/// <summary>A file that may break a rule.</summary>
/// <param name="File">From the root of the tree, with '/'.</param>
/// <param name="Rule">The rule's short name.</param>
/// <param name="Reason">Why the rule would make this file worse.</param>
public sealed record NamedException(string File, string Rule, string Reason);
