using Synfin.Ip;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>What a host on a TUN or TAP device is like.</summary>
public sealed record LinuxHostOptions
{
    /// <summary>The device's name, 1 to 15 characters; "synfin%d" lets the kernel choose the number.</summary>
    public required string Device { get; init; }

    /// <summary>TAP (Ethernet frames, with ARP, Neighbor Discovery and DHCP) instead of TUN (IP packets).</summary>
    public bool Ethernet { get; init; }

    /// <summary>Queues of the device, 1 to 256, each with a shard and a thread of its own.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>Checksums and segmentation are left to the kernel where that is possible.</summary>
    public bool Offloads { get; init; } = true;

    /// <summary>This host's addresses, each with the length of its subnet's prefix. None with DHCP or SLAAC, or one of each family.</summary>
    public IReadOnlyList<AddressPrefix> Addresses { get; init; } = [];

    /// <summary>
    /// The kernel's addresses on the link, which are added to the device and need the right to do so; none if the device is set up already.
    /// </summary>
    public IReadOnlyList<AddressPrefix> HostAddresses { get; init; } = [];

    /// <summary>The routers to everywhere else, one of each family at most.</summary>
    public IReadOnlyList<InternetAddress> Gateways { get; init; } = [];

    /// <summary>The MTU that the device is given, 576 to 65,535 octets; null leaves it as it is, which is 1,500 for a new device.</summary>
    public int? Mtu { get; init; }

    /// <summary>The stack's options, or null for the defaults.</summary>
    public StackOptions? Stack { get; init; }

    /// <summary>Makes the observer of each shard, which is called at the shard's gate; null for none.</summary>
    public Func<ITcpObserver?>? Observer { get; init; }

    /// <summary>Sees every packet; called at the shards' gates, so by several threads if there are several queues.</summary>
    public PacketTap? Tap { get; init; }

    /// <summary>How the host's connections end when the host does.</summary>
    public Farewell Farewell { get; init; } = Farewell.Reset;

    /// <summary>
    /// Whether SIGINT and SIGTERM end the host before they end the process. For programs that do not handle them themselves; ASP.NET Core's
    /// hosts do.
    /// </summary>
    public bool EndsOnSignals { get; init; }

    /// <summary>How long peers have to close as well with <see cref="Farewell.Close"/>. 5 s unless set.</summary>
    public TimeSpan FarewellTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
