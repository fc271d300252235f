namespace Synfin.Wire;

/// <summary>Which options a segment carries, as a set.</summary>
[Flags]
public enum TcpOptionKinds : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Kind 2: maximum segment size (RFC 9293 3.7.1).</summary>
    MaximumSegmentSize = 1,

    /// <summary>Kind 3: window scale (RFC 7323 2).</summary>
    WindowScale = 2,

    /// <summary>Kind 4: SACK permitted (RFC 2018 2).</summary>
    SackPermitted = 4,

    /// <summary>Kind 5: selective acknowledgment (RFC 2018 3).</summary>
    Sack = 8,

    /// <summary>Kind 8: timestamps (RFC 7323 3).</summary>
    Timestamps = 16,

    /// <summary>Kind 28: user timeout (RFC 5482).</summary>
    UserTimeout = 32,

    /// <summary>Kind 34: Fast Open cookie (RFC 7413).</summary>
    FastOpen = 64,

    /// <summary>Kinds 172 and 174: accurate ECN (RFC 9768).</summary>
    AccurateEcn = 128,

    /// <summary>At least one option of a kind that is not known here; it was skipped (MUST-6).</summary>
    Unknown = 256,
}
