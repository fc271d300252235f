using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>A node that has addresses: a host with a TCP of its own, or one that a test writes packets for.</summary>
public abstract class SimulatedEndpoint : SimulatedNode
{
    private readonly List<InternetAddress> _addresses;

    private protected SimulatedEndpoint(SimulatedNetwork network, string name, IEnumerable<InternetAddress> addresses)
        : base(network, name) => _addresses = [.. addresses];

    /// <summary>All addresses, in the order given.</summary>
    public IReadOnlyList<InternetAddress> Addresses => _addresses;

    /// <summary>The first address.</summary>
    public InternetAddress Address => _addresses[0];

    /// <summary>The first IPv6 address.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public InternetAddress AddressV6 => FirstOf(isIpv4: false);

    /// <summary>The first IPv4 address.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public InternetAddress AddressV4 => FirstOf(isIpv4: true);

    /// <summary>Whether an address is one of this host's.</summary>
    public bool Owns(InternetAddress address) => _addresses.Contains(address);

    internal override bool Reaches(InternetAddress address, SimulatedNode from) => Owns(address);

    /// <summary>Puts a packet on the way to its destination; one that nobody has goes out of the first link.</summary>
    private protected void Emit(SimulatedPacket packet)
    {
        LinkPath? path = RouteTo(packet.Destination) ?? (Paths.Count > 0 ? Paths[0] : null);
        Network.Emit(packet, path);
    }

    private InternetAddress FirstOf(bool isIpv4)
    {
        foreach (InternetAddress address in _addresses)
        {
            if (address.IsIpv4 == isIpv4) return address;
        }
        throw new InvalidOperationException($"host {Name} has no {(isIpv4 ? "IPv4" : "IPv6")} address");
    }
}
