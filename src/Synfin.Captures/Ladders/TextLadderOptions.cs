namespace Synfin.Captures.Ladders;

/// <summary>How a ladder is printed.</summary>
public sealed record TextLadderOptions
{
    /// <summary>The narrowest width that is honoured, in columns.</summary>
    public const int MinWidth = 60;

    /// <summary>The most columns that a line may take; at least <see cref="MinWidth"/>.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Whether to colour with ANSI codes: SYN green, FIN magenta, RST red, data blue, ACK grey, zero window yellow.</summary>
    public bool Colour { get; init; }

    /// <summary>Whether arrows are drawn with characters beyond ASCII.</summary>
    public bool Unicode { get; init; }

    /// <summary>Whether the timestamps option is printed where there is room.</summary>
    public bool Timestamps { get; init; }
}
