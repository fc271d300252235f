namespace Synfin.Cli.Bench;

/// <summary>Chooses what to run.</summary>
internal static class BenchPlan
{
    /// <summary>The figures asked for and the yardsticks that those are compared to, in the catalogue's order.</summary>
    /// <param name="names">Names or prefixes; none means all.</param>
    /// <param name="all">The catalogue.</param>
    /// <param name="unknown">The first name that names nothing, or null.</param>
    public static IReadOnlyList<IBenchmark> Select(IReadOnlyList<string> names, IReadOnlyList<IBenchmark> all, out string? unknown)
    {
        unknown = names.FirstOrDefault(name => !all.Any(b => Names(name, b)));
        if (unknown is not null) return [];
        if (names.Count == 0) return all;
        IBenchmark[] asked = [.. all.Where(b => names.Any(name => Names(name, b)))];
        return [.. all.Where(b => asked.Contains(b) || asked.Any(a => a.ComparedTo.Contains(b.Name)))];
    }

    private static bool Names(string name, IBenchmark benchmark) => benchmark.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
