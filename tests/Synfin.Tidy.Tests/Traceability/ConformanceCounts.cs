using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Synfin.Tidy.Tests.Catalogs;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>What docs/conformance.md counts, read from the tree: tests, scripts, and documents that other tests keep right.</summary>
/// <param name="files">The tree.</param>
/// <param name="tests">Which tests cover what.</param>
public sealed partial class ConformanceCounts(IReadOnlyList<SourceFile> files, TestIndex tests)
{
    private const string Scripts = "tests/scripts/";

    /// <summary>A row for each method.</summary>
    public string Methods() => string.Join('\n',
        [
            "| method | what it shows | how | counts | command | time |",
            "|---|---|---|---|---|---|",
            Row(Catalogs.Methods.Matrix, Matrix()),
            Row(Catalogs.Methods.TimeLines, Invariant($"{TestsOf("tests/Synfin.Core.Tests/"):N0} tests")),
            Row(
                Catalogs.Methods.Scripts,
                $"{ScriptFiles.Count()} scripts, {ScriptFiles.Count(IsForTheKernel)} of them for Linux as well"),
            Row(Catalogs.Methods.Grid, Grid()),
            Row(Catalogs.Methods.Explorer, Explorer()),
            Row(Catalogs.Methods.Mutants, $"{Mutants()} faults"),
            Row(Catalogs.Methods.Kernel, Kernel()),
            Row(Catalogs.Methods.Threats, Threats()),
        ]);

    /// <summary>A row for each folder of scripts.</summary>
    public string ScriptFolders() => string.Join('\n', ScriptFiles
        .GroupBy(f => f.Path[Scripts.Length..].Contains('/') ? f.Path[Scripts.Length..].Split('/')[0] : ".")
        .OrderBy(folder => folder.Key, StringComparer.Ordinal)
        .Select(folder => Invariant($"| {folder.Key} | {folder.Count()} | {folder.Count(IsForTheKernel)} |"))
        .Prepend("| folder of tests/scripts | scripts | told to Linux as well |\n|---|--:|--:|"));

    /// <summary>A row for each project of tests.</summary>
    public string Projects() => string.Join('\n', files
        .Where(f => f.IsUnder("tests/") && f.Path.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(f => (f.Project, Count: TestsOf(f.Project)))
        .Where(project => project.Count > 0)
        .Select(project => Invariant($"| {project.Project["tests/".Length..^1]} | {project.Count:N0} |"))
        .Prepend("| project | tests |\n|---|--:|"));

    private IEnumerable<SourceFile> ScriptFiles => files.Where(f => f.IsScript && f.IsUnder(Scripts));

    private static bool IsForTheKernel(SourceFile script) => script.Lines.Contains("// Kernel: yes");

    private static string Row(Method method, string counts) =>
        $"| {method.Name} | {method.Shows} | {method.How} | {counts} | {method.Command} | {method.Time} |";

    private static string Matrix()
    {
        int reasons = Clauses.All.Count(c => c.WhyNone is not null);
        return $"{Requirements.All.Count} requirements: {Requirements.All.Count - Waivers.All.Count} tested, {Waivers.All.Count} waived; "
            + $"{Clauses.All.Count} clauses: {Clauses.All.Count - reasons} tested, {reasons} waived";
    }

    private string Grid()
    {
        string text = Text("docs/grid.md");
        IEnumerable<string> cells = GridRow().Matches(text).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value} ({m.Groups[3].Value})");
        return $"cells (those that deviate): {string.Join(", ", cells)}; {Deviations().Match(text).Groups[1].Value} deviations";
    }

    private string Explorer()
    {
        Match[] rows = ScopeRow().Matches(Text("docs/proof.md")).ToArray();
        return Invariant($"{rows.Length} scopes, {Sum(rows, 1):N0} states, {Sum(rows, 2):N0} transitions");
    }

    private int Mutants() => files.Where(f => f.IsCSharp && f.IsUnder("tests/Synfin.Mutants.Tests/Mutants"))
        .SelectMany(f => f.Syntax.DescendantNodes().OfType<ImplicitObjectCreationExpressionSyntax>())
        .Count();

    private string Kernel()
    {
        string test = Text("tests/Synfin.Oracle.Tests/KernelOracleTests.cs");
        string digits = OracleScripts().Match(test).Groups[1].Value.Replace("_", "", StringComparison.Ordinal);
        int scripts = int.Parse(digits, CultureInfo.InvariantCulture);
        string settings = OracleSettings().Match(test).Groups[1].Value;
        int differences = Text("docs/linux-differences.md").Split('\n').Count(line => line.StartsWith("### ", StringComparison.Ordinal));
        return Invariant($"{scripts:N0} random scripts with each of {settings.Split("new(").Length - 1} settings, a part of a grid; ")
            + Invariant($"{differences} listed differences");
    }

    private string Threats()
    {
        int met = Catalogs.Threats.All.Count(t => tests.For("Threat", t.Row).Count > 0);
        return $"{met} of {Catalogs.Threats.All.Count} rows met; {tests.Values("Cve").Count} CVEs; "
            + $"{TestsOf("tests/Synfin.Core.Tests/Engine/Rfc2525Tests")} problems of RFC 2525";
    }

    private int TestsOf(string folder) => files
        .Where(f => f.IsCSharp && f.IsUnder(folder))
        .Sum(f => f.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>().Count(TestIndex.IsTest));

    private string Text(string path) => files.Single(f => f.Path == path).Text;

    private static long Sum(Match[] rows, int group) =>
        rows.Sum(m => long.Parse(m.Groups[group].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // | Rfc | segments | user calls | timeouts | all | that deviate |
    [GeneratedRegex(@"^\| (\w+) \| [\d,]+ \| [\d,]+ \| [\d,]+ \| ([\d,]+) \| ([\d,]+) \|$", RegexOptions.Multiline)]
    private static partial Regex GridRow();

    [GeneratedRegex(@"^The (\d+) of them", RegexOptions.Multiline)]
    private static partial Regex Deviations();

    // | Scope | Profile | Accidents | States | Transitions | Depth | Seconds |
    [GeneratedRegex(@"^\| [\w-]+ \| \w+ \| \d+ \| ([\d,]+) \| ([\d,]+) \| \d+ \| [\d.]+ \|$", RegexOptions.Multiline)]
    private static partial Regex ScopeRow();

    [GeneratedRegex(@"DefaultScripts = ([\d_]+);")]
    private static partial Regex OracleScripts();

    [GeneratedRegex(@"_settings = \[(.*)\];")]
    private static partial Regex OracleSettings();
}
