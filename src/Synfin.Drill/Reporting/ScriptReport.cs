using System.Collections.Generic;
using System.Linq;
using Synfin.Drill.Language;
using Synfin.Drill.Running;

namespace Synfin.Drill.Reporting;

/// <summary>What came of a script.</summary>
internal enum Verdict
{
    Passed,
    Failed,
    Skipped,

    /// <summary>It failed, and may.</summary>
    Waived,
}

/// <summary>One run of a script: in a family, under a profile.</summary>
internal sealed record ScriptRun(IpVersion Version, DrillProfile Profile, ScriptOutcome Outcome)
{
    /// <summary>A ladder of it, if one was asked for.</summary>
    public string? Ladder { get; init; }
}

/// <summary>What came of a script in all its families. It passed if it ran at all and failed in none.</summary>
internal sealed record ScriptReport(string Path, string Text, IReadOnlyList<ScriptRun> Runs)
{
    /// <summary>Why it may fail; null if it may not.</summary>
    public string? Waiver { get; init; }

    /// <summary>Whether the script's text could not be read: then no run says more.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>The first run that failed, or null.</summary>
    public ScriptRun? FirstFailure => Runs.FirstOrDefault(run => run.Outcome is ScriptOutcome.Failed);

    /// <summary>The runs that were skipped.</summary>
    public IEnumerable<ScriptRun> Skipped => Runs.Where(run => run.Outcome is ScriptOutcome.Skipped);

    public Verdict Verdict
    {
        get
        {
            if (FirstFailure is not null) return Waiver is null ? Verdict.Failed : Verdict.Waived;
            return Runs.Any(run => run.Outcome is ScriptOutcome.Passed) ? Verdict.Passed : Verdict.Skipped;
        }
    }

    /// <summary>What options let pass, each once.</summary>
    public IEnumerable<string> Leniencies => Runs.SelectMany(run => run.Outcome.Leniencies).Distinct();
}
