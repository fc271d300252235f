using Synfin.Tidy.Tests.Catalogs;
using Synfin.Tidy.Tests.Traceability;
using Synfin.Tidy.Tests.Tree;
using Xunit;

namespace Synfin.Tidy.Tests;

/// <summary>The documents that say which test covers what are as the tests are, and nothing that must be covered is forgotten.</summary>
public sealed class TheDocs
{
    private const string Switch = "SYNFIN_UPDATE_DOCS";
    private const string Command = $"{Switch}=1 dotnet test tests/Synfin.Tidy.Tests";

    private static readonly TestIndex Tests = new(SourceTree.Files);
    private static readonly FileLabels Labels = new(SourceTree.Files);

    public static TheoryData<string> Paths => [.. Documents.Paths];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Are_current(string path)
    {
        string onDisk = System.IO.Path.Combine(SourceTree.Root, path);
        string present = File.ReadAllText(onDisk);
        string right = new Documents(Tests, Labels).Update(present);
        if (present == right) return;
        if (Environment.GetEnvironmentVariable(Switch) == "1") File.WriteAllText(onDisk, right);
        else Assert.Fail($"{path}:{FirstDifference(present, right)}: not current. This brings it up to date:\n{Command}");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Name_files_that_exist(string path)
    {
        SourceFile document = SourceTree.Files.Single(f => f.Path == path);
        string[] lost = [.. FileLabels.UsedIn(document.Text).Where(label => Labels.PathOf(label) is null)];
        Assert.True(lost.Length == 0, $"{path}: no file, or several, for {string.Join(", ", lost.Select(l => $"[{l}]"))}");
    }

    [Fact]
    public void Lead_from_the_map_to_every_file_of_the_engine()
    {
        string byHand = GeneratedParts.WithoutThem(SourceTree.Files.Single(f => f.Path == "docs/map.md").Text);
        HashSet<string?> named = [.. FileLabels.UsedIn(byHand).Select(Labels.PathOf)];
        string[] unnamed = [.. SourceTree.Files
            .Where(f => f.IsCSharp && f.IsUnder("src/Synfin.Core/") && !named.Contains(f.Path))
            .Select(f => $"[{Labels.LabelOf(f.Path)}]")];
        Assert.True(unnamed.Length == 0, $"docs/map.md says nothing of {string.Join(", ", unnamed)}");
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
        AssertNone("without a test or a waiver", Requirements.All.Where(r => !IsTested(r) && Waivers.Of(r.Id) is null));
        AssertNone("with a test, so the waiver must go", Requirements.All.Where(r => IsTested(r) && Waivers.Of(r.Id) is not null));
    }

    [Fact]
    public void Have_a_test_for_every_statement_that_is_due()
    {
        AssertNone("without a test", Statements.All.Where(s => s.WhyNoTest is null && !IsTested(s)));
        AssertNone("with a test, so the excuse must go", Statements.All.Where(s => s.WhyNoTest is not null && IsTested(s)));
    }

    [Fact]
    public void Have_a_test_for_every_threat_that_is_reached()
    {
        AssertNone("without a test", Threats.All.Where(t => t.IsReached && !IsTested(t)));
        AssertNone("with a test, so it is reached", Threats.All.Where(t => !t.IsReached && IsTested(t)));
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

    private static bool IsTested(Requirement requirement) => Tests.For("Rfc9293", requirement.Id).Count > 0;

    private static bool IsTested(Statement statement) => Tests.For("Subject", statement.Number).Count > 0;

    private static bool IsTested(Threat threat) => Tests.For("Threat", threat.Row).Count > 0;

    private static void AssertNone(string what, IEnumerable<object> found)
    {
        object[] left = [.. found];
        if (left.Length > 0) Assert.Fail($"{what}:\n{string.Join('\n', left)}");
    }

    private static int FirstDifference(string a, string b) =>
        a.Split('\n').Zip(b.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;
}
