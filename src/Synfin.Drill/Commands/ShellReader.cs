using System.Text;

namespace Synfin.Drill.Commands;

/// <summary>Cuts a shell's command line into pipelines of words. Nothing is expanded and nothing is run.</summary>
internal sealed class ShellReader
{
    private readonly string _text;
    private readonly List<ShellPipeline> _pipelines = [];
    private readonly List<ShellCommand> _commands = [];
    private readonly List<string> _words = [];
    private string? _target;
    private bool _isAlternative;
    private int _at;
    private int _start;

    private ShellReader(string text) => _text = text;

    /// <summary>Reads a command of one or several lines.</summary>
    public static IReadOnlyList<ShellPipeline> Read(string text)
    {
        var reader = new ShellReader(text);
        while (reader._at < text.Length) reader.Step();
        reader.EndPipeline(isAlternativeNext: false);
        return reader._pipelines;
    }

    private char Ahead(int distance) => _at + distance < _text.Length ? _text[_at + distance] : '\0';

    private void Step()
    {
        char c = _text[_at];
        if (c == '\\' && Ahead(1) is '\n' or '\r') _at += 2;
        else if (c is '\n' or ';') EndPipeline(isAlternativeNext: false, length: 1);
        else if (char.IsWhiteSpace(c)) _at++;
        else if (c == '#') SkipComment();
        else if (c == '&' && Ahead(1) == '>') ReadRedirection(2, isOutput: false);
        else if (c == '&') EndPipeline(isAlternativeNext: false, length: Ahead(1) == '&' ? 2 : 1);
        else if (c == '|' && Ahead(1) == '|') EndPipeline(isAlternativeNext: true, length: 2);
        else if (c == '|') EndCommand(length: 1);
        else if (c is '>' or '<') ReadRedirection(1, isOutput: c == '>');
        else if (c is '1' or '2' && Ahead(1) == '>') ReadRedirection(2, isOutput: c == '1');
        else if (c is '(' or ')' or '{' or '}' && Ahead(1) is ' ' or '\n' or '\0') AddWord(c.ToString(), 1);
        else _words.Add(ReadWord());
    }

    private void AddWord(string word, int length)
    {
        _words.Add(word);
        _at += length;
    }

    private void SkipComment()
    {
        while (_at < _text.Length && _text[_at] != '\n') _at++;
    }

    private void ReadRedirection(int length, bool isOutput)
    {
        _at += length;
        if (Ahead(0) == '>') _at++;
        if (Ahead(0) == '&') _at++;
        while (Ahead(0) is ' ' or '\t') _at++;
        string target = ReadWord();
        if (isOutput) _target = target;
    }

    /// <summary>A word up to a blank or an operator; quotes are dropped, and <c>$(...)</c> is one with what it holds.</summary>
    private string ReadWord()
    {
        var word = new StringBuilder();
        int depth = 0;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (c is '"' or '\'') AppendQuoted(word, c);
            else if (c == '\\' && _at + 1 < _text.Length) Append(word, 1);
            else if (depth == 0 && (char.IsWhiteSpace(c) || c is ';' or '&' or '|' or '<' or '>')) break;
            else
            {
                if (c == '(') depth++;
                if (c == ')') depth--;
                Append(word, 0);
            }
        }

        return word.ToString();
    }

    private void Append(StringBuilder word, int skip)
    {
        word.Append(_text[_at + skip]);
        _at += skip + 1;
    }

    private void AppendQuoted(StringBuilder word, char quote)
    {
        for (_at++; _at < _text.Length && _text[_at] != quote; _at++)
        {
            if (quote == '"' && _text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            word.Append(_text[_at]);
        }

        _at = Math.Min(_at + 1, _text.Length);
    }

    private void EndCommand(int length)
    {
        if (_words.Count > 0) _commands.Add(new ShellCommand([.. _words], _target));
        _words.Clear();
        _target = null;
        _at += length;
    }

    private void EndPipeline(bool isAlternativeNext, int length = 0)
    {
        int end = _at;
        EndCommand(length);
        if (_commands.Count > 0) _pipelines.Add(new ShellPipeline([.. _commands], _isAlternative, _text[_start..end].Trim()));
        _commands.Clear();
        _isAlternative = isAlternativeNext;
        _start = _at;
    }
}
