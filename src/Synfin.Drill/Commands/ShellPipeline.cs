namespace Synfin.Drill.Commands;

/// <summary>Programs with <c>|</c> between them.</summary>
/// <param name="Commands">In order.</param>
/// <param name="IsAlternative">It stands behind <c>||</c>, so it runs only if what is before it fails.</param>
/// <param name="Text">As written.</param>
internal sealed record ShellPipeline(IReadOnlyList<ShellCommand> Commands, bool IsAlternative, string Text);
