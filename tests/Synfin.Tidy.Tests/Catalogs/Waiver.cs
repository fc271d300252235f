namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>A requirement that Synfin does not meet, or that asks nothing of it.</summary>
/// <param name="Id">The requirement.</param>
/// <param name="Sentence">What RFC 9293 says, word by word.</param>
/// <param name="Reason">Why, in a line.</param>
public sealed record Waiver(string Id, string Sentence, string Reason);
