using Synfin.Oracle.Tests.Ends;
using Synfin.Oracle.Tests.Scripts;

namespace Synfin.Oracle.Tests.Comparing;

/// <summary>Tells scripts to a kernel and to Synfin and gathers the differences that no rule explains.</summary>
internal sealed class Oracle(IReadOnlyList<Rule> rules)
{
    private const int MostAttempts = 20;

    private readonly HashSet<string> _used = [];

    /// <summary>How many scripts were told.</summary>
    public int Scripts { get; private set; }

    /// <summary>How many steps were compared.</summary>
    public int Steps { get; private set; }

    /// <summary>How many scripts ended early because of a difference that a rule allows.</summary>
    public int Parted { get; private set; }

    /// <summary>The rules that explained something.</summary>
    public IReadOnlySet<string> Used => _used;

    /// <summary>The unexplained differences of some scripts.</summary>
    public List<Difference> Tell(IEnumerable<Script> scripts, Settings settings)
    {
        var differences = new List<Difference>();
        foreach (Script[] batch in scripts.Chunk(KernelRig.MaxScripts))
        {
            IReadOnlyList<IReadOnlyList<Outcome>> kernel = Kernel(batch, settings);
            for (int i = 0; i < batch.Length; i++)
            {
                List<Outcome> synfin = SynfinEnd.Run(batch[i], KernelRig.TupleOf(i), settings);
                if (Compare(batch[i], settings, kernel[i], synfin) is { } difference) differences.Add(difference);
            }
        }
        return differences;
    }

    private static IReadOnlyList<IReadOnlyList<Outcome>> Kernel(Script[] batch, Settings settings)
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            using KernelRig rig = KernelRig.Create(settings);
            if (rig.Run(batch) is { } outcomes) return outcomes;
        }
        throw new InvalidOperationException($"the machine is too busy: {MostAttempts} times {batch.Length} scripts took too long");
    }

    private Difference? Compare(Script script, Settings settings, IReadOnlyList<Outcome> kernel, IReadOnlyList<Outcome> synfin)
    {
        Scripts++;
        int at = -1;
        while (true)
        {
            int next = Comparison.FirstDifference(kernel, synfin, at);
            Steps += (next < 0 ? kernel.Count : next) - Math.Max(at, 0);
            if (next < 0) return null;
            at = next;
            var difference = new Difference(script, settings, at, kernel, synfin);
            if (rules.Explain(difference) is not { } rule) return difference;
            _used.Add(rule.Name);
            // With a limit of answers, one that only one of them gave is one that only the other may still give.
            if (rule.GoesOn && !settings.ChallengeLimit && difference.SameState) continue;
            Parted++;
            return null;
        }
    }
}
