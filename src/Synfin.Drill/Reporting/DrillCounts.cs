using System.Globalization;

namespace Synfin.Drill.Reporting;

/// <summary>How many scripts there were of each verdict.</summary>
internal sealed record DrillCounts(int Passed, int Failed, int Skipped, int Waived, int Unreadable)
{
    /// <summary>All of them.</summary>
    public int Total => Passed + Failed + Skipped + Waived;

    /// <summary>With one script more.</summary>
    public DrillCounts With(ScriptReport report)
    {
        DrillCounts counted = report.Verdict switch
        {
            Verdict.Passed => this with { Passed = Passed + 1 },
            Verdict.Failed => this with { Failed = Failed + 1 },
            Verdict.Skipped => this with { Skipped = Skipped + 1 },
            Verdict.Waived => this with { Waived = Waived + 1 },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return report.IsUnreadable ? counted with { Unreadable = Unreadable + 1 } : counted;
    }

    /// <summary>The line at the end.</summary>
    public override string ToString()
    {
        string scripts = Total == 1 ? "script" : "scripts";
        string waived = Waived > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Waived} waived") : "";
        string unreadable = Unreadable > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({Unreadable} cannot be read)") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Total} {scripts}: {Passed} passed, {Failed} failed, {Skipped} skipped{unreadable}{waived}");
    }
}
