using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>Something that links end at: a host or a switch.</summary>
public abstract class SimulatedNode
{
    private readonly List<LinkPath> _paths = [];
    private readonly Dictionary<InternetAddress, LinkPath?> _routes = [];

    private protected SimulatedNode(SimulatedNetwork network, string name)
    {
        Network = network;
        Name = name;
    }

    /// <summary>The network it belongs to.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>Its name, unique in the network.</summary>
    public string Name { get; }

    /// <summary>The ways out, in the order of connecting.</summary>
    internal IReadOnlyList<LinkPath> Paths => _paths;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Takes a packet that arrived.</summary>
    internal abstract void Receive(SimulatedPacket packet);

    /// <summary>Whether a packet handed to this node gets to an address, without going back to <paramref name="from"/>.</summary>
    internal abstract bool Reaches(InternetAddress address, SimulatedNode from);

    /// <summary>A link of this node was added or changed.</summary>
    internal virtual void LinksChanged()
    {
    }

    internal void Attach(LinkPath path) => _paths.Add(path);

    /// <summary>Something was connected somewhere.</summary>
    internal void ForgetRoutes() => _routes.Clear();

    /// <summary>The way to an address, or null.</summary>
    internal LinkPath? RouteTo(InternetAddress address)
    {
        if (_routes.TryGetValue(address, out LinkPath? route)) return route;
        foreach (LinkPath path in _paths)
        {
            if (!path.To.Reaches(address, this)) continue;
            route = path;
            break;
        }
        _routes.Add(address, route);
        return route;
    }
}
