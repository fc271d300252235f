using System.Diagnostics;

namespace Synfin.Proof;

/// <summary>
/// Reaches every state of a scope, those that take fewer moves first, so that a counterexample is a shortest one. A state is kept as the
/// moves that lead there, 22 octets with its fingerprint; to go on from it, the engine runs them again.
/// </summary>
internal sealed class Explorer(Scope scope, ExplorerOptions options)
{
    private readonly Graph _graph = new();
    private long _transitions;
    private long _audited;
    private int _finals;

    /// <summary>Explores the scope.</summary>
    public static ScopeResult Explore(Scope scope, ExplorerOptions? options = null) =>
        new Explorer(scope, options ?? new ExplorerOptions()).Run();

    private ScopeResult Run()
    {
        long started = Stopwatch.GetTimestamp();
        Worker[] workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new Worker(scope, _graph, options.AuditEvery))];
        (Breach? breach, UInt128 first) = workers[0].Begin();
        IReadOnlyList<Move> run = [];
        _graph.TryAdd(first, parent: -1, default, out int root);
        int depth = 0;
        bool limited = false;
        for ((int from, int to) = (root, 1); breach is null && from < to && !limited; (from, to) = (to, _graph.Count))
        {
            Expansion[] level = Expand(workers, from, to);
            (breach, run) = Merge(level);
            limited = _graph.Count > options.MaxStates;
            if (_graph.Count > to) depth++;
        }
        bool stopped = limited || breach is not null;
        if (!stopped && _graph.FindEndless() is >= 0 and var endless)
        {
            breach = new Breach(Properties.Liveness, "from here on the same states come again and again, though nothing is lost");
            run = _graph.RunTo(endless);
        }
        return new ScopeResult
        {
            Scope = scope,
            States = _graph.Count,
            Transitions = _transitions,
            Depth = depth,
            Finals = _finals,
            Audited = _audited,
            Elapsed = Stopwatch.GetElapsedTime(started),
            Stopped = stopped,
            Breach = breach,
            Run = run,
        };
    }

    /// <summary>Each worker takes a share of the level; the order of the results is the states' own.</summary>
    private static Expansion[] Expand(Worker[] workers, int from, int to)
    {
        const int Share = 64;
        int shares = (to - from + Share - 1) / Share;
        var results = new Expansion[to - from];
        int next = -1;
        Task[] tasks = [.. workers.Take(shares).Select(worker => Task.Run(() =>
        {
            for (int share = Interlocked.Increment(ref next); share < shares; share = Interlocked.Increment(ref next))
            {
                int end = Math.Min(to, from + (share + 1) * Share);
                for (int state = from + share * Share; state < end; state++) results[state - from] = worker.Expand(state);
            }
        }))];
        Task.WaitAll(tasks);
        return results;
    }

    private (Breach? Breach, IReadOnlyList<Move> Run) Merge(Expansion[] level)
    {
        foreach (Expansion expansion in level)
        {
            _transitions += expansion.Edges.Length;
            _audited += expansion.Audited;
            if (expansion.Breach is { } breach)
            {
                IReadOnlyList<Move> run = _graph.RunTo(expansion.State);
                return (breach, expansion.BreachMove is { } last ? [.. run, last] : run);
            }
            if (expansion.Edges.Length == 0)
            {
                _finals++;
                _graph.SetFair(expansion.State, -1);
                continue;
            }
            for (int i = 0; i < expansion.Edges.Length; i++)
            {
                (UInt128 print, Move move) = expansion.Edges[i];
                _graph.TryAdd(print, expansion.State, move, out int number);
                if (i == 0) _graph.SetFair(expansion.State, number);
            }
        }
        return (null, []);
    }
}
