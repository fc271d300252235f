namespace Synfin.Stack;

/// <summary>When text is acknowledged at once, and when the ACK waits (MUST-40, SHLD-18, SHLD-19).</summary>
public enum AcknowledgmentRule : byte
{
    /// <summary>RFC 9293 3.8.6.3: at once for two full segments' worth of octets.</summary>
    TwoFullSegments,

    /// <summary>
    /// As Linux: each of about the first 16 segments, then for more than one segment's worth; later while the two ends take turns; and
    /// with what the application leaves to be read.
    /// </summary>
    Linux,

    /// <summary>As FreeBSD: every second segment, whatever its size.</summary>
    SecondSegment,
}
