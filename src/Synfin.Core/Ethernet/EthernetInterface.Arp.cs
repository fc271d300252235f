using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>ARP (RFC 826), and address conflicts of IPv4 (RFC 5227).</summary>
public sealed partial class EthernetInterface
{
    /// <summary>How often an address is defended at most (RFC 5227 1.1, DEFEND_INTERVAL).</summary>
    private static readonly Duration DefendInterval = Duration.FromSeconds(10);

    private void ArpArrives(ReadOnlySpan<byte> payload, Timestamp now)
    {
        if (ArpPacket.TryParse(payload, out ArpPacket arp) is not WireError.None || !arp.SenderMac.IsUnicast)
        {
            Counters.Malformed++;
            return;
        }
        if (arp.SenderMac == Mac) return;
        if (FindOwn(arp.SenderAddress) is { } claimed)
        {
            Contradicted(claimed, arp.SenderMac, now);
            return;
        }
        bool probe = arp.SenderAddress.IsUnspecified;
        OwnAddress? target = FindOwn(arp.TargetAddress);
        if (probe && target is { State: AddressState.Tentative } && arp.Operation is ArpOperation.Request)
        {
            Contradicted(target, arp.SenderMac, now); // RFC 5227 2.1.1: both want it
            return;
        }
        bool impossible = arp.SenderAddress.IsMulticast || arp.SenderAddress.IsLoopback || IsBroadcast(arp.SenderAddress);
        if (impossible)
        {
            Counters.Malformed++;
            return;
        }
        bool forUs = target is { IsAssigned: true };
        if (arp.Operation is ArpOperation.Reply)
        {
            ReplyArrives(in arp, forUs, now);
            return;
        }
        if (!probe) Learn(arp.SenderAddress, arp.SenderMac, forUs, now);
        if (!forUs || !MayAnswer(now)) return;
        var reply = new ArpPacket(ArpOperation.Reply, Mac, arp.TargetAddress, arp.SenderMac, arp.SenderAddress);
        SendArp(in reply, arp.SenderMac);
    }

    /// <summary>An answer counts as one only if we have asked, and it confirms only what it does not change.</summary>
    private void ReplyArrives(in ArpPacket reply, bool forUs, Timestamp now)
    {
        if (_cache.Find(reply.SenderAddress) is not { } neighbor)
        {
            Counters.UnsolicitedIgnored++;
            return;
        }
        bool asked = neighbor.State is NeighborState.Incomplete or NeighborState.Probe && forUs && reply.TargetMac == Mac;
        if (!asked || (neighbor.IsResolved && neighbor.Mac != reply.SenderMac))
            Learn(reply.SenderAddress, reply.SenderMac, spokeToUs: false, now);
        else
            Confirm(neighbor, reply.SenderMac, now);
    }

    /// <summary>Whether an answer may go now; it is counted either way.</summary>
    private bool MayAnswer(Timestamp now)
    {
        if (_frames.IsFull || !_answers.TryTake(now))
        {
            Counters.AnswersSuppressed++;
            return false;
        }
        Counters.AnswersSent++;
        return true;
    }

    /// <summary>
    /// Another host has, or wants, one of our addresses: a tentative one is given up; one in use is defended, once in ten seconds, so that
    /// two that both defend do not speak for ever (RFC 5227 2.4 (b); RFC 4862 5.4.4 leaves it open).
    /// </summary>
    private void Contradicted(OwnAddress own, MacAddress other, Timestamp now)
    {
        Counters.AddressConflicts++;
        bool givenUp = own.State is AddressState.Tentative;
        if (givenUp)
        {
            Discard(own, AddressState.Duplicate, now);
        }
        else if (now >= own.DefendedUntil && !_frames.IsFull)
        {
            own.DefendedUntil = now + DefendInterval;
            Announce(own);
        }
        Conflict?.Invoke(new AddressConflict(own.Address, other, givenUp));
        if (givenUp && own.IsAutomatic) _slaac.Retry(own, now);
        PlanChores();
    }
}
