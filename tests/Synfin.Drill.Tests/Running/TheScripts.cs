using Synfin.Drill.Reporting;

namespace Synfin.Drill.Tests.Running;

/// <summary>Each script of tests/scripts passes against the engine, in every family that it allows.</summary>
public sealed class TheScripts
{
    private static readonly string _folder = Path.Combine(FindRoot(), "tests", "scripts");

    /// <summary>The scripts, by their paths below tests/scripts.</summary>
    public static IEnumerable<TheoryDataRow<string>> All =>
        ScriptFinder.Find([_folder]).Select(path => new TheoryDataRow<string>(Path.GetRelativePath(_folder, path).Replace('\\', '/')));

    [Theory]
    [MemberData(nameof(All))]
    public void Passes(string script)
    {
        string path = Path.Combine(_folder, script);
        var options = new DrillOptions { Paths = [path] };
        ScriptReport report = new DrillRun(options, new EngineStage(options)).RunText(script, File.ReadAllText(path));
        if (report.Verdict is not Verdict.Passed || report.Skipped.Any()) Assert.Fail(Text(report));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Says_which_sentence_of_which_document_it_asserts(string script) =>
        Assert.StartsWith("// ", File.ReadAllText(Path.Combine(_folder, script)), StringComparison.Ordinal);

    private static string Text(ScriptReport report)
    {
        using var output = new StringWriter();
        new TextReport(output, 140).Write(report);
        return output.ToString();
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Synfin.slnx"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Synfin.slnx.");
    }
}
