using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Ethernet;

/// <summary>An Ethernet interface's options. Everything that a neighbour can make grow has its limit here.</summary>
public sealed record EthernetOptions
{
    /// <summary>The interface's place in <see cref="Ip.RoutedLink"/>: the routes that it makes name it.</summary>
    public int Interface { get; init; }

    /// <summary>Whether it has IPv6: a link-local address from the start, and addresses and routes from routers (RFC 4862).</summary>
    public bool Autoconfiguration { get; init; } = true;

    /// <summary>
    /// The key of the interface identifiers (RFC 7217 5): who keeps it over restarts keeps the addresses. Null: the stack's secret, which
    /// is another at each start.
    /// </summary>
    public StackSecret? StableSecret { get; init; }

    /// <summary>What tells networks apart in interface identifiers (RFC 7217 5, Network_ID); 0 if nothing does.</summary>
    public ulong NetworkId { get; init; }

    /// <summary>How often IPv6 asks whether an address is free before it is used (DupAddrDetectTransmits), 0 to 10.</summary>
    public int DuplicateAddressDetections { get; init; } = 1;

    /// <summary>The same for IPv4 (RFC 5227 2.1.1); 0, the default, only announces the address, as most hosts do. At most 10.</summary>
    public int Ipv4Probes { get; init; }

    /// <summary>How long a neighbour that answered counts as reachable, about (BaseReachableTime, RFC 4861 10).</summary>
    public Duration ReachableTime { get; init; } = Duration.FromSeconds(30);

    /// <summary>The time between two questions (RetransTimer, RFC 4861 10).</summary>
    public Duration RetransmitTime { get; init; } = Duration.FromSeconds(1);

    /// <summary>How long upper layers have after the first packet to a stale neighbour (DELAY_FIRST_PROBE_TIME).</summary>
    public Duration DelayFirstProbe { get; init; } = Duration.FromSeconds(5);

    /// <summary>Questions before a neighbour counts as unreachable (MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT); 1 or more.</summary>
    public int MaxSolicitations { get; init; } = 3;

    /// <summary>Neighbours that have answered us; beyond it the one that was used least recently is forgotten.</summary>
    public int MaxNeighbors { get; init; } = 1_024;

    /// <summary>Neighbours that only spoke of themselves, apart from the ones that answered: they never push those out.</summary>
    public int MaxUnconfirmedNeighbors { get; init; } = 256;

    /// <summary>Neighbours that are asked for at one time; beyond it the oldest question is dropped with what waits for it.</summary>
    public int MaxUnresolvedNeighbors { get; init; } = 128;

    /// <summary>Packets that wait for one neighbour; a new one takes the oldest one's place (RFC 4861 7.2.2).</summary>
    public int MaxWaitingPacketsPerNeighbor { get; init; } = 4;

    /// <summary>Packets that wait for all neighbours together; beyond it new ones are lost.</summary>
    public int MaxWaitingPackets { get; init; } = 256;

    /// <summary>Octets of packets that wait for all neighbours together, 131,072 or more; beyond it new ones are lost.</summary>
    public int MaxWaitingOctets { get; init; } = 524_288;

    /// <summary>Questions, answers and announcements that wait for the link; beyond it they are dropped.</summary>
    public int MaxPendingFrames { get; init; } = 128;

    /// <summary>The most questions about neighbours a second; others wait for their next turn.</summary>
    public int MaxSolicitationsPerSecond { get; init; } = 256;

    /// <summary>The most answers about our own addresses a second.</summary>
    public int MaxAnswersPerSecond { get; init; } = 1_000;

    /// <summary>The most router advertisements read a second.</summary>
    public int MaxAdvertisementsPerSecond { get; init; } = 20;

    /// <summary>Addresses of the interface, those that routers cause among them; beyond it prefixes make no more.</summary>
    public int MaxAddresses { get; init; } = 16;

    /// <summary>Default routers that are remembered; beyond it new ones are not.</summary>
    public int MaxRouters { get; init; } = 8;

    /// <summary>Advertised prefixes that are remembered; beyond it new ones are not.</summary>
    public int MaxPrefixes { get; init; } = 16;

    /// <summary>Advertised DNS servers that are remembered; beyond it new ones are not (RFC 8106 5.3.1).</summary>
    public int MaxDnsServers { get; init; } = 8;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Interface, nameof(Interface));
        CheckRange(DuplicateAddressDetections, 0, 10, nameof(DuplicateAddressDetections));
        CheckRange(Ipv4Probes, 0, 10, nameof(Ipv4Probes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSolicitations, 1, nameof(MaxSolicitations));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxNeighbors, 1, nameof(MaxNeighbors));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnconfirmedNeighbors, 1, nameof(MaxUnconfirmedNeighbors));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnresolvedNeighbors, 1, nameof(MaxUnresolvedNeighbors));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingPacketsPerNeighbor, 1, nameof(MaxWaitingPacketsPerNeighbor));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingPackets, 1, nameof(MaxWaitingPackets));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingOctets, 131_072, nameof(MaxWaitingOctets));
        CheckRange(MaxPendingFrames, 1, 65_536, nameof(MaxPendingFrames));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSolicitationsPerSecond, 1, nameof(MaxSolicitationsPerSecond));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxAnswersPerSecond, nameof(MaxAnswersPerSecond));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxAdvertisementsPerSecond, nameof(MaxAdvertisementsPerSecond));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAddresses, 1, nameof(MaxAddresses));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRouters, nameof(MaxRouters));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPrefixes, nameof(MaxPrefixes));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxDnsServers, nameof(MaxDnsServers));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReachableTime.Nanoseconds, 0, nameof(ReachableTime));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetransmitTime.Nanoseconds, 0, nameof(RetransmitTime));
        ArgumentOutOfRangeException.ThrowIfNegative(DelayFirstProbe.Nanoseconds, nameof(DelayFirstProbe));
    }

    private static void CheckRange(int value, int least, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
