using Synfin.Dns;
using Synfin.Stack;

namespace Synfin.Linux;

/// <summary>What a host on a TUN or TAP device is like.</summary>
public sealed record LinuxHostOptions : LinuxInterfaceOptions
{
    /// <summary>Queues of the device, 1 to 256, each with a shard and a thread of its own; more than one only with TUN.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>More devices; then there is one queue.</summary>
    public IReadOnlyList<LinuxInterfaceOptions> OtherInterfaces { get; init; } = [];

    /// <summary>
    /// Who is asked for names; null for nobody but the servers that DHCP and routers tell of. <see cref="ResolvConf"/> has the kernel's.
    /// </summary>
    public DnsOptions? Dns { get; init; }

    /// <summary>The stack's options, or null for the defaults.</summary>
    public StackOptions? Stack { get; init; }

    /// <summary>Makes the observer of each shard, which is called at the shard's gate; null for none.</summary>
    public Func<ITcpObserver?>? Observer { get; init; }

    /// <summary>
    /// Sees every packet as a wire would carry it; called at the shards' gates, so by several threads if there are several.
    /// </summary>
    public PacketTap? Tap { get; init; }

    /// <summary>How the host's connections end when the host does.</summary>
    public Farewell Farewell { get; init; } = Farewell.Reset;

    /// <summary>How long peers have to close as well with <see cref="Farewell.Close"/>. 5 s unless set.</summary>
    public TimeSpan FarewellTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether SIGINT and SIGTERM end the host before they end the process. For programs that do not handle them themselves; ASP.NET Core's
    /// hosts do.
    /// </summary>
    public bool EndsOnSignals { get; init; }

    /// <summary>The first interface and the others.</summary>
    internal IReadOnlyList<LinuxInterfaceOptions> Interfaces => [this, .. OtherInterfaces];

    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    internal void Validate()
    {
        if (Queues < 1) throw Wrong($"a device has at least 1 queue, not {Queues}");
        if (Queues > 1 && OtherInterfaces.Count > 0) throw Wrong($"{Queues} queues go with one interface: give up either");
        foreach (LinuxInterfaceOptions one in Interfaces)
        {
            string name = one.Device;
            if (Queues > 1 && one.Ethernet) throw Wrong($"{Queues} queues are for TUN: neighbours on a TAP device are known to one shard");
            if (one.Dhcp && !one.Ethernet) throw Wrong($"{name}: DHCP needs Ethernet, a TAP device: there is no server behind TUN");
            if (one.Slaac && !one.Ethernet) throw Wrong($"{name}: routers advertise themselves on Ethernet, a TAP device, not on TUN");
            foreach (var address in one.Addresses)
            {
                if (one.HostAddresses.Any(host => host.Address == address.Address))
                    throw Wrong($"{name}: {address.Address} cannot be both this host's and the kernel's address");
            }
            foreach (var gateway in one.Gateways)
            {
                bool isNear = gateway.IsLinkLocal || one.Addresses.Any(address => address.Contains(gateway));
                if (one.Ethernet && !isNear) throw Wrong($"{name}: the gateway {gateway} is in no subnet of this host's addresses");
            }
        }
    }

    private static ArgumentException Wrong(string what) => new(what);
}
