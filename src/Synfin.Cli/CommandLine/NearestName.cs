namespace Synfin.Cli.CommandLine;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class NearestName
{
    private const int MostSuggestions = 3;

    /// <summary>At most three of <paramref name="known"/> that look like <paramref name="name"/>, the nearest first.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> known) =>
        [.. known
            .Select(candidate => (Candidate: candidate, Distance: Distance(name, candidate)))
            .Where(pair => pair.Distance <= Tolerance(name) || IsPartOf(name, pair.Candidate))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Take(MostSuggestions)
            .Select(pair => pair.Candidate)];

    /// <summary>"; did you mean 'a' or 'b'?", or nothing if no name is near.</summary>
    public static string Suggestion(string name, IEnumerable<string> known)
    {
        IReadOnlyList<string> near = Find(name, known);
        return near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
    }

    private static int Tolerance(string name) => Math.Max(1, name.Length / 3);

    private static bool IsPartOf(string name, string candidate) =>
        name.Trim('-').Length >= 3 && candidate.Contains(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Optimal string alignment: an insertion, deletion, substitution or swap of neighbours costs 1, case costs nothing.</summary>
    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = cost[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                cost[i, j] = Math.Min(substitution, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]);
                if (swapped) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
