using Synfin.Simulation.Packets;

namespace Synfin.Simulation;

/// <summary>Something that happens at a time.</summary>
internal abstract class SimulationEvent
{
    /// <summary>Whether it was called off; it is then forgotten without a trace.</summary>
    public virtual bool IsCancelled => false;

    /// <summary>Does it.</summary>
    public abstract void Happen();

    /// <summary>What it is, for the trail of a stalled run.</summary>
    public abstract string Describe();
}

/// <summary>A packet reaches a node.</summary>
internal sealed class ArrivalEvent(LinkPath path, SimulatedPacket packet) : SimulationEvent
{
    public override void Happen() => path.Arrive(packet);

    public override string Describe() => $"{path.From.Name} -> {path.To.Name}: {PacketText.Describe(packet.Octets.Span)}";
}

/// <summary>Anything else that the simulation planned.</summary>
internal sealed class PlannedEvent(string what, Action action) : SimulationEvent
{
    public override void Happen() => action();

    public override string Describe() => what;
}
