namespace Synfin.Drill.Language;

/// <summary>The lines that the preprocessor acts on: <c>#ifdef</c> and its kin, and options.</summary>
internal sealed partial class ScriptPreprocessor
{
    private const int DeepestCondition = 64;

    /// <summary>Acts on a line that begins with <c>#</c>; if it is no directive, it is a comment.</summary>
    private void Directive(string line)
    {
        string[] words = WithoutComment(line).Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || line[0] is ' ' or '\t') return;
        switch (words[0])
        {
            case "ifdef":
            case "ifndef":
                if (words.Length < 2) throw Error(_line, $"#{words[0]} has no name");
                if (_conditions.Count == DeepestCondition) throw Error(_line, "too many conditions in one another");
                bool holds = ValueOf(words[1]) is not null == (words[0] == "ifdef");
                _conditions.Push(new Condition(_line, IsActive && holds, IsActive && !holds));
                break;
            case "else":
                if (!_conditions.TryPop(out Condition opened)) throw Error(_line, "#else without #ifdef");
                _conditions.Push(opened with { IsActive = opened.ElseIsActive, ElseIsActive = false });
                break;
            case "endif":
                if (!_conditions.TryPop(out _)) throw Error(_line, "#endif without #ifdef");
                break;
            case "define" when IsActive && words.Length > 1:
                _options.Define(words[1], words.Length > 2 ? words[2].Trim() : "1");
                break;
        }
    }

    private void OptionLine(int start)
    {
        string line = LineFrom(start);
        if (_inEvents) throw Error(_line, $"the option {line.Trim()} stands after an event; options come first");
        string options = WithoutComment(line);
        _options.ReadLine(_line, options);
        _at = start + options.Length; // a comment behind them may go on over several lines
    }

    private static string WithoutComment(string line)
    {
        for (int i = 0; i + 1 < line.Length; i++)
        {
            bool isComment = line[i] == '#' || (line[i] == '/' && line[i + 1] is '/' or '*');
            if (isComment && (i == 0 || char.IsWhiteSpace(line[i - 1]))) return line[..i];
        }

        return line;
    }
}
