using Synfin.Timers;

namespace Synfin.Drill.Language;

/// <summary>Calls: <c>name(arguments) = result errno (note)</c>.</summary>
internal sealed partial class ScriptParser
{
    private CallEvent ReadCall(int line, EventTime time, Duration? blocksUntil, bool isRelative)
    {
        string name = _lexer.TakeWord()!;
        _lexer.Expect("(", $"after the call's name '{name}'");
        List<ScriptValue> arguments = ReadValues(")", $"the arguments of {name}");
        ScriptValue? result = null;
        string? errno = null, note = null;
        if (_lexer.Take("="))
        {
            result = ReadResult();
            int end = _lexer.Position;
            if (_lexer.SeeWord() is { } word)
            {
                if (IsErrno(word)) errno = _lexer.TakeWord();
                else if (!_lexer.LineEndsBetween(end, _lexer.Position))
                    throw _lexer.Unexpected("an errno's name (such as EAGAIN), a note in parentheses or the next event");
            }

            if (_lexer.Take("(")) note = ReadNote();
        }

        return new CallEvent(line, time, blocksUntil, isRelative, name, arguments, result, errno, note);
    }

    private static bool IsErrno(string word) =>
        word.Length > 1 && word[0] == 'E' && word.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    /// <summary>
    /// What follows <c>=</c>. The next event may begin with <c>+</c>, <c>*</c> or <c>.</c>, so only <c>|</c> and shifts go on with a
    /// result.
    /// </summary>
    private ScriptValue ReadResult()
    {
        ScriptValue left = ReadOperand("the call's result", inResult: true);
        int end = _lexer.Position;
        for (; TakeOperator(MinimumOfResult, inResult: true) is { } op; end = _lexer.Position)
            left = Combine(op, left, ReadOperand($"a value after '{op}'", inResult: true));
        _lexer.Position = end; // which line the result ends in counts
        return left;
    }

    /// <summary>A note may hold parentheses itself.</summary>
    private string ReadNote()
    {
        int start = _lexer.Position;
        int line = _lexer.Line;
        for (int depth = 1; depth > 0; _lexer.Position++)
        {
            if (_lexer.Current == '\0' && _lexer.AtEnd()) throw _lexer.Error(line, "a note begins here and never ends: there is no ')'");
            if (_lexer.Current == '(') depth++;
            if (_lexer.Current == ')') depth--;
        }

        return _lexer.Written(start, _lexer.Position - 1);
    }
}
