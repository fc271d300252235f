namespace Synfin.Simulation.Faults;

/// <summary>Whether a segment goes out for the first time.</summary>
public enum SegmentAge
{
    /// <summary>It does not matter.</summary>
    Any,

    /// <summary>Nothing in it was sent before. Pure ACKs are always original.</summary>
    Original,

    /// <summary>It carries a SYN, a FIN or text that was sent before.</summary>
    Retransmitted,
}
