using Synfin.Tidy.Tests.Rules;
using Synfin.Tidy.Tests.Tree;
using Xunit;

namespace Synfin.Tidy.Tests;

/// <summary>The house rules (CONTRIBUTING.md), held against the tree as it is.</summary>
public sealed class TheTree
{
    [Fact]
    public void Is_there() => Assert.Contains(SourceTree.Files, f => f.Path == "src/Synfin.Core/Wire/SequenceNumber.cs");

    [Fact]
    public void Has_files_of_at_most_400_lines() => Holds(ShapeRules.FileLength, f => f.IsCSharp);

    [Fact]
    public void Has_lines_of_at_most_140_columns() => Holds(ShapeRules.LineLength, f => f.IsCSharp);

    [Fact]
    public void Has_methods_of_at_most_70_lines() => Holds(ShapeRules.MethodLength, f => f.IsCSharp);

    [Fact]
    public void Has_one_public_type_a_file() => Holds(ShapeRules.OnePublicType, f => f.IsCSharp);

    [Fact]
    public void Has_file_scoped_namespaces() => Holds(ShapeRules.FileScopedNamespace, f => f.IsCSharp);

    [Fact]
    public void Has_no_marks_of_unfinished_work() => Holds(WordRules.Unfinished, f => f.IsCSharp);

    [Fact]
    public void Has_no_stubs() => Holds(CodeRules.Stub, f => f.IsCSharp && f.IsProduct);

    [Fact]
    public void Has_no_summary_that_says_nothing() => Holds(WordRules.EmptySummary, f => f.IsCSharp);

    [Fact]
    public void Has_no_conditional_code_but_for_DEBUG() => Holds(WordRules.Conditional, f => f.IsCSharp);

    [Fact]
    public void Says_why_where_it_silences_a_warning() => Holds(WordRules.SilencedWarning, f => f.IsCSharp);

    [Fact]
    public void Never_sleeps() => Holds(CodeRules.Sleep, f => f.IsCSharp && !f.IsUnder("tests/Synfin.Linux.Tests/"));

    [Fact]
    public void Has_no_whitespace_at_the_end_of_lines() => Holds(WordRules.TrailingWhitespace, f => !f.IsMarkdown);

    [Fact]
    public void Ends_its_files_with_a_newline() => Holds(WordRules.FinalNewline, f => f.IsCSharp || f.IsProduct);

    [Fact]
    public void Names_no_machine() => Holds(WordRules.MachinePath, _ => true);

    [Fact]
    public void Takes_no_order_from_hashes_where_a_seed_must_repeat() =>
        AssertNone(HashOrderRule.Check(SourceTree.Files.Where(f => f.IsCSharp && IsDeterministic(f))));

    [Fact]
    public void Names_only_requirements_threats_and_statements_that_exist() =>
        Holds(TraceabilityRule.Check, f => f.IsCSharp && f.IsUnder("tests/"));

    [Fact]
    public void Has_scripts_that_say_what_they_assert_by_which_source() =>
        Holds(TraceabilityRule.CheckScript, f => f.IsScript && f.IsUnder("tests/scripts/"));

    [Fact]
    public void Has_links_that_lead_somewhere() => Holds(f => LinkRule.Check(f, SourceTree.Root), f => f.IsMarkdown);

    [Fact]
    public void Needs_every_exception_that_it_names()
    {
        Func<SourceFile, IEnumerable<Finding>>[] rules =
        [
            ShapeRules.FileLength, ShapeRules.LineLength, ShapeRules.MethodLength, ShapeRules.OnePublicType, CodeRules.Sleep,
            WordRules.MachinePath,
        ];
        Finding[] findings = [.. SourceTree.Files.Where(f => f.IsCSharp).SelectMany(f => rules.SelectMany(rule => rule(f)))];
        string[] broken = [.. findings.Select(f => $"{f.File} {f.Rule}")];
        Assert.All(NamedExceptions.All, e => Assert.Contains($"{e.File} {e.Rule}", broken));
    }

    private static bool IsDeterministic(SourceFile file) => file.IsUnder("src/Synfin.Core/") || file.IsUnder("src/Synfin.Simulation/");

    private static void Holds(Func<SourceFile, IEnumerable<Finding>> rule, Func<SourceFile, bool> files) =>
        AssertNone(SourceTree.Files.Where(files).SelectMany(rule));

    private static void AssertNone(IEnumerable<Finding> findings)
    {
        Finding[] left = [.. findings.Where(f => !NamedExceptions.Covers(f))];
        if (left.Length > 0) Assert.Fail(string.Join('\n', left.Select(f => f.ToString())));
    }
}
