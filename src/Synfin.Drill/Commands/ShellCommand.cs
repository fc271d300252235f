namespace Synfin.Drill.Commands;

/// <summary>One program of a command line.</summary>
/// <param name="Words">Its name and arguments, without quotes.</param>
/// <param name="Target">The file that its output goes to, or null.</param>
internal sealed record ShellCommand(IReadOnlyList<string> Words, string? Target);
