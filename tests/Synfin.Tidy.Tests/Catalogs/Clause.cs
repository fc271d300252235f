namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>Something that an RFC beside 9293 asks.</summary>
/// <param name="Id">"RFC5961-3": our own number within the document.</param>
/// <param name="Section">Where the RFC says it.</param>
/// <param name="Level">"MUST", "SHOULD", "MAY", "MUST NOT", in RFC 2119's sense; of documents that do not use it, as we read them.</param>
/// <param name="Text">What it asks, in a line of our own.</param>
/// <param name="WhyNone">Why Synfin does not do it, if it does not.</param>
public sealed record Clause(string Id, string Section, string Level, string Text, string? WhyNone = null);
