using System.Diagnostics;
using System.Text;
using Synfin.Tidy.Tests.Catalogs;
using Synfin.Tidy.Tests.Tree;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>Writes the generated parts of the documents: the catalogs of this project next to the tests that name their entries.</summary>
/// <param name="tests">Which tests cover what.</param>
/// <param name="labels">How files are called.</param>
/// <param name="counts">What there is of everything.</param>
public sealed class Documents(TestIndex tests, FileLabels labels, ConformanceCounts counts)
{
    private const int MostTests = 4;

    /// <summary>The documents of a tree.</summary>
    public Documents(IReadOnlyList<SourceFile> files)
        : this(files, new TestIndex(files), new FileLabels(files))
    {
    }

    /// <summary>The documents of a tree whose tests and files are known already.</summary>
    public Documents(IReadOnlyList<SourceFile> files, TestIndex tests, FileLabels labels)
        : this(tests, labels, new ConformanceCounts(files, tests))
    {
    }

    /// <summary>The documents that have generated parts.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        ["docs/conformance.md", "docs/map.md", "docs/rfc9293-matrix.md", "docs/subject.md", "docs/threats.md"];

    /// <summary>The document as it should be.</summary>
    public string Update(string document)
    {
        string tables = GeneratedParts.Update(document, name => name == "links" ? "" : Table(name));
        return GeneratedParts.Update(tables, name => name == "links" ? Links(tables) : Table(name));
    }

    private string Table(string name) => name switch
    {
        "requirements" => Lines(
            "| id | section | what it asks | tests, or why none |\n|---|---|---|---|",
            Requirements.All.Select(r => $"| {r.Id} | {r.Section} | {r.Text} | {Requirement(r)} |")),
        "waivers" => Lines(
            "| id | the RFC's sentence | why not |\n|---|---|---|",
            Waivers.All.Select(w => $"| {w.Id} | {w.Sentence} | {w.Reason} |")),
        "clauses" => Lines(
            "| id | section | level | what it asks | tests, or why none |\n|---|---|---|---|---|",
            Clauses.All.Select(c => $"| {c.Id} | {c.Section} | {c.Level} | {c.Text} | {Clause(c)} |")),
        "matrix-counts" => MatrixCounts(),
        "methods" => counts.Methods(),
        "script-folders" => counts.ScriptFolders(),
        "test-projects" => counts.Projects(),
        "rfcs" => Lines("| RFC | section | tests |\n|---|---|---|", tests.Values("Rfc").Select(OtherRfc)),
        "statements" => Lines(
            "| | statement | `synfin demo` | tests |\n|---|---|---|---|",
            Statements.All.Select(s => $"| {s.Number} | {s.Text} | {Scenarios(s)} | {s.WhyNoTest ?? Cell("Subject", s.Number)} |")),
        "threats" => Lines(
            "| | threat | what Synfin does | tests |\n|---|---|---|---|",
            Threats.All.Where(t => IsCovered(t.Row)).Select(t => $"| {t.Row} | {t.Title} | {t.Answer} | {Cell("Threat", t.Row)} |")),
        "cves" => Lines("| CVE | tests |\n|---|---|", tests.Values("Cve").Select(cve => $"| {cve} | {Cell("Cve", cve)} |")),
        "not-reached" => Lines(
            "| | threat | why not yet |\n|---|---|---|",
            Threats.All.Where(t => !IsCovered(t.Row)).Select(t => $"| {t.Row} | {t.Title} | {t.Answer} |")),
        _ => throw new UnreachableException($"no document has a generated part '{name}'"),
    };

    private static string Lines(string head, IEnumerable<string> rows) => string.Join('\n', rows.Prepend(head));

    private bool IsCovered(string row) => tests.For("Threat", row).Count > 0;

    private string Requirement(Requirement requirement) =>
        Waivers.Of(requirement.Id) is { } waiver ? "none: " + waiver.Reason : Cell("Rfc9293", requirement.Id);

    private string Clause(Clause clause) => clause.WhyNone is { } reason ? "none: " + reason : Cell("Clause", clause.Id);

    private static string MatrixCounts()
    {
        int waived = Clauses.All.Count(c => c.WhyNone is not null);
        return $"Of the {Requirements.All.Count} requirements of RFC 9293 {Requirements.All.Count - Waivers.All.Count} have a test and "
            + $"{Waivers.All.Count} a waiver; of {Clauses.All.Count} clauses of its companions "
            + $"{Clauses.All.Count - waived} have a test and {waived} a waiver.";
    }

    private string OtherRfc(string value)
    {
        string[] parts = value.Split(' ', 2);
        return $"| {parts[0]} | {(parts.Length > 1 ? parts[1] : "")} | {Cell("Rfc", value)} |";
    }

    private static string Scenarios(Statement statement) => statement.Scenarios.Count == 0
        ? statement.WhyNoScenario
        : string.Join(", ", statement.Scenarios.Select(s => $"`{s}`"));

    /// <summary>"[ResetTests] `A`, `B`; [FinTests]; +3".</summary>
    private string Cell(string kind, string value)
    {
        IReadOnlyList<CoveringTest> all = tests.For(kind, value);
        var cell = new StringBuilder();
        string? last = null;
        foreach (CoveringTest test in all.Take(MostTests))
        {
            if (test.Path != last) cell.Append(last is null ? "" : "; ").Append(Label(test.Path));
            if (test.Method is { } method) cell.Append(test.Path == last ? ", " : " ").Append('`').Append(method).Append('`');
            last = test.Path;
        }

        if (all.Count > MostTests) cell.Append("; +").Append(all.Count - MostTests);
        return cell.ToString();
    }

    private string Label(string path)
    {
        const string scripts = "tests/scripts/";
        return path.StartsWith(scripts, StringComparison.Ordinal) ? $"`{path[scripts.Length..]}`" : $"[{labels.LabelOf(path)}]";
    }

    /// <summary>Where the labels lead, as reference definitions. A label that leads nowhere gets none: another test names it.</summary>
    private string Links(string document) => string.Join('\n', FileLabels.UsedIn(document)
        .Select(label => (label, path: labels.PathOf(label)))
        .Where(link => link.path is not null)
        .Select(link => $"[{link.label}]: ../{link.path}"));
}
