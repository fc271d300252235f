namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>An attack, a malformed input or a trap that other stacks fell into.</summary>
/// <param name="Row">From "1"; the value of the trait.</param>
/// <param name="Title">What it is.</param>
/// <param name="Answer">What Synfin does about it; while there is no test, why not yet.</param>
/// <param name="IsReached">Whether there is an answer and so must be a test.</param>
public sealed record Threat(string Row, string Title, string Answer, bool IsReached = true);
