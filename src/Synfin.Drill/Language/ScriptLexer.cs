using System.Globalization;

namespace Synfin.Drill.Language;

/// <summary>A place in a script's text, and the words and numbers there. A line's end is a blank: events may span lines.</summary>
internal sealed class ScriptLexer
{
    private const int LongestQuotation = 24;
    private readonly string _path;
    private readonly string _text;
    private readonly List<int> _lineStarts = [0];

    /// <summary>Begins at the text's start.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="text">Without comments and directives.</param>
    public ScriptLexer(string path, string text)
    {
        _path = path;
        _text = text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') _lineStarts.Add(i + 1);
        }
    }

    /// <summary>Where the next character stands.</summary>
    public int Position { get; set; }

    /// <summary>The next character; NUL at the end.</summary>
    public char Current => Position < _text.Length ? _text[Position] : '\0';

    /// <summary>The line of <see cref="Position"/>, from 1.</summary>
    public int Line => LineAt(Position);

    /// <summary>True when nothing but blanks is left.</summary>
    public bool AtEnd()
    {
        SkipBlanks();
        return Position >= _text.Length;
    }

    /// <summary>The line of a place, from 1.</summary>
    public int LineAt(int position)
    {
        int index = _lineStarts.BinarySearch(position);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <summary>The character after some others; NUL beyond the end.</summary>
    public char Ahead(int distance) => Position + distance < _text.Length ? _text[Position + distance] : '\0';

    /// <summary>Passes blanks and ends of lines; true if there were any.</summary>
    public bool SkipBlanks()
    {
        int start = Position;
        while (Position < _text.Length && char.IsWhiteSpace(_text[Position])) Position++;
        return Position > start;
    }

    /// <summary>Passes blanks, but no end of a line.</summary>
    public void SkipBlanksOfLine()
    {
        while (Position < _text.Length && _text[Position] != '\n' && char.IsWhiteSpace(_text[Position])) Position++;
    }

    /// <summary>True if the text goes on so, after blanks.</summary>
    public bool Sees(string wanted)
    {
        SkipBlanks();
        return string.CompareOrdinal(_text, Position, wanted, 0, wanted.Length) == 0;
    }

    /// <summary>Passes this text if it is next, after blanks.</summary>
    public bool Take(string wanted)
    {
        if (!Sees(wanted)) return false;
        Position += wanted.Length;
        return true;
    }

    /// <summary>Passes this text, or fails.</summary>
    public void Expect(string wanted, string where)
    {
        if (!Take(wanted)) throw Unexpected($"'{wanted}' {where}");
    }

    /// <summary>Reads a word of letters, digits and underscores, or null.</summary>
    public string? TakeWord()
    {
        string? word = SeeWord();
        if (word is not null) Position += word.Length;
        return word;
    }

    /// <summary>The word that is next, or null.</summary>
    public string? SeeWord()
    {
        SkipBlanks();
        if (!IsWordStart(Current)) return null;
        int end = Position + 1;
        while (end < _text.Length && IsWordPart(_text[end])) end++;
        return _text[Position..end];
    }

    /// <summary>Reads up to a blank or one of the characters.</summary>
    public string TakeUntil(string stops)
    {
        SkipBlanks();
        int start = Position;
        while (Position < _text.Length && !char.IsWhiteSpace(_text[Position]) && !stops.Contains(_text[Position])) Position++;
        return _text[start..Position];
    }

    /// <summary>Reads up to a text that must come, and passes it.</summary>
    public string TakeThrough(string end, string what)
    {
        int start = Position;
        int found = _text.IndexOf(end, start, StringComparison.Ordinal);
        if (found < 0) throw Error(LineAt(start), $"{what} begins here and never ends: there is no '{end}'");
        Position = found + end.Length;
        return _text[start..found];
    }

    /// <summary>Reads a number without sign: decimal, or hexadecimal with 0x.</summary>
    public bool TakeInteger(out long value)
    {
        SkipBlanks();
        value = 0;
        if (!char.IsAsciiDigit(Current)) return false;
        bool hex = Current == '0' && Ahead(1) is 'x' or 'X' && char.IsAsciiHexDigit(Ahead(2));
        int start = Position + (hex ? 2 : 0), end = start;
        while (end < _text.Length && (hex ? char.IsAsciiHexDigit(_text[end]) : char.IsAsciiDigit(_text[end]))) end++;
        ReadOnlySpan<char> digits = _text.AsSpan(start, end - start);
        NumberStyles style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong number))
            throw Error(Line, $"the number {Shorten(digits)} does not fit 64 bits");
        value = (long)number;
        Position = end;
        return true;
    }

    /// <summary>What was written between two places, its blanks made single.</summary>
    public string Written(int start, int end) =>
        string.Join(' ', _text[start..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>An unchanged part of the text.</summary>
    public string Slice(int start, int end) => _text[start..end];

    /// <summary>True if a line ends between two places.</summary>
    public bool LineEndsBetween(int start, int end) => _text.AsSpan(start, end - start).Contains('\n');

    /// <summary>The error that something else was expected at the next word.</summary>
    public ScriptSyntaxException Unexpected(string expected)
    {
        SkipBlanks();
        return Error(Line, $"expected {expected}, but {Next()}");
    }

    /// <summary>An error at a line.</summary>
    public ScriptSyntaxException Error(int line, string problem) => new(_path, line, problem);

    /// <summary>True for what a word begins with.</summary>
    public static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    /// <summary>True for what a word goes on with.</summary>
    public static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private string Next()
    {
        if (Position >= _text.Length) return "the script ends";
        int end = Position;
        while (end < _text.Length && !char.IsWhiteSpace(_text[end])) end++;
        return $"'{Shorten(_text.AsSpan(Position, end - Position))}' comes";
    }

    private static string Shorten(ReadOnlySpan<char> text) =>
        text.Length <= LongestQuotation ? text.ToString() : $"{text[..LongestQuotation]}...";
}
