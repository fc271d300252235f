namespace Synfin.Simulation;

/// <summary>What one direction of a link did.</summary>
public sealed class LinkStatistics
{
    /// <summary>Packets that came to the link.</summary>
    public long Entered { get; internal set; }

    /// <summary>Packets that came out, copies included.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Octets that came out, IP headers included.</summary>
    public long OctetsDelivered { get; internal set; }

    /// <summary>Lost by chance (<see cref="SimulatedLinkOptions.Loss"/>).</summary>
    public long LostByChance { get; internal set; }

    /// <summary>Lost because the queue was full.</summary>
    public long LostInQueue { get; internal set; }

    /// <summary>Lost because the link was partitioned.</summary>
    public long LostInPartition { get; internal set; }

    /// <summary>Lost because they were larger than the MTU.</summary>
    public long TooLarge { get; internal set; }

    /// <summary>Delivered twice by chance.</summary>
    public long Duplicated { get; internal set; }

    /// <summary>Held by chance so that others could overtake.</summary>
    public long Reordered { get; internal set; }

    /// <summary>Altered by chance.</summary>
    public long Corrupted { get; internal set; }
}
