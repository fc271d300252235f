using System.Buffers;
using System.Globalization;
using System.Text;

namespace Synfin.Drill.Expressions;

/// <summary>Cuts code into logical lines of words, as Python does.</summary>
internal sealed class CodeLexer
{
    private static readonly string[] _operators =
    [
        "**=", "//=", "<<=", ">>=", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "<>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
    ];

    private static readonly SearchValues<char> _prefixes = SearchValues.Create("rRbBuUfF");
    private readonly string _code;
    private readonly List<CodeLine> _lines = [];
    private readonly List<CodeToken> _tokens = [];
    private int _at;
    private int _line;
    private int _indent;
    private int _depth;

    private CodeLexer(string code, int line) => (_code, _line) = (code, line);

    /// <summary>Cuts code.</summary>
    /// <param name="code">What stands between <c>%{</c> and <c>}%</c>.</param>
    /// <param name="line">The line in which it begins.</param>
    public static IReadOnlyList<CodeLine> Read(string code, int line)
    {
        var lexer = new CodeLexer(code, line);
        lexer.Run();
        return lexer._lines;
    }

    private char Ahead(int distance) => _at + distance < _code.Length ? _code[_at + distance] : '\0';

    private void Run()
    {
        _indent = BlanksAt(0);
        while (_at < _code.Length)
        {
            char c = _code[_at];
            if (c == '\n') EndLine();
            else if (c == '\\' && (Ahead(1) == '\n' || (Ahead(1) == '\r' && Ahead(2) == '\n'))) JoinLine();
            else if (char.IsWhiteSpace(c)) _at++;
            else if (c == '#') SkipComment();
            else if (c is '"' or '\'') ReadString(_at, isRaw: false);
            else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Ahead(1)))) ReadNumber();
            else if (IsNamePart(c)) ReadName();
            else ReadOperator();
        }

        EndLine();
        PlaceFirstLine();
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private int BlanksAt(int position)
    {
        int count = 0;
        for (; position < _code.Length && _code[position] is ' ' or '\t'; position++) count += _code[position] == '\t' ? 8 : 1;
        return count;
    }

    private void EndLine()
    {
        if (_depth > 0 && _at < _code.Length)
        {
            JoinLine();
            return;
        }

        if (_tokens.Count > 0)
        {
            _tokens.Add(new CodeToken(CodeTokenKind.End, "the end of the line", default, _line, _at, _at));
            _lines.Add(new CodeLine(_indent, [.. _tokens]));
            _tokens.Clear();
        }

        if (_at >= _code.Length) return;
        JoinLine();
        _indent = BlanksAt(_at);
    }

    private void JoinLine()
    {
        while (_code[_at] != '\n') _at++;
        _at++;
        _line++;
    }

    private void SkipComment()
    {
        while (_at < _code.Length && _code[_at] != '\n') _at++;
    }

    /// <summary>
    /// The column of what stands behind <c>%{</c> is not known: it is as far left as the leftmost of the other lines, or, if they are a
    /// block that it begins, further left.
    /// </summary>
    private void PlaceFirstLine()
    {
        if (_lines.Count < 2) return;
        int first = _code.AsSpan().IndexOfAnyExcept(" \t\r");
        if (_code[first] == '\n') return;
        int least = _lines.Skip(1).Min(l => l.Indent);
        bool goesOn = _lines.Skip(1).Any(l => l.Indent == least && l.Tokens[0].Text is "else" or "elif");
        _lines[0] = _lines[0] with { Indent = goesOn || _lines[1].Indent > least ? least : least - 1 };
    }

    private void Add(CodeTokenKind kind, int start, CodeValue value = default) =>
        _tokens.Add(new CodeToken(kind, _code[start.._at], value, _line, start, _at));

    private void ReadName()
    {
        int start = _at;
        while (IsNamePart(Ahead(0))) _at++;
        if (Ahead(0) is '"' or '\'' && _at - start <= 2 && _code.AsSpan(start, _at - start).IndexOfAnyExcept(_prefixes) < 0)
            ReadString(start, _code.AsSpan(start, _at - start).IndexOfAny('r', 'R') >= 0);
        else Add(CodeTokenKind.Name, start);
    }

    private void ReadOperator()
    {
        int start = _at;
        string? known = Array.Find(_operators, o => string.CompareOrdinal(_code, _at, o, 0, o.Length) == 0);
        if (known is null && !"+-*/%&|^~<>=()[]{},:;.@".Contains(_code[_at]))
            throw CodeProblemException.Unsupported(_line, $"the code has '{_code[_at]}', which is not understood");
        _at += known?.Length ?? 1;
        if (_code[start] is '(' or '[' or '{') _depth++;
        if (_code[start] is ')' or ']' or '}' && _depth > 0) _depth--;
        Add(CodeTokenKind.Operator, start);
    }

    private void ReadNumber()
    {
        int start = _at;
        bool isHex = Ahead(0) == '0' && Ahead(1) is 'x' or 'X';
        while (IsNamePart(Ahead(0)) || Ahead(0) == '.' || (!isHex && Ahead(0) is '+' or '-' && _code[_at - 1] is 'e' or 'E')) _at++;
        string text = _code[start.._at].Replace("_", "", StringComparison.Ordinal).TrimEnd('L', 'l', 'U', 'u');
        if (isHex && UInt128.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 hex))
            Add(CodeTokenKind.Literal, start, CodeValue.Of((Int128)hex));
        else if (Int128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out Int128 whole))
            Add(CodeTokenKind.Literal, start, CodeValue.Of(whole));
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
            Add(CodeTokenKind.Literal, start, CodeValue.Of(real));
        else throw CodeProblemException.Unsupported(_line, $"the code has '{text}', which is no number that is understood");
    }

    private void ReadString(int start, bool isRaw)
    {
        char quote = _code[_at];
        bool isTriple = Ahead(1) == quote && Ahead(2) == quote;
        int line = _line;
        _at += isTriple ? 3 : 1;
        var text = new StringBuilder();
        while (!(Ahead(0) == quote && (!isTriple || (Ahead(1) == quote && Ahead(2) == quote))))
        {
            if (_at >= _code.Length || (Ahead(0) == '\n' && !isTriple)) throw CodeProblemException.Unsupported(line, "a string never ends");
            if (Ahead(0) == '\n') _line++;
            if (Ahead(0) == '\\' && _at + 1 < _code.Length) AppendEscaped(text, isRaw);
            else text.Append(_code[_at++]);
        }

        _at += isTriple ? 3 : 1;
        Add(CodeTokenKind.Literal, start, CodeValue.Of(text.ToString()));
    }

    private void AppendEscaped(StringBuilder text, bool isRaw)
    {
        char c = _code[_at + 1];
        if (c == '\n') _line++;
        _at += 2;
        if (isRaw) text.Append('\\').Append(c);
        else if (c != '\n') text.Append(c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', _ => c });
    }
}
