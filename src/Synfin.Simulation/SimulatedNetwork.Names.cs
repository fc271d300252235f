using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>Hosts' names resolve to their addresses, in the order of these, without a packet.</summary>
public sealed partial class SimulatedNetwork : INameResolver
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<InternetAddress>> ResolveAsync(string name, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (SimulatedNode node in _nodes)
        {
            if (node is SimulatedEndpoint endpoint && string.Equals(name, node.Name, StringComparison.OrdinalIgnoreCase))
                return new(endpoint.Addresses);
        }
        string there = string.Join(", ", _nodes);
        throw new SocketException(
            (int)SocketError.HostNotFound, $"No host of the simulated network is called '{name}'; there are {there}.");
    }
}
