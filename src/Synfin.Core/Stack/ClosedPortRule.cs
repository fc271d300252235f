namespace Synfin.Stack;

/// <summary>What becomes of segments for a port on which nobody listens (RFC 9293 3.10.7.1 answers all but RSTs with RST).</summary>
public enum ClosedPortRule : byte
{
    /// <summary>They are answered.</summary>
    Reset,

    /// <summary>A SYN is dropped silently.</summary>
    DropSyn,

    /// <summary>All are dropped silently.</summary>
    DropAll,
}
