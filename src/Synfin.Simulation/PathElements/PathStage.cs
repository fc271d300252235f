using Synfin.Timers;

namespace Synfin.Simulation.PathElements;

/// <summary>A middlebox at its place on a path.</summary>
internal sealed class PathStage(SimulatedNetwork network, LinkPath path, IPathElement element, int next) : IPathContext
{
    public Timestamp Now => network.Now;

    public int Mtu => path.Options.Mtu;

    public void Process(SimulatedPacket packet) => element.Process(packet, this);

    public void Forward(SimulatedPacket packet) => path.EnterStage(packet, next);

    public void Lose(SimulatedPacket packet, string reason) => network.Lose(packet, reason);

    public void After(Duration delay, Action action) =>
        network.Schedule(new PlannedEvent($"{element.GetType().Name} on {path.From.Name} -> {path.To.Name}", action), network.Now + delay);
}
