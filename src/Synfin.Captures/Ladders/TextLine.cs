using System.Text;

namespace Synfin.Captures.Ladders;

/// <summary>A line of text that is built from left to right, never longer than its width and without trailing spaces.</summary>
internal sealed class TextLine(int width, bool colour)
{
    private readonly StringBuilder _text = new();
    private int _column;

    /// <summary>Writes at a column, or behind what is there with one space between.</summary>
    public TextLine At(int column, string text, string ink = LadderInk.None)
    {
        if (text.Length == 0) return this;
        int from = _column == 0 ? column : Math.Max(column, _column + 1);
        if (from >= width) return this;
        if (text.Length > width - from) text = text[..(width - from)];
        _text.Append(' ', from - _column);
        _column = from + text.Length;
        if (colour && ink.Length > 0) _text.Append("\u001b[").Append(ink).Append('m').Append(text).Append("\u001b[0m");
        else _text.Append(text);
        return this;
    }

    public void WriteTo(TextWriter writer)
    {
        writer.Write(_text);
        writer.Write('\n');
        _text.Clear();
        _column = 0;
    }
}
