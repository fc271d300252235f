using System;

namespace Synfin.Drill.Language;

/// <summary>A script cannot be read.</summary>
internal sealed class ScriptSyntaxException(string path, int line, string problem) : Exception($"{path}:{line}: {problem}")
{
    public int Line { get; } = line;

    public string Problem { get; } = problem;
}
