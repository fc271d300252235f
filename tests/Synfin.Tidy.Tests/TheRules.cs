using Synfin.Testing.Traits;
using Synfin.Tidy.Tests.Rules;
using Synfin.Tidy.Tests.Tree;
using Xunit;
using Xunit.v3;

namespace Synfin.Tidy.Tests;

/// <summary>The rules find what they are for, and leave the rest alone.</summary>
public sealed class TheRules
{
    [Theory]
    [InlineData(0, "// RFC 9293 3.5: x\n// Kernel: yes\n// Id: MUST-10, RFC5961-3, RFC6298-5.7\n")]
    [InlineData(0, "// RFC 9293 3.5: x\n// Kernel: no, takes two hours\n")]
    [InlineData(1, "// RFC 9293 3.5: x\n// Kernel: no\n")]
    [InlineData(1, "// RFC 9293 3.5: x\n// Kernel: yes\n// Id: MUST-99\n")]
    [InlineData(1, "// Kernel: yes\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n")]
    [InlineData(2, "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n")]
    public void A_script_says_what_it_asserts_and_who_is_asked(int findings, string text) =>
        Assert.Equal(findings, TraceabilityRule.CheckScript(new SourceFile("tests/scripts/a/b.pkt", text)).Count());

    [Fact]
    public void A_file_of_400_lines_is_fine_and_one_of_401_is_not()
    {
        Assert.Empty(ShapeRules.FileLength(File(string.Concat(Enumerable.Repeat("\n", 400)))));
        Assert.Equal(401, Assert.Single(ShapeRules.FileLength(File(string.Concat(Enumerable.Repeat("\n", 401))))).Line);
    }

    [Fact]
    public void A_line_of_140_columns_is_fine_and_one_of_141_is_not()
    {
        Assert.Empty(ShapeRules.LineLength(File(new string('x', 140) + "\r\n")));
        Finding finding = Assert.Single(ShapeRules.LineLength(File("\n" + new string('x', 141))));
        Assert.Equal("src/A/B.cs:2: line-length: 141 columns; at most 140", finding.ToString());
    }

    [Theory]
    [InlineData(70, 0)]
    [InlineData(71, 1)]
    public void A_method_is_counted_from_its_name_to_its_brace(int lines, int findings)
    {
        string body = string.Concat(Enumerable.Repeat("        ;\n", lines - 3));
        SourceFile file = File($"class C\n{{\n    // Why.\n    [A]\n    [B]\n    void M()\n    {{\n{body}    }}\n}}\n");
        Assert.Equal(findings, ShapeRules.MethodLength(file).Count());
    }

    [Fact]
    public void A_second_public_type_may_be_tiny()
    {
        string large = "public class B\n{" + new string('\n', 20) + "}\n";
        Assert.Empty(ShapeRules.OnePublicType(File("public class A { public class Nested { } }\npublic enum Kind { X }\n")));
        string hidden = large.Replace("public", "internal", StringComparison.Ordinal);
        Assert.Empty(ShapeRules.OnePublicType(File("public class A { }\n" + hidden)));
        Assert.Equal(2, Assert.Single(ShapeRules.OnePublicType(File("public class A { }\n" + large))).Line);
        Assert.Empty(ShapeRules.OnePublicType(File(large + "public delegate void D();\n")));
    }

    [Fact]
    public void A_namespace_has_no_braces()
    {
        Assert.Empty(ShapeRules.FileScopedNamespace(File("namespace A;\nclass C { }\n")));
        Assert.Single(ShapeRules.FileScopedNamespace(File("namespace A\n{\n    class C { }\n}\n")));
    }

    [Theory]
    [InlineData("// TO" + "DO: more", 1)]
    [InlineData("throw new NotImplemented" + "Exception();", 1)]
    [InlineData("a hackneyed todo list", 0)]
    public void Marks_of_unfinished_work_are_found(string line, int findings) =>
        Assert.Equal(findings, WordRules.Unfinished(File(line)).Count());

    [Theory]
    [InlineData("#if NET10_0", 1)]
    [InlineData("#if DEBUG && TRACE", 1)]
    [InlineData("#if DEBUG", 0)]
    [InlineData("#endif", 0)]
    public void Conditional_code_is_found(string line, int findings) => Assert.Equal(findings, WordRules.Conditional(File(line)).Count());

    [Theory]
    [InlineData("#pragma warning disable CA1031", 1)]
    [InlineData("#pragma warning disable CA1031 // The outermost frame.", 0)]
    [InlineData("#pragma warning restore CA1031", 0)]
    [InlineData("[SuppressMessage(\"Usage\", \"CA1\")]", 1)]
    [InlineData("[SuppressMessage(\"Usage\", \"CA1\", Justification = \"Because.\")]", 0)]
    public void A_silenced_warning_needs_a_reason(string line, int findings) =>
        Assert.Equal(findings, WordRules.SilencedWarning(File(line)).Count());

    [Theory]
    [InlineData("x \n", 1)]
    [InlineData("x\r\n", 1)]
    [InlineData("    x\n", 0)]
    public void Whitespace_at_the_end_is_found(string text, int findings) =>
        Assert.Equal(findings, WordRules.TrailingWhitespace(File(text)).Count());

    [Theory]
    [InlineData("x", 1)]
    [InlineData("x\n\n", 1)]
    [InlineData("x\n", 0)]
    public void A_file_ends_with_one_newline(string text, int findings) =>
        Assert.Equal(findings, WordRules.FinalNewline(File(text)).Count());

    [Theory]
    [InlineData("see /wor" + "k/main", 1)]
    [InlineData("'/roo" + "t/.cache'", 1)]
    [InlineData("src/wor" + "k/x and ../roo" + "t/x", 0)]
    public void A_path_of_one_machine_is_found(string line, int findings) =>
        Assert.Equal(findings, WordRules.MachinePath(File(line)).Count());

    [Theory]
    [InlineData("Thread.Sleep(1);", 1)]
    [InlineData("await Task.Delay(1);", 1)]
    [InlineData("await Task.Delay(TimeSpan.Zero, ct);", 1)]
    [InlineData("await Task.Delay(timeout, test.CancellationToken);", 1)]
    [InlineData("await Task.Delay(TimeSpan.Zero, network.Time);", 0)]
    [InlineData("// Thread.Sleep(1) would be wrong.", 0)]
    public void Sleeping_is_found(string line, int findings) => Assert.Equal(findings, CodeRules.Sleep(File(line + "\n")).Count());

    [Theory]
    [InlineData("int P => throw new UnreachableException();", 1)]
    [InlineData("void M() => throw new UnreachableException();", 1)]
    [InlineData("int M(int x) => x switch { 0 => 1, _ => throw new UnreachableException() };", 0)]
    public void A_stub_is_found(string member, int findings) =>
        Assert.Equal(findings, CodeRules.Stub(File($"class C {{ {member} }}")).Count());

    [Theory]
    [InlineData("foreach (var x in _map) { }", 1)]
    [InlineData("foreach (var (k, v) in this._map) { }", 1)]
    [InlineData("foreach (var x in _map.Values) { }", 1)]
    [InlineData("var x = _map.Keys.First();", 1)]
    [InlineData("var local = new HashSet<int>(); foreach (var x in local) { }", 1)]
    [InlineData("// any order: a sum\n foreach (var x in _map.Values) { }", 0)]
    [InlineData("foreach (var x in _list) { } var n = _map.Count; _map.Remove(1);", 0)]
    public void Walking_a_hash_is_found(string statements, int findings)
    {
        // The field stands in another file of the same project: a partial class.
        SourceFile fields = new(
            "src/A/Fields.cs",
            "partial class C { readonly Dictionary<int, List<int>> _map = new(); List<HashSet<int>> _list; }");
        Assert.Equal(findings, HashOrderRule.Check([fields, File($"partial class C {{ void M() {{ {statements} }} }}")]).Count());
    }

    [Theory]
    [InlineData("[Rfc9293(\"MUST-69\")]", 0)]
    [InlineData("[Trait(\"Rfc9293\", \"REC-1\")]", 0)]
    [InlineData("[Rfc(6298, \"5.7\")]", 0)]
    [InlineData("[Threat(62), Subject(22), Cve(\"2019-11477\")]", 0)]
    [InlineData("[Rfc9293(\"MUST-70\")]", 1)]
    [InlineData("[Trait(\"Rfc9293\", \"SHOULD-1\")]", 1)]
    [InlineData("[Trait(\"Threat\", \"0\")]", 1)]
    [InlineData("[Cve(\"CVE-2019-11477\")]", 1)]
    [InlineData("[Trait(\"Rfc\", \"RFC 793\")]", 1)]
    public void A_trait_names_what_exists(string attributes, int findings) =>
        Assert.Equal(findings, TraceabilityRule.Check(File($"class C {{ [Fact] {attributes} void M() {{ }} }}")).Count());

    [Fact]
    public void A_trait_stands_on_a_test_or_on_a_class()
    {
        Assert.Single(TraceabilityRule.Check(File("class C { [Threat(1)] void M() { } }")));
        Assert.Empty(TraceabilityRule.Check(File("[Threat(1)] class C { [Theory, Threat(2)] void M() { } }")));
    }

    [Theory]
    [InlineData("[a](tests/Synfin.Tidy.Tests) [b](https://example.org/x) `[c](no)`", 0)]
    [InlineData("[a](Synfin.slnx)", 0)]
    [InlineData("# A b: c!\n[a](#a-b-c)", 0)]
    [InlineData("[a](no-such-file.md)", 1)]
    [InlineData("# A\n[a](#b)", 1)]
    public void A_link_leads_somewhere(string text, int findings) =>
        Assert.Equal(findings, LinkRule.Check(new SourceFile("X.md", text), SourceTree.Root).Count());

    [Fact]
    public void Our_attributes_are_traits()
    {
        ITraitAttribute[] attributes =
        [
            new Rfc9293Attribute("MUST-23"),
            new RfcAttribute(6298, "5.7"),
            new ThreatAttribute(43),
            new CveAttribute("2019-11477"),
            new SubjectAttribute(9),
        ];
        string[] traits = [.. attributes.SelectMany(a => a.GetTraits()).Select(t => $"{t.Key}={t.Value}")];
        Assert.Equal(["Rfc9293=MUST-23", "Rfc=6298 5.7", "Threat=43", "Cve=2019-11477", "Subject=9"], traits);
    }

    private static SourceFile File(string text) => new("src/A/B.cs", text);
}
