using Synfin.Oracle.Tests.Scripts;

namespace Synfin.Oracle.Tests.Comparing;

/// <summary>Makes a script that differs shorter, as long as it still differs.</summary>
internal static class Shrinker
{
    public static Difference Shrink(Difference found, IReadOnlyList<Rule> rules)
    {
        Difference shortest = found;
        while (true)
        {
            List<Script> candidates = Shorter(shortest);
            if (candidates.Count == 0) return shortest;
            if (new Oracle(rules).Tell(candidates, found.Settings) is not [var still, ..]) return shortest;
            shortest = still;
        }
    }

    /// <summary>The script up to where it differs, with each one of its steps left out.</summary>
    private static List<Script> Shorter(Difference difference)
    {
        var scripts = new List<Script>();
        IReadOnlyList<Step> steps = difference.Script.Steps;
        for (int left = 0; left < difference.Index; left++)
        {
            List<Step> rest = [.. steps.Take(difference.Index + 1)];
            rest.RemoveAt(left);
            scripts.Add(difference.Script with { Steps = rest });
        }
        return scripts;
    }
}
