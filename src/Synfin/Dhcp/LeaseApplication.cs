using Synfin.Dns;
using Synfin.Ip;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>What a lease means for a stack. To be used at its gate.</summary>
/// <param name="stack">The stack.</param>
/// <param name="options">Where routes lead, and who is told the DNS servers.</param>
internal sealed class LeaseApplication(TcpStack stack, DhcpRunnerOptions options)
{
    private readonly List<Route> _routes = [];
    private DnsOptions? _resolverBefore;

    /// <summary>The lease that the stack has, or null.</summary>
    public DhcpLease? Lease { get; private set; }

    /// <summary>Gives the stack a lease in place of the one it has; null for none.</summary>
    public void Apply(DhcpLease? lease)
    {
        NetworkStack engine = stack.Engine;
        InternetAddress? old = Lease?.Address.Address;
        InternetAddress? present = lease?.Address.Address;
        Lease = lease;
        if (present != old && lease is not null) Add(engine, lease.Address);
        ApplyRoutes(engine.Routes, lease);
        if (present != old && old is { } gone) Remove(engine, gone);
        ApplyServers(lease);
        stack.OutputReady?.Invoke();
    }

    private void Add(NetworkStack engine, AddressPrefix address)
    {
        if (options.Ethernet is { } ethernet) ethernet.AddAddress(address, stack.Now);
        else engine.AddAddress(address.Address);
    }

    private void Remove(NetworkStack engine, InternetAddress address)
    {
        if (options.Ethernet is { } ethernet) ethernet.RemoveAddress(address, stack.Now);
        else engine.RemoveAddress(address);
    }

    private void ApplyRoutes(RouteTable table, DhcpLease? lease)
    {
        List<Route> wanted = lease is null ? [] : RoutesOf(lease);
        foreach (Route route in _routes)
        {
            if (!wanted.Contains(route)) table.Remove(route);
        }
        _routes.RemoveAll(route => !wanted.Contains(route));
        foreach (Route route in wanted)
        {
            if (!_routes.Contains(route) && table.Add(route)) _routes.Add(route);
        }
    }

    private List<Route> RoutesOf(DhcpLease lease)
    {
        Route subnet = new()
        {
            Destination = lease.Address.Network,
            Interface = options.Interface,
            Metric = options.Metric,
            // A smaller MTU than every host must take would only do harm (RFC 1122 3.3.3).
            Mtu = lease.Mtu is { } mtu ? Math.Max(mtu, NetworkStack.MinimumPathMtuIpv4) : 0,
            Source = lease.Address.Address,
        };
        return [subnet, .. lease.Routes.Select(route => subnet with { Destination = route.Destination, Gateway = route.Gateway })];
    }

    /// <summary>What was remembered is forgotten only if there are other servers.</summary>
    private void ApplyServers(DhcpLease? lease)
    {
        if (options.Resolver is not { } resolver) return;
        DnsOptions present = resolver.Options;
        if (lease is not { DnsServers.Count: > 0 })
        {
            if (_resolverBefore is { } before) resolver.Options = before;
            _resolverBefore = null;
            return;
        }
        IReadOnlyList<string> search = SearchOf(lease);
        if (present.Servers.SequenceEqual(lease.DnsServers) && present.Search.SequenceEqual(search)) return;
        _resolverBefore ??= present;
        resolver.Options = present with { Servers = lease.DnsServers, Search = search };
    }

    private static IReadOnlyList<string> SearchOf(DhcpLease lease)
    {
        if (lease.SearchDomains.Count > 0) return lease.SearchDomains;
        return lease.DomainName is { } domain && DnsName.TryParse(domain, out _, out _) ? [domain] : [];
    }
}
