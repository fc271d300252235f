namespace Synfin.Conformance.Tests.Grid;

/// <summary>All cells of a profile.</summary>
internal sealed class GridOfProfile
{
    private readonly Verdict[] _verdicts;

    private GridOfProfile(Verdict[] verdicts) => _verdicts = verdicts;

    public static IReadOnlyList<string> Names { get; } = ["Rfc", "Default", "Linux"];

    public int Cells => _verdicts.Sum(v => v.Cells);

    public int Deviating => _verdicts.Sum(v => v.Deviating);

    public int Segments { get; private init; }

    public int Calls { get; private init; }

    public int Timeouts { get; private init; }

    public IReadOnlyList<WrongCell> Wrong => [.. _verdicts.SelectMany(v => v.Wrong)];

    public int Used(string deviation) => _verdicts.Sum(v => v.Used.GetValueOrDefault(deviation));

    /// <summary>Runs the settings side by side; each cell is an engine of its own.</summary>
    public static GridOfProfile Run(string profile)
    {
        int count = Settings.All.Count;
        var segments = new Verdict[count];
        var calls = new Verdict[count];
        var timeouts = new Verdict[count];
        Parallel.For(0, count, i =>
        {
            Setting setting = Settings.All[i];
            segments[i] = Runner.Segments(profile, setting);
            calls[i] = Runner.Calls(profile, setting);
            timeouts[i] = Runner.Timeouts(profile, setting);
        });
        return new GridOfProfile([.. segments, .. calls, .. timeouts])
        {
            Segments = segments.Sum(v => v.Cells),
            Calls = calls.Sum(v => v.Cells),
            Timeouts = timeouts.Sum(v => v.Cells),
        };
    }
}
