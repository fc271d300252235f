namespace Synfin.Captures.Ladders;

/// <summary>How much of a segment is printed; each level holds those before it.</summary>
/// <param name="Window">Whether SEG.WND is printed on every segment, not only where it matters.</param>
/// <param name="Options">How many options are printed: MSS, then WS, then SACKOK, then TS.</param>
internal readonly record struct LabelDetail(bool Window, int Options)
{
    public const int AllOptions = 3;
}
