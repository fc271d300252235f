using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>Which tests cover what, by their traits.</summary>
public sealed class TestIndex
{
    private readonly Dictionary<TestTrait, List<CoveringTest>> _tests = [];

    /// <summary>Reads the traits of all files of tests among <paramref name="files"/>.</summary>
    public TestIndex(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files.Where(f => f.IsCSharp && f.IsUnder("tests/")))
        {
            foreach (var member in file.Syntax.DescendantNodes().OfType<MemberDeclarationSyntax>()) Add(file, member);
        }

        foreach (SourceFile script in files.Where(f => f.IsScript && f.IsUnder("tests/scripts/"))) AddScript(script);

        foreach (List<CoveringTest> tests in _tests.Values)
        {
            tests.RemoveAll(t => t.Method is not null && tests.Contains(new(t.Path, null))); // its class says it already
            tests.Sort(Compare);
        }
    }

    /// <summary>What covers <paramref name="value"/>: the engine's own tests first, single ones before whole classes.</summary>
    public IReadOnlyList<CoveringTest> For(string kind, string value) => _tests.GetValueOrDefault(new(kind, value)) ?? [];

    /// <summary>Every value of <paramref name="kind"/> that some test covers, in the order of their numbers.</summary>
    public IReadOnlyList<string> Values(string kind) =>
        [.. _tests.Keys.Where(t => t.Kind == kind).Select(t => t.Value).Order(NumbersInText.Comparer)];

    /// <summary>Whether the method is a test that runs.</summary>
    public static bool IsTest(MethodDeclarationSyntax method) => method.AttributeLists
        .SelectMany(list => list.Attributes)
        .Any(a => a.Name.ToString() is "Fact" or "Theory" && !a.ToString().Contains("Skip =", StringComparison.Ordinal));

    private void Add(SourceFile file, MemberDeclarationSyntax member)
    {
        CoveringTest test;
        if (member is MethodDeclarationSyntax method && IsTest(method)) test = new(file.Path, method.Identifier.Text);
        else if (member is ClassDeclarationSyntax type && HasTests(type)) test = new(file.Path, null);
        else return;

        foreach (TestTrait trait in member.AttributeLists.SelectMany(l => l.Attributes).Select(TestTrait.Of).OfType<TestTrait>())
        {
            if (!_tests.TryGetValue(trait, out List<CoveringTest>? tests)) _tests.Add(trait, tests = []);
            if (!tests.Contains(test)) tests.Add(test);
        }
    }

    /// <summary>A script names what it shows in its head: "// Id: MUST-23, RFC6298-17", or a section, "RFC6298-5.7".</summary>
    private void AddScript(SourceFile script)
    {
        const string mark = "// Id:";
        IEnumerable<string> ids = script.Lines
            .Where(line => line.StartsWith(mark, StringComparison.Ordinal))
            .SelectMany(line => line[mark.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        foreach (TestTrait trait in ids.Select(TestTrait.OfScript).Distinct())
        {
            if (!_tests.TryGetValue(trait, out List<CoveringTest>? tests)) _tests.Add(trait, tests = []);
            tests.Add(new CoveringTest(script.Path, null));
        }
    }

    private static bool HasTests(ClassDeclarationSyntax type) => type.Members.OfType<MethodDeclarationSyntax>().Any(IsTest);

    private static int Compare(CoveringTest a, CoveringTest b)
    {
        int order = IsElsewhere(a).CompareTo(IsElsewhere(b));
        if (order == 0) order = (a.Method is null).CompareTo(b.Method is null);
        if (order == 0) order = string.CompareOrdinal(a.Path, b.Path);
        return order != 0 ? order : string.CompareOrdinal(a.Method, b.Method);
    }

    private static int IsElsewhere(CoveringTest test) => test.Path.EndsWith(".pkt", StringComparison.Ordinal)
        ? 2
        : test.Path.StartsWith("tests/Synfin.Core.Tests/", StringComparison.Ordinal) ? 0 : 1;
}
