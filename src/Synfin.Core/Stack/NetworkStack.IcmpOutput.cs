using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>The ICMP errors that are sent: the one place that decides whether, how often, and about what.</summary>
public sealed partial class NetworkStack
{
    private RateLimiter _icmpReplies;

    /// <summary>Tells a packet's sender that it was not delivered.</summary>
    /// <param name="ip">The packet's header.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="kind">Why.</param>
    private void QueueUnreachable(in IpHeader ip, ReadOnlySpan<byte> packet, IcmpKind kind)
    {
        if (!MayAnswer(in ip, packet) || !MayQueueIcmp()) return;
        Span<byte> message = stackalloc byte[IcmpWriter.MaxErrorPacketIpv6];
        Queue(message[..IcmpWriter.WriteUnreachable(message, packet, kind, ip.Destination)], ip.Destination, ip.Source);
    }

    /// <summary>Tells who sent a datagram's first fragment that the others did not come in time (RFC 1122 3.3.2, RFC 8200 4.5).</summary>
    private void QueueReassemblyTimeExceeded(ReadOnlySpan<byte> first)
    {
        if (IpHeader.TryParse(first, out IpHeader ip) is not WireError.None || !MayAnswer(in ip, first) || !MayQueueIcmp()) return;
        Span<byte> message = stackalloc byte[IcmpWriter.MaxErrorPacketIpv6];
        Queue(message[..IcmpWriter.WriteReassemblyTimeExceeded(message, first, ip.Destination)], ip.Destination, ip.Source);
    }

    /// <summary>Tells the sender of an IPv6 packet, which may be beyond parsing, what was not understood.</summary>
    private void QueueParameterProblem(ReadOnlySpan<byte> packet, in Ipv6Problem problem)
    {
        InternetAddress source = InternetAddress.FromBytes(packet.Slice(8, 16));
        InternetAddress destination = InternetAddress.FromBytes(packet.Slice(24, 16));
        bool answerable = IsUnicast(source) && !source.IsIpv4 && !source.IsLoopback && !IsLocal(source);
        bool toUs = IsLocal(destination) && !destination.IsLoopback;
        if (!answerable || !(toUs || (problem.EvenToMany && destination.IsMulticast))) return;
        InternetAddress from = destination;
        if ((!toUs && !TryChooseSource(source, null, out from)) || !MayQueueIcmp()) return;
        Span<byte> message = stackalloc byte[IcmpWriter.MaxErrorPacketIpv6];
        Queue(message[..IcmpWriter.WriteParameterProblem(message, packet, problem.Code, problem.Pointer, from, source)], from, source);
    }

    /// <summary>A packet whose headers cannot be read: over IPv6 some of what is wrong is said.</summary>
    private void AnswerMalformed(ReadOnlySpan<byte> packet, WireError error)
    {
        bool said = error is WireError.BadExtensionOption
            or WireError.RoutingHeader or WireError.BadFragment or WireError.MisplacedHopByHop;
        if (!said || packet[0] >> 4 != 6) return;
        packet = packet[..(IpHeader.Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]))]; // and no padding
        if (Ipv6Problem.TryFind(packet, out Ipv6Problem problem)) QueueParameterProblem(packet, in problem);
    }

    /// <summary>
    /// RFC 1122 3.2.2, RFC 4443 2.4: never about an ICMP error or what may be one, nor about later fragments, nor to or about many. That
    /// source and destination can be peers was checked when the packet arrived.
    /// </summary>
    private bool MayAnswer(in IpHeader ip, ReadOnlySpan<byte> packet)
    {
        if (ip.FragmentOffset != 0 || !IsLocal(ip.Destination) || !IsUnicast(ip.Source) || IsBroadcast(ip.Source)) return false;
        if (ip.Protocol != (ip.Version == 4 ? IpProtocol.Icmp : IpProtocol.Icmpv6)) return true;
        ReadOnlySpan<byte> icmp = ip.Payload(packet);
        return !icmp.IsEmpty && icmp[0] == (ip.Version == 4 ? IcmpMessage.EchoRequestV4 : IcmpMessage.EchoRequestV6);
    }

    private bool MayQueueIcmp()
    {
        if (_rawReplies.Count < Options.MaxPendingReplies && _icmpReplies.TryTake(Now)) return true;
        Counters.RepliesDropped++;
        return false;
    }

    private void Queue(ReadOnlySpan<byte> message, InternetAddress from, InternetAddress to)
    {
        Debug.Assert(!message.IsEmpty, "what is answered could be quoted");
        bool v6 = !to.IsIpv4;
        int headers = v6 ? IpHeader.Ipv6Length : IpHeader.Ipv4Length;
        byte[] packet = new byte[headers + message.Length];
        byte protocol = v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        IpHeaderWriter.Write(packet, from, to, protocol, message.Length, trafficClass: 0, timeToLive: 64, flowLabel: 0);
        message.CopyTo(packet.AsSpan(headers));
        _rawReplies.Enqueue(packet);
    }
}
