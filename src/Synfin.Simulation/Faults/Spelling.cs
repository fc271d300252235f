namespace Synfin.Simulation.Faults;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>The word with the fewest edits, if they are at most a third of its letters; the first of equals.</summary>
    public static string? Nearest(string word, IReadOnlyList<string> known)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance >= bestDistance || distance > Math.Max(1, candidate.Length / 3)) continue;
            best = candidate;
            bestDistance = distance;
        }
        return best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        int[][] edits = new int[a.Length + 1][];
        for (int i = 0; i <= a.Length; i++)
        {
            edits[i] = new int[b.Length + 1];
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i][j] = i + j;
                    continue;
                }
                int replace = edits[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int best = Math.Min(replace, Math.Min(edits[i - 1][j], edits[i][j - 1]) + 1);
                bool isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                edits[i][j] = isSwap ? Math.Min(best, edits[i - 2][j - 2] + 1) : best;
            }
        }
        return edits[a.Length][b.Length];
    }
}
