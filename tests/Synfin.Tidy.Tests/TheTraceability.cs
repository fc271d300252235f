using Synfin.Tidy.Tests.Traceability;
using Synfin.Tidy.Tests.Tree;
using Xunit;

namespace Synfin.Tidy.Tests;

/// <summary>How tests are found by their traits, how files are called, and how the generated parts of documents are written.</summary>
public sealed class TheTraceability
{
    [Fact]
    public void Both_forms_of_a_trait_are_one()
    {
        TestIndex index = Index("[Fact, Rfc9293(\"MUST-7\")] void A() { } [Fact] [Trait(\"Rfc9293\", \"MUST-7\")] void B() { }");
        Assert.Equal(["A", "B"], index.For("Rfc9293", "MUST-7").Select(t => t.Method));
        Assert.Single(Index("[Theory, Rfc(6298, \"5.7\")] void A() { }").For("Rfc", "6298 5.7"));
        Assert.Single(Index("[Theory, Threat(43)] void A() { }").For("Threat", "43"));
    }

    [Fact]
    public void Only_what_runs_counts()
    {
        Assert.Empty(Index("[Fact(Skip = \"why\"), Threat(1)] void A() { }").Values("Threat"));
        Assert.Empty(Index("[Threat(1)] void A() { }").Values("Threat"));
        Assert.Empty(new TestIndex([File("tests/A/C.cs", "[Threat(1)] class C { void Helper() { } }")]).Values("Threat"));
        Assert.Empty(new TestIndex([File("src/A/C.cs", "class C { [Fact, Threat(1)] void A() { } }")]).Values("Threat"));
    }

    [Fact]
    public void A_class_stands_for_its_tests()
    {
        TestIndex index = new([File("tests/A/C.cs", "[Threat(1)] class C { [Fact, Threat(1)] void A() { } [Fact] void B() { } }")]);
        Assert.Null(Assert.Single(index.For("Threat", "1")).Method);
    }

    [Fact]
    public void The_engines_tests_come_first_and_numbers_count_as_numbers()
    {
        string[] paths = ["tests/Synfin.Captures.Tests/C.cs", "tests/Synfin.Core.Tests/C.cs"];
        const string Text = "class C { [Fact, Rfc(793, \"3.10\"), Rfc(793, \"3.9\"), Rfc(6298, \"5\")] void A() { } }";
        TestIndex index = new(paths.Select(path => File(path, Text)));
        Assert.Equal(paths.Reverse(), index.For("Rfc", "6298 5").Select(t => t.Path));
        Assert.Equal(["793 3.9", "793 3.10", "6298 5"], index.Values("Rfc"));
    }

    [Fact]
    public void A_label_is_as_short_as_can_be()
    {
        FileLabels labels = new([File("src/A/X.cs", ""), File("tests/A/X.cs", ""), File("tests/B/X.cs", ""), File("src/A/Y.Z.cs", "")]);
        Assert.Equal(["src/A/X", "B/X", "Y.Z"], new[] { "src/A/X.cs", "tests/B/X.cs", "src/A/Y.Z.cs" }.Select(labels.LabelOf));
        Assert.Equal("src/A/Y.Z.cs", labels.PathOf("Y.Z"));
        Assert.Null(labels.PathOf("X"));
        Assert.Equal(["B/X", "Y.Z"], FileLabels.UsedIn("[Y.Z] [a](b) [See][B/X] [B/X]; `[Code]` [No](x) [lower]\n[Def]: x\n"));
    }

    [Fact]
    public void Only_what_lies_between_the_marks_is_written_anew()
    {
        const string Before = "a\n<!-- generated: x -->\nold\nold\n<!-- end -->\nb\n<!-- generated: y -->\n<!-- end -->\n";
        const string After = "a\n<!-- generated: x -->\n[x]\n<!-- end -->\nb\n<!-- generated: y -->\n[y]\n<!-- end -->\n";
        Assert.Equal(After, GeneratedParts.Update(Before, name => $"[{name}]"));
        Assert.Equal(After, GeneratedParts.Update(After, name => $"[{name}]"));
    }

    [Fact]
    public void A_cell_names_four_tests_and_counts_the_rest()
    {
        string tests = string.Concat(Enumerable.Range(1, 6).Select(n => $"[Fact, Threat(1)] void T{n}() {{ }} "));
        var documents = new Documents([File("tests/A/C.cs", $"class C {{ {tests} }}")]);
        string text = documents.Update("<!-- generated: threats -->\n<!-- end -->\n<!-- generated: links -->\n<!-- end -->\n");
        Assert.Contains("| [C] `T1`, `T2`, `T3`, `T4`; +2 |\n", text, StringComparison.Ordinal);
        Assert.Contains("\n[C]: ../tests/A/C.cs\n", text, StringComparison.Ordinal);
        Assert.Equal(text, documents.Update(text));
    }

    private static TestIndex Index(string members) => new([File("tests/A/C.cs", $"class C {{ {members} }}")]);

    private static SourceFile File(string path, string text) => new(path, text);
}
