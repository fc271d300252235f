using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>
/// The routes of a host, the longest prefix first (RFC 1812 5.2.4.3), then the smallest metric, then the older. A host has few: they are
/// searched one by one. Without any route all peers are on the link of the first interface.
/// </summary>
public sealed class RouteTable
{
    /// <summary>The most routes; router advertisements can add some.</summary>
    public const int MaxRoutes = 256;

    private readonly List<Route> _routes = [];

    /// <summary>The routes, in the order in which they are tried.</summary>
    public IReadOnlyList<Route> Routes => _routes;

    /// <summary>Adds a route; one with the same destination, interface and gateway is replaced.</summary>
    /// <returns>False if the table is full.</returns>
    public bool Add(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        Remove(route);
        if (_routes.Count >= MaxRoutes) return false;
        int at = 0;
        while (at < _routes.Count && !GoesBefore(route, _routes[at])) at++;
        _routes.Insert(at, route);
        return true;
    }

    /// <summary>Removes the route with the same destination, interface and gateway.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        for (int i = 0; i < _routes.Count; i++)
        {
            Route other = _routes[i];
            bool same = other.Destination.Network == route.Destination.Network && other.Interface == route.Interface
                && other.Gateway == route.Gateway;
            if (!same) continue;
            _routes.RemoveAt(i);
            return true;
        }
        return false;
    }

    /// <summary>The route to an address.</summary>
    public bool TryFind(InternetAddress destination, [NotNullWhen(true)] out Route? route)
    {
        foreach (Route candidate in _routes)
        {
            if (!candidate.Destination.Contains(destination)) continue;
            route = candidate;
            return true;
        }
        route = null;
        return false;
    }

    /// <summary>Whether the address is all hosts of an IPv4 subnet that is on a link of ours (RFC 1122 3.3.6).</summary>
    public bool IsDirectedBroadcast(InternetAddress address)
    {
        if (!address.IsIpv4) return false;
        foreach (Route route in _routes)
        {
            bool ours = route is { Gateway: null, Source: not null, Destination: { Length: <= 30, Address.IsIpv4: true } };
            if (ours && route.Destination.Broadcast == address) return true;
        }
        return false;
    }

    private static bool GoesBefore(Route a, Route b) => a.Destination.Length != b.Destination.Length
        ? a.Destination.Length > b.Destination.Length
        : a.Metric < b.Metric;
}
