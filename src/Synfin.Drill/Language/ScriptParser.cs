using System.Collections.Generic;

namespace Synfin.Drill.Language;

/// <summary>Reads a script. What it cannot read is an error that says where and what; what it can read but nobody runs is kept.</summary>
internal static class ScriptParser
{
    /// <summary>Parses a script's text.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="defines">Names that <c>#ifdef</c> asks for, and that stand for a value in the text.</param>
    /// <exception cref="ScriptSyntaxException">It does not follow the language; the message says what was expected.</exception>
    public static Script Parse(string path, string text, IReadOnlyDictionary<string, string> defines) =>
        throw new ScriptSyntaxException(path, 1, "the language is not read yet");
}
