using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>What was found in the cells of a setting.</summary>
internal sealed class Verdict
{
    public int Cells { get; private set; }

    /// <summary>How many cells differ from the RFC by each deviation.</summary>
    public Dictionary<string, int> Used { get; } = [];

    /// <summary>Cells whose difference nobody declared.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Applies the deviations to what the RFC says, and notes those that changed it.</summary>
    public static Outcome Declared(Cell cell, Outcome rfc, List<string> changed)
    {
        Outcome outcome = rfc;
        foreach (Deviation deviation in Deviations.All)
        {
            if (deviation.Profiles.Count > 0 && !deviation.Profiles.Contains(cell.Profile)) continue;
            if (!deviation.Applies(cell, outcome)) continue;
            outcome = deviation.Rewrite(cell, outcome);
            changed.Add(deviation.Id);
        }
        return outcome;
    }

    public void Note(Cell cell, EngineView engine, Func<Outcome, string> more)
    {
        Cells++;
        var changed = new List<string>();
        Outcome want = Declared(cell, cell.Rfc(), changed);
        string difference = engine.Against(want);
        if (difference.Length == 0) difference = more(want);
        foreach (string id in changed) Used[id] = Used.GetValueOrDefault(id) + 1;
        if (difference.Length == 0) return;
        string line = Words.TimeLine(cell.Setting, cell.Profile, $".Receives(\"{cell.Event}\")");
        Wrong.Add($"{cell}\n    the RFC vs. Synfin: {difference} [{string.Join(", ", changed)}]\n    {line}");
    }
}
