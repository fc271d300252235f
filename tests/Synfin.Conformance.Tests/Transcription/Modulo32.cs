namespace Synfin.Conformance.Tests.Transcription;

/// <summary>
/// RFC 9293 3.10: "all arithmetic on sequence numbers, acknowledgment numbers, windows, et cetera, is modulo 2^32 [...] '=&lt;' means less
/// than or equal to (modulo 2^32)". Written apart from the engine's own numbers.
/// </summary>
public static class Modulo32
{
    /// <summary>a &lt; b.</summary>
    public static bool Less(uint a, uint b) => a != b && unchecked(b - a) < 0x8000_0000;

    /// <summary>a =&lt; b.</summary>
    public static bool LessOrEqual(uint a, uint b) => a == b || Less(a, b);

    /// <summary>max(a, b).</summary>
    public static uint Max(uint a, uint b) => Less(a, b) ? b : a;

    /// <summary>min(a, b).</summary>
    public static uint Min(uint a, uint b) => Less(a, b) ? a : b;

    /// <summary>left =&lt; number &lt; left + length.</summary>
    public static bool IsWithin(uint number, uint left, uint length) => unchecked(number - left) < length;
}
