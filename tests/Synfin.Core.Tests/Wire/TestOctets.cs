using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Tests.Wire;

/// <summary>Octets that are the same in every run and on every runtime (splitmix64).</summary>
internal sealed class TestOctets(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ z >> 30) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ z >> 27) * 0x94D0_49BB_1331_11EB;
        return z ^ z >> 31;
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public byte[] Take(int count)
    {
        var octets = new byte[count];
        for (int i = 0; i < count; i++) octets[i] = (byte)Next();
        return octets;
    }
}

/// <summary>Packets to read, made by the writers and by hand.</summary>
internal static class Packets
{
    public static readonly InternetAddress A4 = InternetAddress.Parse("192.0.2.1");
    public static readonly InternetAddress B4 = InternetAddress.Parse("198.51.100.7");
    public static readonly InternetAddress A6 = InternetAddress.Parse("2001:db8::1");
    public static readonly InternetAddress B6 = InternetAddress.Parse("2001:db8:0:7::b");

    public static byte[] Ip(bool v6, byte protocol, ReadOnlySpan<byte> payload, byte trafficClass = 0, byte timeToLive = 64)
    {
        var packet = new byte[(v6 ? 40 : 20) + payload.Length];
        int length = IpHeaderWriter.Write(packet, v6 ? A6 : A4, v6 ? B6 : B4, protocol, payload.Length, trafficClass, timeToLive, 0xABCDE);
        payload.CopyTo(packet.AsSpan(length));
        return packet;
    }

    /// <summary>A segment with every kind of option that a data segment has, from A to B.</summary>
    public static byte[] TcpSegment(bool v6, int text)
    {
        TcpOptions options = default;
        options.SetTimestamps(0x01020304, 0x05060708);
        options.AddSack(new SequenceNumber(100), new SequenceNumber(200));
        var segment = new byte[20 + TcpOptionWriter.Length(in options) + text];
        int header = TcpHeaderWriter.Write(
            segment, 40000, 443, new SequenceNumber(0xFFFF_FFF0), new SequenceNumber(77), TcpFlags.Ack | TcpFlags.Psh, 501, 0, in options);
        for (int i = header; i < segment.Length; i++) segment[i] = (byte)i;
        TcpHeaderWriter.WriteChecksum(segment, v6 ? A6 : A4, v6 ? B6 : B4);
        return segment;
    }

    /// <summary>An IPv6 packet with a chain of headers, each given as all its octets but the first (its next header field).</summary>
    public static byte[] Ipv6Chain(ReadOnlySpan<byte> payload, byte protocol, params (byte Kind, byte[] Header)[] chain)
    {
        int length = chain.Sum(h => h.Header.Length + 1);
        var octets = new byte[length + payload.Length];
        int at = 0;
        for (int i = 0; i < chain.Length; i++)
        {
            octets[at] = i + 1 < chain.Length ? chain[i + 1].Kind : protocol;
            chain[i].Header.CopyTo(octets, at + 1);
            at += chain[i].Header.Length + 1;
        }
        payload.CopyTo(octets.AsSpan(at));
        return Ip(v6: true, chain.Length == 0 ? protocol : chain[0].Kind, octets);
    }

    /// <summary>Puts the checksum of an IPv4 header right after it was changed by hand.</summary>
    public static byte[] WithIpv4Checksum(byte[] packet)
    {
        Span<byte> header = packet.AsSpan(0, (packet[0] & 0xF) * 4);
        header[10] = header[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Sum(header)));
        return packet;
    }
}
