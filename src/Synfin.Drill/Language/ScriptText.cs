namespace Synfin.Drill.Language;

/// <summary>A script's text as it is parsed: each line where it was, but without comments, directives and option lines.</summary>
/// <param name="Text">The text.</param>
/// <param name="Options">What the option lines said.</param>
internal sealed record ScriptText(string Text, ScriptOptions Options);
