namespace Synfin.Proof;

/// <summary>Runs worlds: to a state, and one move further.</summary>
internal sealed class Worker(Scope scope, Graph graph, int auditEvery)
{
    private readonly World _world = new(scope);
    private readonly List<Move> _moves = [];

    /// <summary>The first state.</summary>
    public (Breach? Breach, UInt128 Print) Begin()
    {
        _world.Restart();
        return (_world.Breach, _world.Fingerprint());
    }

    /// <summary>Does all that is possible in a state.</summary>
    public Expansion Expand(int state)
    {
        IReadOnlyList<Move> run = graph.RunTo(state);
        GoTo(run);
        if (_world.Fingerprint() != graph.Print(state))
            throw new InvalidOperationException($"{scope.Name}: the same run does not lead to the same state: {string.Join(' ', run)}");
        _world.CollectMoves(_moves);
        if (_moves.Count == 0)
        {
            _world.CheckFinal();
            return new Expansion(state, [], _world.Breach, null, 0);
        }
        var edges = new (UInt128, Move)[_moves.Count];
        Move[] moves = [.. _moves];
        int audited = 0;
        for (int i = 0; i < moves.Length; i++)
        {
            if (i > 0) GoTo(run);
            _world.Apply(moves[i]);
            if (_world.Breach is { } breach) return new Expansion(state, [], breach, moves[i], audited);
            UInt128 print = _world.Fingerprint();
            edges[i] = (print, moves[i]);
            if (auditEvery == 0 || graph.Find(print) is not (>= 0 and var known)) continue;
            if (((ulong)print ^ (ulong)state * 0x9E37_79B9_7F4A_7C15) % (ulong)auditEvery != 0) continue;
            Audit(known, [.. run, moves[i]]);
            audited++;
        }
        return new Expansion(state, edges, null, null, audited);
    }

    /// <summary>Two runs end in what is taken for the same state: then what can follow must be the same, too.</summary>
    private void Audit(int known, IReadOnlyList<Move> run)
    {
        HashSet<UInt128> here = Futures(run), there = Futures(graph.RunTo(known));
        if (here.SetEquals(there)) return;
        throw new InvalidOperationException(
            $"{scope.Name}: two states are taken for one, and are not: {string.Join(' ', run)} and {string.Join(' ', graph.RunTo(known))}");
    }

    private HashSet<UInt128> Futures(IReadOnlyList<Move> run)
    {
        GoTo(run);
        _world.CollectMoves(_moves);
        HashSet<UInt128> futures = [];
        foreach (Move move in _moves.ToArray())
        {
            GoTo(run);
            _world.Apply(move);
            futures.Add(_world.Breach is null ? _world.Fingerprint() : 0);
        }
        return futures;
    }

    private void GoTo(IReadOnlyList<Move> run)
    {
        _world.Restart();
        foreach (Move move in run) _world.Apply(move);
    }
}
