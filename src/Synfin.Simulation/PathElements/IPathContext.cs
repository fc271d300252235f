using Synfin.Timers;

namespace Synfin.Simulation.PathElements;

/// <summary>What a middlebox can do, on one direction of a link.</summary>
public interface IPathContext
{
    /// <summary>The time.</summary>
    Timestamp Now { get; }

    /// <summary>The largest IP packet of the link behind, in octets.</summary>
    int Mtu { get; }

    /// <summary>Sends a packet on its way.</summary>
    void Forward(SimulatedPacket packet);

    /// <summary>Says that a packet was swallowed, for counters and ladder.</summary>
    void Lose(SimulatedPacket packet, string reason);

    /// <summary>Calls back later.</summary>
    void After(Duration delay, Action action);
}
