using System.Collections.Generic;
using Synfin.Timers;

namespace Synfin.Drill.Language;

/// <summary>One event of a script.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Time">When it is due.</param>
internal abstract record ScriptEvent(int Line, EventTime Time);

/// <summary>A packet in or out.</summary>
internal sealed record PacketEvent(int Line, EventTime Time, bool IsInbound, ScriptPacket Packet) : ScriptEvent(Line, Time);

/// <summary>A socket call.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Time">When it is made.</param>
/// <param name="BlocksUntil">
/// <c>0.1...0.3</c>: when it must be complete, and not much earlier; since the script's start or, if
/// <paramref name="BlocksUntilIsRelative"/>, since the call.
/// </param>
/// <param name="BlocksUntilIsRelative"><c>+0...+.3</c></param>
/// <param name="Name">The call's name.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Result">What follows <c>=</c>: an integer, a name, <c>...</c>; null if there is none.</param>
/// <param name="Errno">The errno's name after the result, or null.</param>
/// <param name="Note">The note in parentheses, or null.</param>
internal sealed record CallEvent(
    int Line,
    EventTime Time,
    Duration? BlocksUntil,
    bool BlocksUntilIsRelative,
    string Name,
    IReadOnlyList<ScriptValue> Arguments,
    ScriptValue? Result,
    string? Errno,
    string? Note) : ScriptEvent(Line, Time);

/// <summary>A shell command between backticks: recognised, never run.</summary>
internal sealed record CommandEvent(int Line, EventTime Time, string Command) : ScriptEvent(Line, Time);

/// <summary>Code between <c>%{</c> and <c>}%</c>.</summary>
internal sealed record CodeEvent(int Line, EventTime Time, string Code) : ScriptEvent(Line, Time);
