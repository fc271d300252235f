namespace Synfin.Proof;

/// <summary>The states that were reached, each with the move that reached it first.</summary>
internal sealed class Graph
{
    private const int Unknown = -2;

    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly List<UInt128> _prints = [];
    private readonly List<int> _parents = [];
    private readonly List<ushort> _moves = [];
    private readonly List<int> _fair = [];

    /// <summary>How many states.</summary>
    public int Count => _prints.Count;

    /// <summary>A state's fingerprint.</summary>
    public UInt128 Print(int state) => _prints[state];

    /// <summary>The number of a state that is known; -1 for another.</summary>
    public int Find(UInt128 print) => _numbers.TryGetValue(print, out int number) ? number : -1;

    /// <summary>Notes a state.</summary>
    /// <returns>Whether it is new.</returns>
    public bool TryAdd(UInt128 print, int parent, Move move, out int number)
    {
        if (_numbers.TryGetValue(print, out number)) return false;
        number = Count;
        _numbers.Add(print, number);
        _prints.Add(print);
        _parents.Add(parent);
        _moves.Add(move.Packed);
        _fair.Add(Unknown);
        return true;
    }

    /// <summary>Says where the fair move leads; -1 if no move is left.</summary>
    public void SetFair(int state, int successor) => _fair[state] = successor;

    /// <summary>The moves that lead to a state.</summary>
    public IReadOnlyList<Move> RunTo(int state)
    {
        List<Move> run = [];
        for (; _parents[state] >= 0; state = _parents[state]) run.Add(Move.Unpack(_moves[state]));
        run.Reverse();
        return run;
    }

    /// <summary>A state from which the fair moves never come to an end; -1 if there is none.</summary>
    public int FindEndless()
    {
        const byte New = 0, Under = 1, Ends = 2;
        byte[] marks = new byte[Count];
        for (int start = 0; start < Count; start++)
        {
            int state = start;
            while (state >= 0 && marks[state] is New)
            {
                marks[state] = Under;
                state = _fair[state];
            }
            if (state >= 0 && marks[state] is Under) return start;
            for (state = start; state >= 0 && marks[state] is Under; state = _fair[state]) marks[state] = Ends;
        }
        return -1;
    }
}
