namespace Synfin.Simulation.PathElements;

/// <summary>
/// A middlebox on one or both directions of a link. It looks at whole packets, and passes them on, alters, holds, adds or swallows them.
/// Elements leave packets alone whose TCP checksum is wrong, so that they never hide damage.
/// </summary>
public interface IPathElement
{
    /// <summary>Takes a packet. What the element does not forward, now or later, is gone.</summary>
    void Process(SimulatedPacket packet, IPathContext context);
}
