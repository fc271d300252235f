using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>The routes that follow from what routers say (RFC 4861 5.2, RFC 4191 3.2).</summary>
internal sealed partial class Slaac
{
    private const int OnLinkMetric = 256;
    private const int RouterMetric = 1_024;
    private const int SuspectMetric = 16;

    private static readonly AddressPrefix LinkLocalPrefix = new(InternetAddress.Parse("fe80::"), 64);
    private static readonly AddressPrefix Groups = new(InternetAddress.Parse("ff00::"), 8);

    private readonly List<Route> _routes = [];

    /// <summary>Brings the stack's routes in line with the routers, prefixes and addresses of now.</summary>
    public void Refresh(Timestamp now)
    {
        if (!_started) return;
        List<Route> wanted = WantedRoutes(now);
        for (int i = _routes.Count - 1; i >= 0; i--)
        {
            if (Contains(wanted, _routes[i])) continue;
            _table.Remove(_routes[i]);
            _routes.RemoveAt(i);
        }
        foreach (Route route in wanted)
        {
            if (!Contains(_routes, route) && _table.Add(route)) _routes.Add(route);
        }
    }

    private List<Route> WantedRoutes(Timestamp now)
    {
        List<Route> wanted = [];
        InternetAddress linkLocal = LinkLocal;
        if (!linkLocal.IsUnspecified)
        {
            wanted.Add(OnLink(LinkLocalPrefix, linkLocal));
            wanted.Add(OnLink(Groups, linkLocal));
        }
        foreach (AdvertisedPrefix prefix in _prefixes)
        {
            if (!IsGiven(prefix.Prefix)) wanted.Add(OnLink(prefix.Prefix, SourceIn(prefix.Prefix)));
        }
        InternetAddress? global = SourceIn(AddressPrefix.DefaultIpv6);
        foreach (AdvertisedRouter router in _routers)
        {
            Debug.Assert(router.Until > now, "what is over is gone");
            wanted.Add(new Route
            {
                Destination = AddressPrefix.DefaultIpv6,
                Interface = _options.Interface,
                Gateway = router.Address,
                Metric = RouterMetric - (int)router.Preference + (router.IsSuspect ? SuspectMetric : 0),
                Mtu = _mtu,
                Source = global,
            });
        }
        return wanted;
    }

    private Route OnLink(AddressPrefix prefix, InternetAddress? source) => new()
    {
        Destination = prefix,
        Interface = _options.Interface,
        Metric = OnLinkMetric,
        Mtu = _mtu,
        Source = source,
    };

    /// <summary>An address of ours for a prefix: none of the link's alone, and a preferred one if there is (RFC 6724 5).</summary>
    private InternetAddress? SourceIn(AddressPrefix prefix)
    {
        InternetAddress? deprecated = null;
        foreach (OwnAddress own in _owner.OwnAddresses)
        {
            if (own.Address.IsLinkLocal || !own.IsAssigned || !prefix.Contains(own.Address)) continue;
            if (own.State is AddressState.Preferred) return own.Address;
            deprecated ??= own.Address;
        }
        return deprecated;
    }

    /// <summary>Whether an address that the interface was given has made the route to its subnet already.</summary>
    private bool IsGiven(AddressPrefix prefix)
    {
        foreach (OwnAddress own in _owner.OwnAddresses)
        {
            if (!own.IsAutomatic && own.IsAssigned && own.Prefix.Network == prefix) return true;
        }
        return false;
    }

    private static bool Contains(IReadOnlyList<Route> routes, Route route)
    {
        foreach (Route candidate in routes)
        {
            if (candidate == route) return true;
        }
        return false;
    }
}
