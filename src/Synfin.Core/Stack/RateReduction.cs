namespace Synfin.Stack;

/// <summary>How the window shrinks in fast recovery.</summary>
public enum RateReduction : byte
{
    /// <summary>At once to ssthresh (RFC 6675 5, RFC 6582 3.2).</summary>
    None,

    /// <summary>In proportion to what is delivered (RFC 9937).</summary>
    Proportional,

    /// <summary>
    /// The same as Linux counts it: in whole segments, from the window before and not from what was in flight.
    /// </summary>
    ProportionalInSegments,
}
