using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>What was found in the cells of a setting.</summary>
internal sealed class Verdict
{
    public int Cells { get; private set; }

    /// <summary>Cells in which a deviation, alone or with others, makes Synfin differ from the RFC.</summary>
    public Dictionary<string, int> Used { get; } = [];

    /// <summary>Cells that differ from the RFC.</summary>
    public int Deviating { get; private set; }

    /// <summary>Cells whose difference nobody declared.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>What Synfin is to do by the RFC and the deviations; those that apply are noted.</summary>
    public static Outcome Declared(Cell cell, List<string> applied)
    {
        Cell taken = cell;
        if (cell.Event.Kind is EventKind.SegmentArrives)
        {
            foreach (Deviation deviation in Deviations.All)
            {
                if (!deviation.IsIn(cell.Profile)) continue;
                IncomingSegment instead = deviation.Instead(taken);
                if (instead == taken.Segment) continue;
                taken = taken with { Event = taken.Event with { Segment = instead } };
                applied.Add(deviation.Id);
            }
        }
        Outcome outcome = taken.Rfc();
        foreach (Deviation deviation in Deviations.All)
        {
            if (!deviation.IsIn(cell.Profile)) continue;
            Outcome then = deviation.Then(taken, outcome);
            if (ReferenceEquals(then, outcome)) continue;
            outcome = then;
            applied.Add(deviation.Id);
        }
        return outcome;
    }

    public void Note(Cell cell, EngineView engine, Func<Outcome, string> more)
    {
        Cells++;
        var applied = new List<string>();
        Outcome want = Declared(cell, applied);
        string difference = engine.Against(want);
        if (difference.Length == 0) difference = more(want);
        if (difference.Length > 0)
        {
            string line = Words.TimeLine(cell.Setting, cell.Profile, cell.Event);
            Wrong.Add($"{cell}\n    the RFC vs. Synfin: {difference} [{string.Join(", ", applied)}]\n    {line}");
            return;
        }
        if (applied.Count == 0) return;
        // That it can be told from the RFC: what applies and changes nothing is no use of it.
        if (engine.Against(cell.Rfc()).Length == 0) return;
        Deviating++;
        foreach (string id in applied) Used[id] = Used.GetValueOrDefault(id) + 1;
    }
}
