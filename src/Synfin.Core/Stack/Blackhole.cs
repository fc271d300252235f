namespace Synfin.Stack;

/// <summary>Which segments for a port on which nobody listens are dropped silently (RFC 9293 3.10.7.1 would answer all with RST).</summary>
public enum Blackhole : byte
{
    /// <summary>None: all are answered.</summary>
    None,

    /// <summary>SYNs.</summary>
    Syn,

    /// <summary>All.</summary>
    All,
}
