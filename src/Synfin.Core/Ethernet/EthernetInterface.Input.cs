using System.Buffers.Binary;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>The way in: whose frame is it, and what is inside?</summary>
public sealed partial class EthernetInterface
{
    private const byte HopByHopOptions = 0;
    private const int Ipv6NextHeader = 6;

    // The first and last of the ICMPv6 types that end here.
    private const byte FirstNeighborType = (byte)NeighborDiscoveryType.RouterSolicitation;
    private const byte LastNeighborType = (byte)NeighborDiscoveryType.Redirect;

    /// <inheritdoc/>
    public void Input(ReadOnlySpan<byte> frame, ReceiveMetadata metadata, NetworkStack stack, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(stack);
        Counters.FramesReceived++;
        if (EthernetHeader.TryParse(frame, out EthernetHeader header) is not WireError.None || !header.Source.IsUnicast)
        {
            Counters.Malformed++;
            return;
        }
        if (header.Source == Mac || !IsForUs(header.Destination))
        {
            Counters.NotForUs++;
            return;
        }
        ReadOnlySpan<byte> payload = frame[EthernetHeader.Length..];
        switch (header.Type)
        {
            case EtherType.Ipv4:
                Ipv4Arrives(payload, header.Destination.IsGroup, metadata, stack, now);
                return;
            case EtherType.Ipv6:
                Ipv6Arrives(payload, in header, metadata, stack, now);
                return;
            case EtherType.Arp:
                ArpArrives(payload, now);
                return;
            default: // VLAN tags too: whoever wants a VLAN gives it an interface of its own
                Counters.UnknownType++;
                return;
        }
    }

    private bool IsForUs(MacAddress destination)
    {
        if (destination == Mac || destination == MacAddress.Broadcast) return true;
        return destination.IsGroup && (destination == AllNodesMac || destination == AllHostsMac || IsInGroup(destination));
    }

    private void Ipv4Arrives(ReadOnlySpan<byte> packet, bool toGroup, ReceiveMetadata metadata, NetworkStack stack, Timestamp now)
    {
        if (packet.Length < IpHeader.Ipv4Length || packet[0] >> 4 != 4)
        {
            Counters.Malformed++;
            return;
        }
        var destination = InternetAddress.FromBytes(packet.Slice(16, 4));
        // RFC 1122 3.3.6: what the link sent to many was for many, or is dropped.
        if (toGroup && !destination.IsMulticast && !IsBroadcast(destination))
        {
            Counters.NotForUs++;
            return;
        }
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        stack.Input(packet[..Math.Min(length, packet.Length)], metadata, now);
    }

    private void Ipv6Arrives(
        ReadOnlySpan<byte> packet, in EthernetHeader header, ReceiveMetadata metadata, NetworkStack stack, Timestamp now)
    {
        if (packet.Length < IpHeader.Ipv6Length || packet[0] >> 4 != 6)
        {
            Counters.Malformed++;
            return;
        }
        bool multicast = packet[24] == 0xFF;
        if (header.Destination.IsGroup != multicast && !(multicast && header.Destination == Mac)) // RFC 6085: a group by unicast is fine
        {
            Counters.NotForUs++;
            return;
        }
        int length = IpHeader.Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        packet = packet[..Math.Min(length, packet.Length)];
        byte next = packet[Ipv6NextHeader];
        if (next is IpProtocol.Icmpv6 or HopByHopOptions && IsHandledHere(packet, in header, now)) return;
        stack.Input(packet, metadata, now);
    }

    /// <summary>Takes what is about neighbours and groups, valid or not; the stack sees none of it.</summary>
    private bool IsHandledHere(ReadOnlySpan<byte> packet, in EthernetHeader header, Timestamp now)
    {
        if (IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None || ip.Protocol != IpProtocol.Icmpv6 || ip.IsFragment)
            return false;
        ReadOnlySpan<byte> icmp = ip.Payload(packet);
        if (icmp.IsEmpty) return false;
        switch (icmp[0])
        {
            case >= FirstNeighborType and <= LastNeighborType:
                if (!DiscoveryArrives(icmp, in ip, in header, now)) Counters.Malformed++;
                return true;
            case ListenerQuery.Type:
                if (ListenerQuery.TryParse(icmp, in ip, out ListenerQuery query) is WireError.None) QueryArrives(in query, now);
                else Counters.Malformed++;
                return true;
            case ListenerReportWriter.Version1Report or ListenerReportWriter.Version2Report:
                return true; // others' reports: MLDv2 does not suppress one's own by them
            default:
                return false;
        }
    }
}
