using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>The colours of a ladder, as ANSI codes. Every one of them repeats what the text says.</summary>
internal static class LadderInk
{
    public const string None = "";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Red = "31";
    private const string Magenta = "35";
    private const string Blue = "94";
    private const string Grey = "90";

    public static string Of(LadderRow row)
    {
        if (row.Run is not null) return Blue;
        if (row.Arrow is not { } arrow) return None;
        LadderSegment segment = arrow.Segment;
        if (segment.Has(TcpFlags.Rst)) return Red;
        if (segment.Has(TcpFlags.Syn)) return Green;
        if (segment.Has(TcpFlags.Fin)) return Magenta;
        if (arrow.Marks.HasFlag(LadderMarks.ZeroWindow)) return Yellow;
        return segment.TextLength > 0 ? Blue : Grey;
    }
}
