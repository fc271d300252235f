namespace Synfin.Conformance.Tests.Transcription;

/// <summary>Which of the insertions apply that RFC 9293 leaves to the implementation.</summary>
/// <param name="Rfc1337">RFC 1337 3, (F1): TIME-WAIT ignores RST.</param>
public sealed record Amendments(bool Rfc1337);
