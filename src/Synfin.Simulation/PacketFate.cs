namespace Synfin.Simulation;

/// <summary>What became of a packet.</summary>
public enum PacketFate
{
    /// <summary>A host put it on the wire.</summary>
    Sent,

    /// <summary>It reached a host.</summary>
    Delivered,

    /// <summary>It will never arrive.</summary>
    Lost,
}
