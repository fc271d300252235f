using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>An address for a time, and what the server told with it. Lists are empty if it told nothing.</summary>
public sealed record DhcpLease
{
    /// <summary>The address with its subnet's prefix (option 1; without it that of the address's old class).</summary>
    public required AddressPrefix Address { get; init; }

    /// <summary>The server (option 54).</summary>
    public required InternetAddress ServerId { get; init; }

    /// <summary>When the client first asked for it: its times count from there (RFC 2131 4.4.1).</summary>
    public required Timestamp Since { get; init; }

    /// <summary>For how long (option 51); <see cref="Duration.Infinite"/> for ever.</summary>
    public required Duration LeaseTime { get; init; }

    /// <summary>T1: when to ask the server for more (option 58; without it a half, less a little chance).</summary>
    public required Duration RenewalTime { get; init; }

    /// <summary>T2: when to ask any server for more (option 59; without it seven eighths, less a little chance).</summary>
    public required Duration RebindingTime { get; init; }

    /// <summary>The routers (option 3), the preferred one first, <see cref="DhcpLeaseReader.MaxServers"/> at most.</summary>
    public IReadOnlyList<InternetAddress> Routers { get; init; } = [];

    /// <summary>
    /// The routes (option 121), <see cref="DhcpLeaseReader.MaxRoutes"/> at most; if there are none, the default route by the first router.
    /// </summary>
    public IReadOnlyList<DhcpRoute> Routes { get; init; } = [];

    /// <summary>The DNS servers (option 6), the preferred one first, <see cref="DhcpLeaseReader.MaxServers"/> at most.</summary>
    public IReadOnlyList<InternetAddress> DnsServers { get; init; } = [];

    /// <summary>The domains to search names in (option 119), <see cref="DhcpLeaseReader.MaxSearchDomains"/> at most.</summary>
    public IReadOnlyList<string> SearchDomains { get; init; } = [];

    /// <summary>The domain (option 15), or null.</summary>
    public string? DomainName { get; init; }

    /// <summary>The host's name (option 12), or null.</summary>
    public string? HostName { get; init; }

    /// <summary>The MTU in octets (option 26), 68 or more; null if the server told none.</summary>
    public int? Mtu { get; init; }

    /// <summary>When it ends.</summary>
    public Timestamp Expires => LeaseTime.IsFinite ? Since + LeaseTime : Timestamp.Never;

    /// <summary>When T1 is over.</summary>
    public Timestamp Renews => LeaseTime.IsFinite ? Since + RenewalTime : Timestamp.Never;

    /// <summary>When T2 is over.</summary>
    public Timestamp Rebinds => LeaseTime.IsFinite ? Since + RebindingTime : Timestamp.Never;
}
