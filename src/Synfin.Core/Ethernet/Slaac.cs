using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>
/// Stateless autoconfiguration (RFC 4862, RFC 4861 6.3): what a host makes of router advertisements. Addresses are the interface's, routes
/// the stack's; here is what they follow from.
/// </summary>
internal sealed partial class Slaac
{
    /// <summary>The least MTU that a router may tell (RFC 4861 6.3.4, RFC 8200 5).</summary>
    private const int LeastMtu = 1_280;

    private const int MaxRouterSolicitations = 3;
    private const int IdentifierPrefix = 64;

    private static readonly Duration RouterSolicitationInterval = Duration.FromSeconds(4);
    private static readonly Duration MaxRouterSolicitationDelay = Duration.FromSeconds(1);

    /// <summary>RFC 4862 5.5.3 (e): a router may not end an address sooner than this.</summary>
    private static readonly Duration LeastRemainingLifetime = Duration.FromSeconds(7_200);

    private readonly EthernetInterface _owner;
    private readonly EthernetOptions _options;
    private readonly RouteTable _table;
    private readonly StackSecret _stableSecret;
    private readonly List<AdvertisedRouter> _routers = [];
    private readonly List<AdvertisedPrefix> _prefixes = [];
    private readonly List<AdvertisedDnsServer> _dnsServers = [];
    private int _solicitationsLeft;
    private Timestamp _solicitationDue = Timestamp.Never;
    private int _mtu;
    private bool _started;

    public Slaac(EthernetInterface owner, EthernetOptions options, RouteTable table)
    {
        _owner = owner;
        _options = options;
        _table = table;
        _stableSecret = options.StableSecret ?? owner.Secret;
    }

    /// <summary>The interface's link-local address; unspecified while it has none.</summary>
    public InternetAddress LinkLocal
    {
        get
        {
            foreach (OwnAddress own in _owner.OwnAddresses)
            {
                if (own.IsAssigned && own.Address is { IsIpv4: false, IsLinkLocal: true }) return own.Address;
            }
            return InternetAddress.AnyIpv6;
        }
    }

    public IReadOnlyList<InternetAddress> Routers => _routers.ConvertAll(router => router.Address);

    public IReadOnlyList<InternetAddress> DnsServers => _dnsServers.ConvertAll(server => server.Address);

    public Timestamp NextDeadline
    {
        get
        {
            Timestamp next = _solicitationDue;
            foreach (AdvertisedRouter router in _routers) next = Timestamp.Min(next, router.Until);
            foreach (AdvertisedPrefix prefix in _prefixes) next = Timestamp.Min(next, prefix.Until);
            foreach (AdvertisedDnsServer server in _dnsServers) next = Timestamp.Min(next, server.Until);
            return next;
        }
    }

    /// <summary>The interface comes up: it makes itself a link-local address (RFC 4862 5.3).</summary>
    public void Start(Timestamp now)
    {
        _started = true;
        MakeAddress(InternetAddress.Parse("fe80::"), Timestamp.Never, Timestamp.Never, collisions: 0, now);
    }

    /// <summary>An address may be used. With the first link-local one routers are looked for.</summary>
    public void Assigned(OwnAddress own, Timestamp now)
    {
        if (_started && own.Address is { IsIpv4: false, IsLinkLocal: true })
        {
            _solicitationsLeft = MaxRouterSolicitations;
            _solicitationDue = now + _owner.Draw(MaxRouterSolicitationDelay);
            _owner.LinkLocalAssigned(now);
        }
        Refresh(now);
    }

    /// <summary>Another host has an address that was made here: the next one is tried (RFC 7217 6).</summary>
    public void Retry(OwnAddress own, Timestamp now)
    {
        if (own.Collisions >= StableIdentifier.MaxCollisions) return;
        MakeAddress(own.Address, own.PreferredUntil, own.ValidUntil, own.Collisions + 1, now);
    }

    public void OnTime(Timestamp now)
    {
        bool changed = _routers.RemoveAll(router => router.Until <= now) > 0;
        changed |= _prefixes.RemoveAll(prefix => prefix.Until <= now) > 0;
        _dnsServers.RemoveAll(server => server.Until <= now);
        if (_solicitationDue <= now)
        {
            if (_owner.SolicitRouters()) _solicitationsLeft--;
            _solicitationDue = _solicitationsLeft > 0 ? now + RouterSolicitationInterval : Timestamp.Never;
        }
        if (changed) Refresh(now);
    }

    /// <summary>Takes over what a router says (RFC 4861 6.3.4, RFC 4862 5.5.3).</summary>
    public void RouterAdvertised(in NeighborDiscoveryMessage message, InternetAddress router, Timestamp now)
    {
        if (message.RouterLifetime > 0)
        {
            _solicitationsLeft = 0;
            _solicitationDue = Timestamp.Never;
        }
        Timestamp until = now + Duration.FromSeconds(message.RouterLifetime);
        int place = _routers.FindIndex(known => known.Address == router);
        if (message.RouterLifetime == 0)
        {
            if (place >= 0) _routers.RemoveAt(place);
        }
        else if (place >= 0) _routers[place] = new(router, until, message.Preference);
        else if (_routers.Count < _options.MaxRouters) _routers.Add(new(router, until, message.Preference));
        else _owner.Counters.AdvertisementsRefused++;
        foreach (NeighborDiscoveryOption option in message)
        {
            if (option.TryReadPrefix(out PrefixInformation prefix)) PrefixAdvertised(in prefix, now);
            else if (option.TryReadMtu(out uint mtu)) MtuAdvertised(mtu);
            else if (option.TryReadDnsServers(out int count, out uint lifetime)) ServersAdvertised(in option, count, lifetime, now);
        }
        Refresh(now);
    }

    /// <summary>A router said that it is none any more (RFC 4861 7.2.5).</summary>
    public void RouterGone(InternetAddress address, Timestamp now)
    {
        if (_routers.RemoveAll(router => router.Address == address) > 0) Refresh(now);
    }

    /// <summary>A neighbour does or does not answer: routers that are known to be away come last (RFC 4861 6.3.6).</summary>
    public void NeighborAnswers(InternetAddress address, bool answers, Timestamp now)
    {
        int place = _routers.FindIndex(router => router.Address == address);
        if (place < 0 || _routers[place].IsSuspect != answers) return;
        _routers[place] = _routers[place] with { IsSuspect = !answers };
        Refresh(now);
    }

    /// <summary>Checks every invariant; for tests.</summary>
    public void CheckInvariants()
    {
        bool bounded = _routers.Count <= _options.MaxRouters && _prefixes.Count <= _options.MaxPrefixes
            && _dnsServers.Count <= _options.MaxDnsServers;
        if (!bounded)
        {
            throw new InvalidOperationException(
                $"{_routers.Count} routers, {_prefixes.Count} prefixes, {_dnsServers.Count} servers: more than a limit");
        }
        foreach (Route route in _routes)
        {
            if (!Contains(_table.Routes, route))
                throw new InvalidOperationException($"the route to {route.Destination} is not in the table");
        }
    }

    private void PrefixAdvertised(in PrefixInformation information, Timestamp now)
    {
        var prefix = new AddressPrefix(information.Prefix, information.Length).Network;
        bool usable = information.Length > 0 && !prefix.Address.IsLinkLocal && !prefix.Address.IsMulticast && !prefix.Address.IsIpv4;
        if (!usable) return;
        if (information.OnLink)
        {
            _prefixes.RemoveAll(known => known.Prefix == prefix);
            if (information.ValidLifetime > 0)
            {
                if (_prefixes.Count >= _options.MaxPrefixes) _owner.Counters.AdvertisementsRefused++;
                else _prefixes.Add(new(prefix, Until(information.ValidLifetime, now)));
            }
        }
        bool autonomous = information.Autonomous && information.Length == IdentifierPrefix
            && information.PreferredLifetime <= information.ValidLifetime;
        if (autonomous) AddressAdvertised(prefix, in information, now);
    }

    private void AddressAdvertised(AddressPrefix prefix, in PrefixInformation information, Timestamp now)
    {
        Timestamp preferred = Until(information.PreferredLifetime, now);
        Timestamp valid = Until(information.ValidLifetime, now);
        foreach (OwnAddress own in _owner.OwnAddresses)
        {
            if (!own.IsAutomatic || own.Prefix.Network != prefix) continue;
            own.PreferredUntil = preferred;
            Timestamp least = now + LeastRemainingLifetime;
            if (valid > least || valid > own.ValidUntil) own.ValidUntil = valid;
            else if (own.ValidUntil > least) own.ValidUntil = least; // else it stays: nobody can end it in a hurry
            _owner.Renew(own, now);
            return;
        }
        if (information.ValidLifetime > 0) MakeAddress(prefix.Address, preferred, valid, collisions: 0, now);
    }

    private void MakeAddress(InternetAddress prefix, Timestamp preferred, Timestamp valid, int collisions, Timestamp now)
    {
        if (_owner.OwnAddresses.Count >= _options.MaxAddresses)
        {
            _owner.Counters.AdvertisementsRefused++;
            return;
        }
        InternetAddress address = StableIdentifier.AddressIn(in _stableSecret, prefix, _owner.Mac, _options.NetworkId, collisions);
        _owner.Begin(
            new OwnAddress
            {
                Prefix = new AddressPrefix(address, IdentifierPrefix),
                IsAutomatic = true,
                Collisions = collisions,
                PreferredUntil = preferred,
                ValidUntil = valid,
            },
            now);
    }

    private void MtuAdvertised(uint mtu)
    {
        if (mtu >= LeastMtu && mtu <= (uint)_owner.Mtu) _mtu = (int)mtu;
    }

    private void ServersAdvertised(in NeighborDiscoveryOption option, int count, uint lifetime, Timestamp now)
    {
        for (int i = 0; i < count; i++)
        {
            InternetAddress address = option.DnsServer(i);
            int known = _dnsServers.FindIndex(server => server.Address == address);
            var server = new AdvertisedDnsServer(address, Until(lifetime, now));
            if (lifetime == 0 && known >= 0) _dnsServers.RemoveAt(known);
            else if (lifetime == 0 || address.IsMulticast || address.IsUnspecified || address.IsIpv4) continue;
            else if (known >= 0) _dnsServers[known] = server;
            else if (_dnsServers.Count < _options.MaxDnsServers) _dnsServers.Add(server);
            else _owner.Counters.AdvertisementsRefused++;
        }
    }

    private static Timestamp Until(uint seconds, Timestamp now) =>
        seconds == uint.MaxValue ? Timestamp.Never : now + Duration.FromSeconds(seconds);

    private sealed record AdvertisedRouter(InternetAddress Address, Timestamp Until, RouterPreference Preference, bool IsSuspect = false);

    private sealed record AdvertisedPrefix(AddressPrefix Prefix, Timestamp Until);

    private sealed record AdvertisedDnsServer(InternetAddress Address, Timestamp Until);
}
