namespace Synfin.Captures.Ladders;

/// <summary>Draws the two arrows of a row: one beside each state.</summary>
internal sealed class ArrowHeads(bool unicode)
{
    private readonly char _shaft = unicode ? '\u2500' : '-';
    private readonly char _thick = unicode ? '\u2550' : '=';
    private readonly char _toRight = unicode ? '\u2192' : '>';
    private readonly char _toLeft = unicode ? '\u2190' : '<';
    private readonly char _end = unicode ? '\u00d7' : 'x';
    private readonly string _flight = unicode ? "\u00b7\u00b7\u00b7" : "...";

    public (string Left, string Right) Draw(LadderRow row, int length)
    {
        if (row.Run is not null) return DrawRun(row.Side, length);
        bool right = row.Side == LadderSide.Left;
        string whole = right ? ToRight(_shaft, length) : ToLeft(_shaft, length);
        string lost = right ? new string(_shaft, length - 1) + _end : _end + new string(_shaft, length - 1);
        string near = _flight.PadLeft(length);
        return (row.Passage, right) switch
        {
            (LadderPassage.Departs, true) => (whole, _flight),
            (LadderPassage.Departs, false) => (near, whole),
            (LadderPassage.Arrives, true) => (near, whole),
            (LadderPassage.Arrives, false) => (whole, _flight),
            (LadderPassage.Lost, true) => (whole, lost),
            (LadderPassage.Lost, false) => (lost, whole),
            _ => (whole, whole),
        };
    }

    /// <summary>A folded run points where its text went, or both ways.</summary>
    private (string Left, string Right) DrawRun(LadderSide side, int length) => side switch
    {
        LadderSide.Left => (ToRight(_thick, length), ToRight(_thick, length)),
        LadderSide.Right => (ToLeft(_thick, length), ToLeft(_thick, length)),
        _ => (ToLeft(_thick, length), ToRight(_thick, length)),
    };

    private string ToRight(char shaft, int length) => new string(shaft, length - 1) + _toRight;

    private string ToLeft(char shaft, int length) => _toLeft + new string(shaft, length - 1);
}
