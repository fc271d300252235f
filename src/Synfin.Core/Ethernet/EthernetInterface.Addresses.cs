using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>The interface's addresses: whether another host has them (RFC 4862 5.4, RFC 5227), and telling the link of them.</summary>
public sealed partial class EthernetInterface
{
    private const int Ipv4Announcements = 2;
    private const int Ipv6Announcements = 1;

    /// <summary>MAX_RTR_SOLICITATION_DELAY and PROBE_WAIT: who starts with others does not ask with them.</summary>
    private static readonly Duration MaxStartDelay = Duration.FromSeconds(1);

    /// <summary>ANNOUNCE_WAIT and ANNOUNCE_INTERVAL (RFC 5227 1.1).</summary>
    private static readonly Duration AnnounceInterval = Duration.FromSeconds(2);

    private readonly List<OwnAddress> _addresses = [];

    /// <summary>The interface's addresses as they are now, in the order in which they came; tentative ones among them.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses
    {
        get
        {
            InterfaceAddress[] all = new InterfaceAddress[_addresses.Count];
            for (int i = 0; i < all.Length; i++) all[i] = _addresses[i].Snapshot();
            return all;
        }
    }

    internal IReadOnlyList<OwnAddress> OwnAddresses => _addresses;

    /// <summary>
    /// Gives the interface an address, and the stack a route to its subnet. IPv6 uses it as soon as no other host has objected, which
    /// takes one to two seconds; <see cref="AddressChanged"/> tells.
    /// </summary>
    /// <returns>False if the interface has <see cref="EthernetOptions.MaxAddresses"/>.</returns>
    /// <exception cref="ArgumentException">Not a unicast address.</exception>
    public bool AddAddress(AddressPrefix prefix, Timestamp now)
    {
        InternetAddress address = prefix.Address;
        if (address.IsUnspecified || address.IsMulticast || address.IsLimitedBroadcast || address.IsLoopback)
            throw new ArgumentException($"{address} is no address of one host", nameof(prefix));
        if (FindOwn(address) is not null) return true;
        if (_addresses.Count >= _options.MaxAddresses) return false;
        Begin(new OwnAddress { Prefix = prefix }, now);
        PlanChores();
        return true;
    }

    /// <summary>Takes an address away, with the route to its subnet; false if the interface does not have it.</summary>
    public bool RemoveAddress(InternetAddress address, Timestamp now)
    {
        if (FindOwn(address) is not { } own) return false;
        Discard(own, AddressState.Removed, now);
        PlanChores();
        return true;
    }

    /// <summary>An address begins: first it is found out whether another host has it.</summary>
    internal void Begin(OwnAddress own, Timestamp now)
    {
        _addresses.Add(own);
        if (!own.Address.IsIpv4) Join(own.Address.SolicitedNode, now);
        own.Remaining = own.Address.IsIpv4 ? _options.Ipv4Probes : _options.DuplicateAddressDetections;
        if (own.Remaining == 0)
        {
            Assign(own, now);
            return;
        }
        own.Due = now + Draw(MaxStartDelay);
        AddressChanged?.Invoke(own.Snapshot());
    }

    /// <summary>An address ends.</summary>
    internal void Discard(OwnAddress own, AddressState how, Timestamp now)
    {
        bool assigned = own.IsAssigned;
        _addresses.Remove(own);
        own.State = how;
        if (assigned) _stack.RemoveAddress(own.Address);
        if (assigned && OnLinkRoute(own) is { } route) _stack.Routes.Remove(route);
        if (!own.Address.IsIpv4) Leave(own.Address.SolicitedNode);
        AddressChanged?.Invoke(own.Snapshot());
        _slaac.Refresh(now);
    }

    /// <summary>A lifetime of an address was changed (RFC 4862 5.5.3, 5.5.4).</summary>
    internal void Renew(OwnAddress own, Timestamp now)
    {
        if (!own.IsAssigned) return;
        AddressState state = own.PreferredUntil > now ? AddressState.Preferred : AddressState.Deprecated;
        if (own.State == state) return;
        own.State = state;
        AddressChanged?.Invoke(own.Snapshot());
        _slaac.Refresh(now);
    }

    private void Assign(OwnAddress own, Timestamp now)
    {
        own.State = own.PreferredUntil > now ? AddressState.Preferred : AddressState.Deprecated;
        _stack.AddAddress(own.Address);
        _slaac.Refresh(now); // before the route of our own takes the place of an advertised one
        if (OnLinkRoute(own) is { } route) _stack.Routes.Add(route);
        own.Remaining = own.Address.IsIpv4 ? Ipv4Announcements : Ipv6Announcements;
        AnnounceNext(own, now);
        AddressChanged?.Invoke(own.Snapshot());
        _slaac.Assigned(own, now);
    }

    private Route? OnLinkRoute(OwnAddress own)
    {
        bool alone = own.Prefix.Length == (own.Address.IsIpv4 ? 32 : 128);
        if (own.IsAutomatic || alone) return null; // prefixes of routers are on the link only if they say so
        return new Route { Destination = own.Prefix.Network, Interface = _options.Interface, Source = own.Address };
    }

    private void AddressesOnTime(Timestamp now)
    {
        for (int i = _addresses.Count - 1; i >= 0; i--)
        {
            OwnAddress own = _addresses[i];
            if (own.ValidUntil <= now)
            {
                Discard(own, AddressState.Removed, now);
                continue;
            }
            Renew(own, now);
            if (own.Due > now) continue;
            if (own.IsAssigned) AnnounceNext(own, now);
            else if (own.Remaining > 0) AskForOwn(own, now);
            else Assign(own, now);
        }
    }

    private Timestamp NextAddressDeadline()
    {
        Timestamp next = Timestamp.Never;
        foreach (OwnAddress own in _addresses)
        {
            next = Timestamp.Min(next, Timestamp.Min(own.Due, own.ValidUntil));
            if (own.State is AddressState.Preferred) next = Timestamp.Min(next, own.PreferredUntil);
        }
        return next;
    }

    /// <summary>RFC 4862 5.4.2, RFC 5227 2.1.1: from nobody, for the address that we would like to have.</summary>
    private void AskForOwn(OwnAddress own, Timestamp now)
    {
        if (_frames.IsFull)
        {
            own.Due = now + _options.RetransmitTime;
            return;
        }
        own.Remaining--;
        bool last = own.Remaining == 0;
        own.Due = now + (last && own.Address.IsIpv4 ? AnnounceInterval : _options.RetransmitTime);
        Counters.SolicitationsSent++;
        if (own.Address.IsIpv4)
        {
            SendArp(new ArpPacket(ArpOperation.Request, Mac, InternetAddress.AnyIpv4, default, own.Address), MacAddress.Broadcast);
            return;
        }
        InternetAddress group = own.Address.SolicitedNode;
        int length = NeighborDiscoveryWriter.WriteNeighborSolicitation(_frames.Payload, InternetAddress.AnyIpv6, group, own.Address, Mac);
        AddFrame(MacAddress.ForGroup(group), EtherType.Ipv6, length);
    }

    private void AnnounceNext(OwnAddress own, Timestamp now)
    {
        if (!_frames.IsFull) Announce(own);
        own.Remaining--;
        own.Due = own.Remaining > 0 ? now + AnnounceInterval : Timestamp.Never;
    }

    /// <summary>A gratuitous ARP request (RFC 5227 2.3), or an unsolicited advertisement (RFC 4861 7.2.6).</summary>
    private void Announce(OwnAddress own)
    {
        if (own.Address.IsIpv4)
        {
            SendArp(new ArpPacket(ArpOperation.Request, Mac, own.Address, default, own.Address), MacAddress.Broadcast);
            return;
        }
        int length = NeighborDiscoveryWriter.WriteNeighborAdvertisement(
            _frames.Payload, own.Address, InternetAddress.AllNodes, own.Address, Mac, solicited: false);
        AddFrame(AllNodesMac, EtherType.Ipv6, length);
    }

    private OwnAddress? FindOwn(InternetAddress address)
    {
        foreach (OwnAddress own in _addresses)
        {
            if (own.Address == address) return own;
        }
        return null;
    }

    private bool IsOwn(InternetAddress address) => FindOwn(address) is not null;

    /// <summary>255.255.255.255, or a subnet's own (RFC 1122 3.2.1.3); subnets of 31 bits have none (RFC 3021).</summary>
    private bool IsBroadcast(InternetAddress address)
    {
        if (address.IsLimitedBroadcast) return true;
        foreach (OwnAddress own in _addresses)
        {
            if (own.Address.IsIpv4 && own.Prefix.Length < 31 && own.Prefix.Broadcast == address) return true;
        }
        return false;
    }

    /// <summary>Whom a question comes from: the packet's sender (RFC 4861 7.2.2), or an address that the neighbour surely knows.</summary>
    private InternetAddress SourceFor(Neighbor neighbor)
    {
        InternetAddress best = InternetAddress.AnyIpv6;
        foreach (OwnAddress own in _addresses)
        {
            if (!own.IsAssigned || own.Address.IsIpv4 != neighbor.Address.IsIpv4) continue;
            if (own.Address == neighbor.Source) return own.Address;
            if (best.IsUnspecified || own.Prefix.Contains(neighbor.Address)) best = own.Address;
        }
        return best;
    }
}
