namespace Synfin.Simulation.Faults;

/// <summary>A test of the caller's own.</summary>
public delegate bool SegmentPredicate(in SegmentInfo segment);
