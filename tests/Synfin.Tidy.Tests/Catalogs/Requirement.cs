namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>A numbered requirement of RFC 9293, Appendix B.</summary>
/// <param name="Id">"MUST-23", "SHLD-1", "MAY-4" or "REC-1".</param>
/// <param name="Section">Where the RFC makes it.</param>
/// <param name="Text">What it asks, in a line of our own.</param>
public sealed record Requirement(string Id, string Section, string Text);
