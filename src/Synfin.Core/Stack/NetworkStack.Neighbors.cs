using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>What an interface finds out about the next hop of a packet.</summary>
public sealed partial class NetworkStack
{
    /// <summary>
    /// A packet of ours could not be sent, since nobody at its next hop answers: what sent it is told, as by an ICMP host unreachable that
    /// is known to be true (RFC 1122 2.4, RFC 4861 7.2.2). Not to be called from within <see cref="ILink.Transmit"/>.
    /// </summary>
    /// <param name="packet">The IP packet, or the start of it with at least the header of TCP or UDP.</param>
    /// <param name="now">The time.</param>
    public void NextHopUnreachable(ReadOnlySpan<byte> packet, Timestamp now)
    {
        Advance(now);
        if (!IcmpMessage.TryDescribe(packet, IcmpKind.HostUnreachable, out IcmpMessage message)) return;
        if (message.HasQuotedUdp) IcmpErrorArrivesUdp(in message);
        else if (message.HasQuotedEcho) IcmpErrorArrivesEcho(message.QuotedTuple.LocalAddress, byte.MaxValue, in message);
        else if (_connections.Find(message.QuotedTuple) is TcpConnection connection) connection.NextHopUnreachable(in message);
    }
}
