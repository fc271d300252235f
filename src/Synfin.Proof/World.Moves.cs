using Synfin.Timers;

namespace Synfin.Proof;

/// <summary>Which moves are possible now.</summary>
internal sealed partial class World
{
    /// <summary>
    /// All moves, the fair one first: what would happen next if the network made no more mistakes. None if nothing can happen any more.
    /// </summary>
    public void CollectMoves(List<Move> moves)
    {
        moves.Clear();
        AddDeliveries(moves);
        foreach (End end in Ends)
        {
            if (!end.MayCall) continue;
            for (int i = 0; i < end.Program[end.Step].Length; i++) moves.Add(new Move(MoveKind.Call, end.Index, i));
        }
        AddDeadlines(moves);
        AddAccidents(moves);
    }

    /// <summary>At the end of a run: nothing is left at either end, and it went in order if nobody disturbed it.</summary>
    public void CheckFinal()
    {
        foreach (End end in Ends)
        {
            if (!end.IsClosed) Report(Properties.Liveness, $"nothing can happen any more, and {end.Name} is not CLOSED");
        }
        foreach (End end in Ends) end.CheckGrace();
    }

    private void AddDeliveries(List<Move> moves)
    {
        for (int i = 0; i < Flights.Count; i++)
        {
            if (CostOfDelivery(i, twice: false) <= _accidents) moves.Add(new Move(MoveKind.Deliver, 0, i));
        }
    }

    private void AddDeadlines(List<Move> moves)
    {
        Timestamp a = Ends[0].Deadline, b = Ends[1].Deadline;
        Timestamp first = Timestamp.Min(a, b);
        if (!first.IsSet) return;
        if (CostOfPassing(Timestamp.Max(Now, first)) > _accidents) return;
        if (a == first) moves.Add(new Move(MoveKind.Fire, 0, 0));
        if (b == first) moves.Add(new Move(MoveKind.Fire, 1, 0));
    }

    private void AddAccidents(List<Move> moves)
    {
        if (_accidents == 0) return;
        for (int i = 0; i < Flights.Count; i++)
        {
            if (Flights[i].IsCopy) continue;
            moves.Add(new Move(MoveKind.Lose, 0, i));
            if (CostOfDelivery(i, twice: true) <= _accidents) moves.Add(new Move(MoveKind.Duplicate, 0, i));
        }
        if (!_scope.Strangers) return;
        foreach (End end in Ends)
        {
            for (int kind = 0; kind < Forgery.Kinds; kind++)
            {
                if (Forgery.Make(end, kind) is not null) moves.Add(new Move(MoveKind.Forge, end.Index, kind));
            }
        }
    }
}
