using Synfin.Ip;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>The next hop's Ethernet address: asked for, confirmed, doubted, forgotten (RFC 4861 7.2, 7.3; RFC 1122 2.3.2).</summary>
public sealed partial class EthernetInterface
{
    private bool TryFindMac(InternetAddress nextHop, Timestamp now, out MacAddress mac)
    {
        if (_cache.Find(nextHop) is { } neighbor)
        {
            mac = neighbor.Mac;
            if (!neighbor.IsResolved) return false;
            _cache.Touch(neighbor);
            if (neighbor.State is NeighborState.Reachable && now >= neighbor.ReachableUntil) neighbor.State = NeighborState.Stale;
            if (neighbor.State is NeighborState.Stale) Use(neighbor, now);
            return true;
        }
        if (nextHop.IsMulticast)
        {
            mac = MacAddress.ForGroup(nextHop);
            return true;
        }
        mac = MacAddress.Broadcast;
        return nextHop.IsIpv4 && IsBroadcast(nextHop);
    }

    /// <summary>7.3.3: something is sent to a stale neighbour. Who was contradicted is asked at once.</summary>
    private void Use(Neighbor neighbor, Timestamp now)
    {
        neighbor.Solicitations = 0;
        if (neighbor.IsDoubted)
        {
            neighbor.State = NeighborState.Probe;
            Solicit(neighbor, now);
            return;
        }
        neighbor.State = NeighborState.Delay;
        _wheel.Schedule(neighbor, now + _options.DelayFirstProbe);
    }

    /// <summary>The packet waits; the first one asks.</summary>
    private void Wait(in OutboundPacket packet, InternetAddress nextHop, Timestamp now)
    {
        Neighbor? neighbor = _cache.Find(nextHop);
        bool first = neighbor is null;
        if (neighbor is null)
        {
            MakeRoom(NeighborClass.Unresolved);
            neighbor = _cache.Add(nextHop, NeighborClass.Unresolved);
            neighbor.Source = SourceOf(packet.Header);
        }
        _cache.Touch(neighbor);
        if (neighbor.WaitingCount >= _options.MaxWaitingPacketsPerNeighbor) Drop(WaitingPackets.Take(neighbor)!);
        if (!_waiting.TryAdd(neighbor, in packet)) Counters.PacketsDropped++;
        if (first) Solicit(neighbor, now);
    }

    private void NeighborTimer(Neighbor neighbor, Timestamp now)
    {
        if (neighbor.State is NeighborState.Delay)
        {
            neighbor.State = NeighborState.Probe;
            neighbor.Solicitations = 0;
        }
        if (neighbor.Solicitations < _options.MaxSolicitations) Solicit(neighbor, now);
        else Fail(neighbor, now);
    }

    /// <summary>Asks for a neighbour, or whether it is still there; what the limit holds back counts as asked and lost.</summary>
    private void Solicit(Neighbor neighbor, Timestamp now)
    {
        Debug.Assert(neighbor.State is NeighborState.Incomplete or NeighborState.Probe, "nobody else is asked");
        neighbor.Solicitations++;
        _wheel.Schedule(neighbor, now + _options.RetransmitTime);
        bool known = neighbor.State is NeighborState.Probe; // these are as many as there are entries: no flood of others holds them back
        if (_frames.IsFull || (!known && !_solicitations.TryTake(now)))
        {
            Counters.SolicitationsSuppressed++;
            return;
        }
        InternetAddress source = SourceFor(neighbor);
        if (source.IsUnspecified) return; // no address of that family is left: the timer ends it
        Counters.SolicitationsSent++;
        if (neighbor.Address.IsIpv4)
        {
            var request = new ArpPacket(ArpOperation.Request, Mac, source, neighbor.Mac, neighbor.Address);
            SendArp(in request, known ? neighbor.Mac : MacAddress.Broadcast);
            return;
        }
        InternetAddress group = neighbor.Address.SolicitedNode;
        InternetAddress destination = known ? neighbor.Address : group;
        int length = NeighborDiscoveryWriter.WriteNeighborSolicitation(_frames.Payload, source, destination, neighbor.Address, Mac);
        AddFrame(known ? neighbor.Mac : MacAddress.ForGroup(group), EtherType.Ipv6, length);
    }

    /// <summary>Nobody answered. Who waits is told; the next packet begins anew (RFC 4861 7.3.3).</summary>
    private void Fail(Neighbor neighbor, Timestamp now)
    {
        Counters.NeighborsFailed++;
        _slaac.NeighborAnswers(neighbor.Address, answers: false, now);
        while (WaitingPackets.Take(neighbor) is { } packet)
        {
            _stack.NextHopUnreachable(packet.IpHeader, now);
            Drop(packet);
        }
        Forget(neighbor);
    }

    /// <summary>The neighbour answered a question of ours.</summary>
    private void Confirm(Neighbor neighbor, MacAddress mac, Timestamp now)
    {
        if (neighbor.Class is not NeighborClass.Confirmed) MakeRoom(NeighborClass.Confirmed);
        neighbor.Mac = mac;
        neighbor.State = NeighborState.Reachable;
        neighbor.IsDoubted = false;
        // Between a half and three halves of it, as 6.3.2 wants.
        neighbor.ReachableUntil = now + _options.ReachableTime / 2 + Draw(_options.ReachableTime);
        neighbor.Solicitations = 0;
        _wheel.Cancel(neighbor);
        _cache.Move(neighbor, NeighborClass.Confirmed);
        _slaac.NeighborAnswers(neighbor.Address, answers: true, now);
        ReleaseWaiting(neighbor);
    }

    /// <summary>Where a neighbour is became known without an answer to a question of ours.</summary>
    private void Fill(Neighbor neighbor, MacAddress mac, Timestamp now)
    {
        bool unresolved = neighbor.Class is NeighborClass.Unresolved;
        if (unresolved) MakeRoom(NeighborClass.Unconfirmed);
        neighbor.Mac = mac;
        neighbor.State = NeighborState.Stale;
        neighbor.IsDoubted = false;
        _wheel.Cancel(neighbor);
        if (unresolved) _cache.Move(neighbor, NeighborClass.Unconfirmed);
        if (neighbor.FirstWaiting is null) return;
        Use(neighbor, now);
        ReleaseWaiting(neighbor);
    }

    /// <summary>
    /// Somebody told where he is, in a question or an advertisement of his. It makes an entry only if he spoke to us and is on the link.
    /// </summary>
    /// <param name="address">Who.</param>
    /// <param name="mac">Where.</param>
    /// <param name="spokeToUs">Whether we will probably have to answer him.</param>
    /// <param name="now">The time.</param>
    private void Learn(InternetAddress address, MacAddress mac, bool spokeToUs, Timestamp now)
    {
        if (!mac.IsUnicast || IsOwn(address)) return;
        if (_cache.Find(address) is not { } neighbor)
        {
            if (!spokeToUs || !IsOnLink(address))
            {
                Counters.UnsolicitedIgnored++;
                return;
            }
            MakeRoom(NeighborClass.Unconfirmed);
            Neighbor added = _cache.Add(address, NeighborClass.Unconfirmed);
            added.Mac = mac;
            added.State = NeighborState.Stale;
            return;
        }
        if (!neighbor.IsResolved) Fill(neighbor, mac, now);
        else if (neighbor.Mac == mac || neighbor.State is NeighborState.Permanent) return;
        else if (address.IsIpv4) Doubt(neighbor);
        else Fill(neighbor, mac, now); // RFC 4861 7.2.3: replaced, and asked about when it is used
    }

    /// <summary>
    /// A claim that may not replace what is known (RFC 4861 7.2.5, I): ARP has no override flag, so no claim of ARP may. But it is asked
    /// whether the old place still holds; if not, it is forgotten and asked for anew.
    /// </summary>
    private void Doubt(Neighbor neighbor)
    {
        Counters.ClaimsDoubted++;
        if (neighbor.State is not (NeighborState.Reachable or NeighborState.Stale)) return;
        neighbor.State = NeighborState.Stale;
        neighbor.IsDoubted = true;
    }

    private void ReleaseWaiting(Neighbor neighbor)
    {
        while (WaitingPackets.Take(neighbor) is { } packet)
        {
            packet.Address(neighbor.Mac, Mac);
            _waiting.MakeReady(packet);
        }
    }

    private void MakeRoom(NeighborClass kind)
    {
        if (_cache.Excess(kind) is not { } oldest) return;
        Counters.NeighborsEvicted++;
        Forget(oldest);
    }

    private void Forget(Neighbor neighbor)
    {
        _wheel.Cancel(neighbor);
        while (WaitingPackets.Take(neighbor) is { } packet) Drop(packet);
        _cache.Remove(neighbor);
    }

    private void Drop(WaitingPacket packet)
    {
        Counters.PacketsDropped++;
        _waiting.Release(packet);
    }

    private void AddFrame(MacAddress destination, ushort type, int length) =>
        _frames.Add(new EthernetHeader(destination, Mac, type), length);

    private void SendArp(in ArpPacket packet, MacAddress destination)
    {
        packet.WriteTo(_frames.Payload);
        AddFrame(destination, EtherType.Arp, ArpPacket.Length);
    }

    private static InternetAddress SourceOf(ReadOnlySpan<byte> ip) =>
        InternetAddress.FromBytes(ip[0] >> 4 == 4 ? ip.Slice(12, 4) : ip.Slice(8, 16));

    private bool IsOnLink(InternetAddress address) => address is { IsIpv4: false, IsLinkLocal: true }
        || _stack.Routes.Routes.Count == 0
        || (_stack.Routes.TryFind(address, out Route? route) && route.Gateway is null && route.Interface == _options.Interface);
}
