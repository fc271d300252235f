using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>What was found in the cells of a setting.</summary>
/// <param name="before">The TCB in the setting.</param>
/// <param name="ways">The deviations on the way to the setting, and the TCB that it would lead to without each.</param>
internal sealed class Verdict(ControlBlock before, IReadOnlyList<(string Id, ControlBlock Before)> ways)
{
    /// <summary>The TCB in the setting.</summary>
    public ControlBlock Before { get; } = before;

    public int Cells { get; private set; }

    /// <summary>Cells in which a deviation, alone or with others, makes Synfin differ from the RFC.</summary>
    public Dictionary<string, int> Used { get; } = [];

    /// <summary>Cells that differ from the RFC.</summary>
    public int Deviating { get; private set; }

    /// <summary>Cells whose difference nobody declared.</summary>
    public List<WrongCell> Wrong { get; } = [];

    /// <summary>What Synfin is to do by the RFC and the deviations; those that apply are noted.</summary>
    public static Outcome Declared(Cell cell, List<string> applied, string without = "")
    {
        Cell taken = cell;
        if (cell.Event.Kind is EventKind.SegmentArrives)
        {
            foreach (Deviation deviation in Deviations.Of(cell.Profile))
            {
                if (deviation.Id == without) continue;
                IncomingSegment instead = deviation.Instead(taken);
                if (instead == taken.Segment) continue;
                taken = taken with { Event = taken.Event with { Segment = instead } };
                applied.Add(deviation.Id);
            }
        }
        Outcome outcome = taken.Rfc();
        foreach (Deviation deviation in Deviations.Of(cell.Profile))
        {
            if (deviation.Id == without) continue;
            Outcome then = deviation.Then(taken, outcome);
            if (ReferenceEquals(then, outcome)) continue;
            outcome = then;
            applied.Add(deviation.Id);
        }
        return outcome;
    }

    /// <summary>Compares a cell.</summary>
    public void Note(Cell cell, EngineView engine)
    {
        Cells++;
        var applied = new List<string>();
        Outcome want = Declared(cell, applied);
        string difference = engine.Against(want);
        // 3.6.1, MAY-2 (1): our new ISS is "larger than the largest sequence number it used on the previous connection incarnation".
        if (cell.Before.State is ConnectionState.TimeWait && engine.NewIss is { } iss && !Modulo32.Less(cell.Before.SndNxt, iss))
            difference = $"the new ISS {iss} is not beyond SND.NXT {cell.Before.SndNxt}";
        if (difference.Length > 0)
        {
            Wrong.Add(new WrongCell(cell, difference, applied));
            return;
        }
        bool deviates = applied.Count > 0 && !Same(engine, cell.Rfc());
        foreach (string id in applied)
        {
            // What applies and changes nothing is no use of it.
            if (deviates && (applied.Count == 1 || !Same(engine, Declared(cell, [], without: id)))) Use(id);
        }
        foreach ((string id, ControlBlock other) in ways)
        {
            if (Same(engine, Declared(cell with { Before = other }, []))) continue;
            Use(id);
            deviates = true;
        }
        if (deviates) Deviating++;
    }

    private void Use(string id) => Used[id] = Used.GetValueOrDefault(id) + 1;

    private static bool Same(EngineView engine, Outcome outcome) => engine.Against(outcome).Length == 0;
}
