using System;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>Something came otherwise than a line of the script has it.</summary>
internal sealed class ScriptFailedException(int line, string expected, string came, Timestamp when) : Exception(expected)
{
    public int Line { get; } = line;
    public string Expected { get; } = expected;
    public string Came { get; } = came;
    public Timestamp When { get; } = when;
}

/// <summary>The script asks for something that is not to be had here.</summary>
internal sealed class ScriptSkippedException(int line, string reason) : Exception(reason)
{
    public int Line { get; } = line;
}
