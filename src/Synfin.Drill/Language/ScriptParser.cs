namespace Synfin.Drill.Language;

/// <summary>Reads a script. What it cannot read is an error that says where and what; what it can read but nobody runs is kept.</summary>
internal sealed partial class ScriptParser
{
    private readonly ScriptLexer _lexer;
    private readonly List<ScriptEvent> _events = [];
    private readonly List<string> _refused = [];
    private ScriptOptions _options;

    private ScriptParser(string path, ScriptText text)
    {
        _lexer = new ScriptLexer(path, text.Text);
        _options = text.Options;
    }

    /// <summary>Parses a script's text.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="defines">Names that <c>#ifdef</c> asks for, and that stand for a value in the text.</param>
    /// <exception cref="ScriptSyntaxException">It does not follow the language; the message says what was expected.</exception>
    public static Script Parse(string path, string text, IReadOnlyDictionary<string, string> defines)
    {
        var parser = new ScriptParser(path, ScriptPreprocessor.Prepare(path, text, defines));
        parser.ReadEvents();
        return new Script(path, text, parser._options, parser._events);
    }

    private void ReadEvents()
    {
        if (_options.InitScripts is { } command) _events.Add(new CommandEvent(1, AtStart, command));
        while (!_lexer.AtEnd()) ReadEvent();
        if (_refused.Count > 0) _options = _options with { Unknown = [.. _options.Unknown, .. _refused] };
    }

    /// <summary>Keeps the reason for which the script will be skipped.</summary>
    private void Refuse(int line, string what) => _refused.Add($"{what} in line {line}");
}
