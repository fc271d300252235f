using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>ICMP and ICMPv6 that arrive: echo, and errors for those whose packets they quote (RFC 9293 3.9.2.2, RFC 5927).</summary>
public sealed partial class NetworkStack
{
    private void IcmpArrives(in IpHeader ip, ReadOnlySpan<byte> icmp)
    {
        bool v6 = !ip.Source.IsIpv4;
        WireError error = IcmpMessage.TryParse(icmp, v6, ip.Source, ip.Destination, out IcmpMessage message);
        if (error is not WireError.None)
        {
            CountDrop(error is WireError.BadChecksum ? DropReason.Checksum : DropReason.Malformed);
            return;
        }
        if (message.Kind is IcmpKind.EchoRequest) AnswerEcho(in ip, icmp, v6);
        else if (message.Kind is IcmpKind.EchoReply) EchoReplyArrives(in ip, icmp);
        else if (!IcmpErrorArrives(in ip, in message)) CountDrop(DropReason.IcmpNotInFlight);
    }

    /// <returns>False if it quotes something that is not ours, or not any more.</returns>
    private bool IcmpErrorArrives(in IpHeader ip, in IcmpMessage message)
    {
        if (message.HasQuotedUdp) return IcmpErrorArrivesUdp(in message);
        if (message.HasQuotedEcho) return IcmpErrorArrivesEcho(ip.Source, ip.TimeToLive, in message);
        if (!message.HasQuotedTcp) return true; // nothing that anybody waits for
        FourTuple tuple = message.QuotedTuple;
        return _connections.Find(in tuple) is Tcp.TcpConnection connection
            ? connection.IcmpErrorArrives(in message)
            : IcmpErrorArrivesHalfOpen(in tuple, in message);
    }
}
