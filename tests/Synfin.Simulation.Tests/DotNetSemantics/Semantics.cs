using System.Collections.Concurrent;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>All rows, and what came of them; each is run once in each world.</summary>
internal static class Semantics
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<(IReadOnlyList<Seen>, IReadOnlyList<Seen>)>>> s_outcomes = [];

    /// <summary>The rows by the heading that they stand under.</summary>
    public static IReadOnlyList<(string Heading, IReadOnlyList<Row> Rows)> Tables { get; } =
    [
        ("Opening", StreamRows.Opening),
        ("Ended by the peer", StreamRows.EndedByThePeer),
        ("Ended here", StreamRows.EndedHere),
        ("Calls", StreamRows.Calls),
        ("Time-outs", StreamRows.TimeOuts),
        ("HttpClient: responses", HttpRows.Responses),
        ("HttpClient: truncations and failures", HttpRows.Truncations),
        ("HttpClient: the pool", HttpRows.Pooling),
        ("HttpClient: waiting", HttpRows.Waits),
    ];

    /// <summary>A row's event with its table's heading: what tests and differences name it by.</summary>
    public static IReadOnlyDictionary<string, Row> Rows { get; } = Tables
        .SelectMany(table => table.Rows.Select(row => (Name: $"{table.Heading}: {row.Event}", Row: row)))
        .ToDictionary(pair => pair.Name, pair => pair.Row);

    /// <summary>What both worlds' applications saw; the kernel's may be what is known of it.</summary>
    public static Task<(IReadOnlyList<Seen> Kernel, IReadOnlyList<Seen> Synfin)> Outcome(string name) =>
        s_outcomes.GetOrAdd(name, n => new(() => Run(Rows[n]))).Value;

    private static async Task<(IReadOnlyList<Seen> Kernel, IReadOnlyList<Seen> Synfin)> Run(Row row)
    {
        IReadOnlyList<Seen> kernel = row.KernelWould ?? await Play(row, new KernelWorld());
        return (kernel, await Play(row, new SynfinWorld()));
    }

    private static async Task<IReadOnlyList<Seen>> Play(Row row, IWorld world)
    {
        using Story story = new(world);
        await row.Script(story);
        return story.Steps;
    }
}
