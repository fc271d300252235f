using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>ICMP and ICMPv6 as far as TCP needs them (RFC 9293 3.9.2.2, RFC 5927), and echo.</summary>
public sealed partial class NetworkStack
{
    private RateLimiter _icmpReplies;

    private void IcmpArrives(in IpHeader ip, ReadOnlySpan<byte> icmp)
    {
        bool v6 = !ip.Source.IsIpv4;
        WireError error = IcmpMessage.TryParse(icmp, v6, ip.Source, ip.Destination, out IcmpMessage message);
        if (error is not WireError.None)
        {
            CountDrop(error is WireError.BadChecksum ? DropReason.Checksum : DropReason.Malformed);
            return;
        }
        if (message.Kind is IcmpKind.EchoRequest)
        {
            AnswerEcho(in ip, icmp, v6);
            return;
        }
        if (message.HasQuotedUdp && !IcmpErrorArrivesUdp(in message)) CountDrop(DropReason.IcmpNotInFlight);
        if (!message.HasQuotedTcp) return;
        FourTuple tuple = message.QuotedTuple;
        bool acted = _connections.Find(in tuple) is TcpConnection connection
            ? connection.IcmpErrorArrives(in message)
            : IcmpErrorArrivesHalfOpen(in tuple, in message);
        if (!acted) CountDrop(DropReason.IcmpNotInFlight);
    }

    private void AnswerEcho(in IpHeader ip, ReadOnlySpan<byte> request, bool v6)
    {
        if (_rawReplies.Count >= Options.MaxPendingReplies || IsLocal(ip.Source) || !_icmpReplies.TryTake(Now))
        {
            Counters.RepliesDropped++;
            return;
        }
        int headers = v6 ? IpHeader.Ipv6Length : IpHeader.Ipv4Length;
        byte[] packet = new byte[headers + request.Length];
        byte protocol = v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        IpHeaderWriter.Write(packet, ip.Destination, ip.Source, protocol, request.Length, trafficClass: 0, timeToLive: 64, flowLabel: 0);
        IcmpWriter.WriteEchoReply(packet.AsSpan(headers), request, v6, ip.Destination, ip.Source);
        _rawReplies.Enqueue(packet);
    }
}
