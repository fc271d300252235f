using System.Text.RegularExpressions;
using Synfin.Tidy.Tests.Catalogs;
using Synfin.Tidy.Tests.Traceability;
using Synfin.Tidy.Tests.Tree;
using Xunit;

namespace Synfin.Tidy.Tests;

/// <summary>The documents that say which test covers what are as the tests are, and nothing that must be covered is forgotten.</summary>
public sealed partial class TheDocs
{
    private const string Switch = "SYNFIN_UPDATE_DOCS";
    private const string Command = $"{Switch}=1 dotnet test tests/Synfin.Tidy.Tests";

    private static readonly TestIndex _tests = new(SourceTree.Files);
    private static readonly FileLabels _labels = new(SourceTree.Files);

    public static TheoryData<string> Paths => [.. Documents.Paths];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Are_current(string path)
    {
        string onDisk = System.IO.Path.Combine(SourceTree.Root, path);
        string present = File.ReadAllText(onDisk);
        string right = new Documents(SourceTree.Files, _tests, _labels).Update(present);
        if (present == right) return;
        if (Environment.GetEnvironmentVariable(Switch) == "1") File.WriteAllText(onDisk, right);
        else Assert.Fail($"{path}:{FirstDifference(present, right)}: not current. This brings it up to date:\n{Command}");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Name_files_that_exist(string path)
    {
        SourceFile document = SourceTree.Files.Single(f => f.Path == path);
        IEnumerable<string> lost = FileLabels.UsedIn(document.Text).Where(label => _labels.PathOf(label) is null);
        AssertNone($"no file, or several, called so; {path} names it", lost);
    }

    [Fact]
    public void Lead_from_the_map_to_every_file_of_the_engine()
    {
        string byHand = GeneratedParts.WithoutThem(SourceTree.Files.Single(f => f.Path == "docs/map.md").Text);
        HashSet<string?> named = [.. FileLabels.UsedIn(byHand).Select(_labels.PathOf)];
        IEnumerable<SourceFile> engine = SourceTree.Files.Where(f => f.IsCSharp && f.IsUnder("src/Synfin.Core/"));
        AssertNone("not in docs/map.md", engine.Where(f => !named.Contains(f.Path)).Select(f => $"[{_labels.LabelOf(f.Path)}]"));
    }

    [Fact]
    public void Place_the_members_that_they_name_where_they_are()
    {
        foreach (Match match in MembersInFile().Matches(SourceTree.Files.Single(f => f.Path == "docs/map.md").Text))
        {
            SourceFile file = SourceTree.Files.Single(f => f.Path == _labels.PathOf(match.Groups[2].Value));
            IEnumerable<string> missing = Member().Matches(match.Groups[1].Value)
                .Select(m => m.Groups[1].Value)
                .Where(member => !file.Text.Contains($" {member}", StringComparison.Ordinal));
            AssertNone($"not in {file.Path}, as docs/map.md says", missing);
        }
    }

    [Fact]
    public void Count_119_requirements_22_statements_and_62_threats()
    {
        Assert.Equal(119, Requirements.All.Select(r => r.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 22).Select(n => $"{n}"), Statements.All.Select(s => s.Number));
        Assert.Equal(Enumerable.Range(1, 62).Select(n => $"{n}"), Threats.All.Select(t => t.Row));
    }

    [Fact]
    public void Have_a_test_or_a_waiver_for_every_requirement()
    {
        Assert.All(Waivers.All, w => Assert.Contains(Requirements.All, r => r.Id == w.Id));
        ILookup<bool, string> tested = Requirements.All.ToLookup(IsTested, r => r.Id);
        AssertNone("without a test or a waiver", tested[false].Where(id => Waivers.Of(id) is null));
        AssertNone("with a test, so the waiver must go", tested[true].Where(id => Waivers.Of(id) is not null));
    }

    [Fact]
    public void Have_a_test_or_a_reason_for_every_clause_of_the_companions()
    {
        Assert.Equal(Clauses.All.Count, Clauses.All.Select(c => c.Id).Distinct().Count());
        ILookup<bool, Clause> tested = Clauses.All.ToLookup(c => _tests.For("Clause", c.Id).Count > 0);
        AssertNone("without a test or a reason", tested[false].Where(c => c.WhyNone is null).Select(c => c.Id));
        AssertNone("with a test, so the reason must go", tested[true].Where(c => c.WhyNone is not null).Select(c => c.Id));
    }

    [Fact]
    public void Have_a_test_for_every_statement_that_is_due()
    {
        ILookup<bool, Statement> tested = Statements.All.ToLookup(IsTested);
        AssertNone("without a test", tested[false].Where(s => s.WhyNoTest is null).Select(s => s.Number));
        AssertNone("with a test, so the excuse must go", tested[true].Where(s => s.WhyNoTest is not null).Select(s => s.Number));
    }

    [Fact]
    public void Have_a_test_for_every_threat_that_is_reached()
    {
        ILookup<bool, Threat> tested = Threats.All.ToLookup(IsTested);
        AssertNone("without a test", tested[false].Where(t => t.IsReached).Select(t => t.Row));
        AssertNone("with a test, so it is reached", tested[true].Where(t => !t.IsReached).Select(t => t.Row));
    }

    [Fact]
    public void Send_to_scenarios_that_exist_and_leave_none_out()
    {
        IReadOnlyList<string> scenarios = ScenarioNames.In(SourceTree.Files);
        string[] named = [.. Statements.All.SelectMany(s => s.Scenarios).Distinct()];
        AssertNone("named in Statements.cs, but not in ScenarioCatalog.cs", named.Except(scenarios));
        AssertNone("in ScenarioCatalog.cs, but named by no statement", scenarios.Except(named));
        Assert.All(Statements.All, s => Assert.NotEqual(s.Scenarios.Count == 0, s.WhyNoScenario.Length == 0));
    }

    private static bool IsTested(Requirement requirement) => _tests.For("Rfc9293", requirement.Id).Count > 0;

    private static bool IsTested(Statement statement) => _tests.For("Subject", statement.Number).Count > 0;

    private static bool IsTested(Threat threat) => _tests.For("Threat", threat.Row).Count > 0;

    private static void AssertNone(string what, IEnumerable<string> found)
    {
        string[] left = [.. found];
        Assert.True(left.Length == 0, $"{string.Join(", ", left)}: {what}");
    }

    private static int FirstDifference(string a, string b) =>
        a.Split('\n').Zip(b.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;

    // "`Shutdown` and `Close` in [UserCalls]".
    [GeneratedRegex(@"((?:`\w+`(?:, | and )?)+) in \[([\w./-]+)\]")]
    private static partial Regex MembersInFile();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Member();
}
