using System.Collections.Generic;

namespace Synfin.Drill.Language;

/// <summary>A script as parsed: its option lines and its events in order.</summary>
internal sealed record Script(string Path, string Text, ScriptOptions Options, IReadOnlyList<ScriptEvent> Events);
