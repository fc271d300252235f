namespace Synfin.Tidy.Tests.Tree;

/// <summary>The few files that may break a rule. An entry that no file needs any more fails a test.</summary>
public static class NamedExceptions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<NamedException> All { get; } =
    [
    ];

    /// <summary>Whether <paramref name="finding"/> is one of them.</summary>
    public static bool Covers(Finding finding) => All.Any(e => e.File == finding.File && e.Rule == finding.Rule);
}
