using System.Text;

namespace Synfin.Drill.Language;

/// <summary>
/// What is done to a script before it is parsed: comments, <c>#ifdef</c> and option lines become blanks, and defined names become their
/// values. Lines keep their numbers. What stands in strings, commands and code is not looked into for comments.
/// </summary>
internal sealed partial class ScriptPreprocessor
{
    private readonly string _path;
    private readonly string _text;
    private readonly StringBuilder _result;
    private readonly Dictionary<string, string> _defines;
    private readonly ScriptOptionReader _options;
    private readonly Stack<Condition> _conditions = new();
    private int _at;
    private int _line = 1;
    private bool _inEvents;

    private ScriptPreprocessor(string path, string text, IReadOnlyDictionary<string, string> defines)
    {
        _path = path;
        _text = text;
        _result = new StringBuilder(text.Length);
        _defines = new Dictionary<string, string>(defines, StringComparer.Ordinal);
        _options = new ScriptOptionReader(path);
    }

    private bool IsActive => _conditions.Count == 0 || _conditions.Peek().IsActive;

    /// <summary>Prepares a script's text.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="defines">Names from outside; they win over the script's own.</param>
    /// <exception cref="ScriptSyntaxException">A comment, string or condition never ends, or an option's value cannot be read.</exception>
    public static ScriptText Prepare(string path, string text, IReadOnlyDictionary<string, string> defines)
    {
        var preprocessor = new ScriptPreprocessor(path, text, defines);
        preprocessor.Run();
        return new ScriptText(preprocessor._result.ToString(), preprocessor._options.Options);
    }

    private char Ahead(int distance) => _at + distance < _text.Length ? _text[_at + distance] : '\0';

    private void Run()
    {
        if (Ahead(0) == '\uFEFF') _at++; // the byte order mark
        while (_at < _text.Length)
        {
            if (StartsLine()) continue;
            Step();
        }

        if (_conditions.TryPeek(out Condition open)) throw Error(open.Line, "this condition has no #endif");
    }

    /// <summary>At a line's start: passes a directive, an option line or an inactive line as a whole.</summary>
    private bool StartsLine()
    {
        if (_at > 0 && _text[_at - 1] != '\n' && _text[_at - 1] != '\uFEFF') return false;
        int first = _at;
        while (first < _text.Length && _text[first] is ' ' or '\t' or '\r') first++;
        char c = first < _text.Length ? _text[first] : '\0';
        char next = first + 1 < _text.Length ? _text[first + 1] : '\0';
        if (IsActive && c == '-' && (next == 'D' || (next == '-' && IsLetterAt(first + 2))))
        {
            OptionLine(first);
            return true;
        }

        if (c == '#') Directive(LineFrom(first + 1));
        else if (IsActive) return false;
        SkipLine();
        return true;
    }

    private bool IsLetterAt(int at) => at < _text.Length && char.IsAsciiLetter(_text[at]);

    private string LineFrom(int start)
    {
        int end = _text.IndexOf('\n', start);
        return _text[start..(end < 0 ? _text.Length : end)];
    }

    private void SkipLine()
    {
        int end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
        if (end >= 0) Copy(1);
    }

    /// <summary>Passes one thing of an active line.</summary>
    private void Step()
    {
        char c = _text[_at];
        if (c == '#' || (c == '/' && Ahead(1) == '/')) SkipToLineEnd();
        else if (c == '/' && Ahead(1) == '*') SkipComment();
        else if (c == '"') CopyString();
        else if (c == '`') CopyThrough("`", 1, "a command between backticks");
        else if (c == '%' && Ahead(1) == '{') CopyThrough("}%", 2, "code");
        else if (ScriptLexer.IsWordPart(c)) CopyWord(_text.Length);
        else
        {
            if (!char.IsWhiteSpace(c)) _inEvents = true;
            Copy(1);
        }
    }

    private void SkipToLineEnd()
    {
        int end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private void SkipComment()
    {
        int end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0) throw Error(_line, "a comment begins here and never ends: there is no '*/'");
        _result.Append(' ');
        int lines = _text.AsSpan(_at, end - _at).Count('\n');
        _result.Append('\n', lines);
        _line += lines;
        _at = end + 2;
    }

    private void CopyString()
    {
        int end = _at + 1;
        while (end < _text.Length && _text[end] != '"' && _text[end] != '\n') end += _text[end] == '\\' ? 2 : 1;
        if (end >= _text.Length || _text[end] != '"') throw Error(_line, "a string begins here and does not end in its line");
        Copy(end + 1 - _at);
    }

    private void CopyThrough(string close, int opening, string what)
    {
        int end = _text.IndexOf(close, _at + opening, StringComparison.Ordinal);
        if (end < 0) throw Error(_line, $"{what} begins here and never ends: there is no '{close}'");
        _inEvents = true;
        end += close.Length;
        while (_at < end)
        {
            if (ScriptLexer.IsWordPart(_text[_at])) CopyWord(end);
            else Copy(1);
        }
    }

    /// <summary>Copies a word, or its value if it has one; a number is no word.</summary>
    private void CopyWord(int limit)
    {
        _inEvents = true;
        int end = _at;
        while (end < limit && ScriptLexer.IsWordPart(_text[end])) end++;
        string word = _text[_at..end];
        if (!char.IsAsciiDigit(word[0]) && ValueOf(word) is { } value) _result.Append(value.ReplaceLineEndings(" "));
        else _result.Append(word);
        _at = end;
    }

    private string? ValueOf(string name) =>
        _defines.TryGetValue(name, out string? value) || _options.Options.Defines.TryGetValue(name, out value) ? value : null;

    private void Copy(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (_text[_at] == '\n') _line++;
            _result.Append(_text[_at++]);
        }
    }

    private ScriptSyntaxException Error(int line, string problem) => new(_path, line, problem);

    /// <summary>A condition that is open.</summary>
    /// <param name="Line">Where it began.</param>
    /// <param name="IsActive">Its lines count now.</param>
    /// <param name="ElseIsActive">They will count after <c>#else</c>.</param>
    private readonly record struct Condition(int Line, bool IsActive, bool ElseIsActive);
}
