using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>Neighbor discovery of IPv6 (RFC 4861).</summary>
public sealed partial class EthernetInterface
{
    /// <summary>Acts on a message; false if it says what none may say.</summary>
    private bool DiscoveryArrives(ReadOnlySpan<byte> icmp, in IpHeader ip, in EthernetHeader header, Timestamp now)
    {
        if (NeighborDiscoveryMessage.TryParse(icmp, in ip, out NeighborDiscoveryMessage message) is not WireError.None) return false;
        switch (message.Type)
        {
            case NeighborDiscoveryType.NeighborSolicitation:
                SolicitationArrives(in message, in ip, in header, now);
                return true;
            case NeighborDiscoveryType.NeighborAdvertisement:
                AdvertisementArrives(in message, in header, now);
                return true;
            case NeighborDiscoveryType.RouterAdvertisement:
                RouterArrives(in message, in ip, now);
                return true;
            case NeighborDiscoveryType.Redirect:
                Counters.RedirectsIgnored++; // a host on the link would only have to send one to be in the middle
                return true;
            default:
                return true; // router solicitations are for routers
        }
    }

    /// <summary>7.2.3, and RFC 4862 5.4.3 for an address that we do not have yet.</summary>
    private void SolicitationArrives(in NeighborDiscoveryMessage message, in IpHeader ip, in EthernetHeader header, Timestamp now)
    {
        bool detecting = ip.Source.IsUnspecified;
        if (FindOwn(message.Target) is not { } own) return;
        if (!own.IsAssigned)
        {
            if (detecting) Contradicted(own, header.Source, now);
            return;
        }
        if (message.TryFindMac(out MacAddress mac)) Learn(ip.Source, mac, spokeToUs: true, now);
        if (!MayAnswer(now)) return;
        InternetAddress destination = detecting ? InternetAddress.AllNodes : ip.Source;
        int length = NeighborDiscoveryWriter.WriteNeighborAdvertisement(
            _frames.Payload, own.Address, destination, own.Address, Mac, solicited: !detecting);
        AddFrame(detecting ? AllNodesMac : header.Source, EtherType.Ipv6, length);
    }

    /// <summary>7.2.5. The S flag counts only if we have asked: else anybody could make his own claim look confirmed.</summary>
    private void AdvertisementArrives(in NeighborDiscoveryMessage message, in EthernetHeader header, Timestamp now)
    {
        if (FindOwn(message.Target) is { } own)
        {
            Contradicted(own, header.Source, now);
            return;
        }
        if (_cache.Find(message.Target) is not { } neighbor)
        {
            Counters.UnsolicitedIgnored++;
            return;
        }
        if (neighbor.State is NeighborState.Permanent) return;
        bool tells = message.TryFindMac(out MacAddress mac);
        bool answers = neighbor.State is NeighborState.Incomplete or NeighborState.Probe;
        answers &= message.IsSolicited;
        if (!neighbor.IsResolved)
        {
            if (!tells) return;
            neighbor.IsRouter = message.IsRouter;
            if (answers) Confirm(neighbor, mac, now);
            else Fill(neighbor, mac, now);
            return;
        }
        bool differs = tells && mac != neighbor.Mac;
        if (differs && !message.IsOverride)
        {
            Doubt(neighbor);
            return;
        }
        if (neighbor.IsRouter && !message.IsRouter) _slaac.RouterGone(message.Target, now);
        neighbor.IsRouter = message.IsRouter;
        if (answers) Confirm(neighbor, tells ? mac : neighbor.Mac, now);
        else if (differs) Fill(neighbor, mac, now);
        PlanChores();
    }

    /// <summary>6.3.4: what is not about prefixes and lifetimes.</summary>
    private void RouterArrives(in NeighborDiscoveryMessage message, in IpHeader ip, Timestamp now)
    {
        if (!_options.Autoconfiguration || IsOwn(ip.Source)) return;
        if (!_advertisements.TryTake(now))
        {
            Counters.AdvertisementsRefused++;
            return;
        }
        Counters.AdvertisementsReceived++;
        if (message.TryFindMac(out MacAddress mac)) Learn(ip.Source, mac, spokeToUs: true, now);
        if (_cache.Find(ip.Source) is { } neighbor) neighbor.IsRouter = true;
        _slaac.RouterAdvertised(in message, ip.Source, now);
        PlanChores();
    }
}
