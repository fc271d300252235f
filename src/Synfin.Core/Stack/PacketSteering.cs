using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// Which of several shards a packet belongs to: TCP's to the one where its connection is at home, an ICMP error with the segment that it
/// quotes; all else, and what makes no sense, to the first.
/// </summary>
/// <param name="hash">The hash that all the shards share.</param>
/// <param name="shards">How many shards there are, at least 1.</param>
public sealed class PacketSteering(RssHash hash, int shards)
{
    private const int PortOctets = 4;

    /// <summary>How many shards there are.</summary>
    public int Shards => shards;

    /// <summary>Where a connection is at home.</summary>
    public int ShardOf(in FourTuple tuple) => hash.ShardOf(in tuple, shards);

    /// <summary>Where an IP packet that arrived is to be handled.</summary>
    public int ShardOf(ReadOnlySpan<byte> packet)
    {
        if (shards == 1 || IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None || ip.IsFragment) return 0;
        ReadOnlySpan<byte> payload = ip.Payload(packet);
        if (ip.Protocol == IpProtocol.Tcp) return payload.Length < PortOctets ? 0 : ShardOf(TupleOf(in ip, payload));
        if (ip.Protocol is not (IpProtocol.Icmp or IpProtocol.Icmpv6)) return 0;
        bool v6 = ip.Version == 6;
        bool isError = IcmpMessage.TryParse(payload, v6, ip.Source, ip.Destination, out IcmpMessage message) is WireError.None
            && message.HasQuotedTcp;
        return isError ? ShardOf(message.QuotedTuple) : 0;
    }

    private static FourTuple TupleOf(in IpHeader ip, ReadOnlySpan<byte> tcp) => new(
        ip.Destination,
        BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]),
        ip.Source,
        BinaryPrimitives.ReadUInt16BigEndian(tcp));
}
