using System.Buffers.Binary;
using Synfin.Testing;
using Synfin.Wire;

namespace Synfin.Core.Tests.Engine;

/// <summary>Packets that <see cref="SegmentScript"/> has no words for: other hosts' segments, ICMP, what is broken on purpose.</summary>
internal static class Packets
{
    public static readonly InternetAddress Router = InternetAddress.FromIpv4(203, 0, 113, 1);
    public static readonly InternetAddress RouterIpv6 = new(0x20010db8_00020000, 1);

    /// <summary>A segment without options between any two hosts.</summary>
    public static byte[] Tcp(
        InternetAddress from, ushort fromPort, InternetAddress to, ushort toPort, TcpFlags flags, uint seq = 0, uint ack = 0, int text = 0)
    {
        byte[] tcp = new byte[TcpHeader.MinimumLength + text];
        TcpHeaderWriter.Write(tcp, fromPort, toPort, new SequenceNumber(seq), new SequenceNumber(ack), flags, 65_535, 0, default);
        TcpHeaderWriter.WriteChecksum(tcp, from, to);
        return InIp(from, to, IpProtocol.Tcp, tcp);
    }

    /// <summary>Any payload in an IP packet.</summary>
    public static byte[] InIp(InternetAddress from, InternetAddress to, byte protocol, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[(from.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length) + payload.Length];
        int header = IpHeaderWriter.Write(packet, from, to, protocol, payload.Length, 0, 64, 0);
        payload.CopyTo(packet.AsSpan(header));
        return packet;
    }

    /// <summary>An ICMP message from a router on the way.</summary>
    public static byte[] Icmp(InternetAddress to, byte type, byte code, uint field, ReadOnlySpan<byte> body)
    {
        InternetAddress from = to.IsIpv4 ? Router : RouterIpv6;
        byte[] icmp = new byte[IcmpMessage.HeaderLength + body.Length];
        icmp[0] = type;
        icmp[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(icmp.AsSpan(4), field);
        body.CopyTo(icmp.AsSpan(IcmpMessage.HeaderLength));
        ulong sum = to.IsIpv4 ? 0 : InternetChecksum.PseudoHeader(from, to, IpProtocol.Icmpv6, icmp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(icmp.AsSpan(2), InternetChecksum.Finish(InternetChecksum.Sum(icmp, sum)));
        return InIp(from, to, to.IsIpv4 ? IpProtocol.Icmp : IpProtocol.Icmpv6, icmp);
    }

    /// <summary>An ICMP error about a packet of ours, which is quoted as RFC 792 asks: IP header and 8 octets.</summary>
    public static byte[] Error(byte[] quoted, byte type, byte code, uint field = 0)
    {
        IpHeader ip = Ip(quoted);
        return Icmp(ip.Source, type, code, field, quoted.AsSpan(0, ip.PayloadOffset + Math.Min(8, ip.PayloadLength)));
    }

    /// <summary>The same packet with another sequence number; its checksum, which a quote does not show, is left alone.</summary>
    public static byte[] WithSeq(byte[] packet, SequenceNumber seq)
    {
        byte[] changed = [.. packet];
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(Ip(packet).PayloadOffset + 4), seq.Value);
        return changed;
    }

    public static IpHeader Ip(byte[] packet)
    {
        WireError error = IpHeader.TryParse(packet, out IpHeader header);
        return error is WireError.None ? header : throw new InvalidOperationException($"no IP packet: {error}");
    }

    /// <summary>Writes an IPv4 header's checksum again after a change.</summary>
    public static byte[] Resummed(byte[] packet)
    {
        int length = (packet[0] & 15) * 4;
        packet.AsSpan(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Finish(InternetChecksum.Sum(packet.AsSpan(0, length))));
        return packet;
    }
}
