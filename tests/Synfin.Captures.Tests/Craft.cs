using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Captures.Tests;

/// <summary>Builds IP packets by hand, checksums included.</summary>
internal static class Craft
{
    public static readonly byte[] Mss1460 = [2, 4, 0x05, 0xB4];

    public static readonly byte[] SynOptions = [2, 4, 0x05, 0xB4, 4, 2, 1, 3, 3, 7, 0, 0];

    public static byte[] Tcp(
        InternetAddress source, ushort sourcePort, InternetAddress destination, ushort destinationPort,
        TcpFlags flags, uint seq, uint ack = 0, ushort wnd = 64240, ushort up = 0, byte[]? options = null, byte[]? text = null)
    {
        options ??= [];
        text ??= [];
        var tcp = new byte[20 + options.Length + text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), seq);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), ack);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(12), (ushort)((20 + options.Length) / 4 << 12 | (int)flags));
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), wnd);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(18), up);
        options.CopyTo(tcp, 20);
        text.CopyTo(tcp, 20 + options.Length);
        uint pseudo = AddressSum(source) + AddressSum(destination) + 6 + (uint)tcp.Length;
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(16), Checksum(tcp, pseudo));
        return Ip(source, destination, 6, tcp);
    }

    /// <summary>An ICMP error (or the ICMPv6 one) that quotes the start of a packet.</summary>
    public static byte[] Icmp(InternetAddress source, InternetAddress destination, byte type, byte code, byte[] quoted)
    {
        var icmp = new byte[8 + quoted.Length];
        icmp[0] = type;
        icmp[1] = code;
        quoted.CopyTo(icmp, 8);
        uint pseudo = source.IsIpv4 ? 0 : AddressSum(source) + AddressSum(destination) + 58 + (uint)icmp.Length;
        BinaryPrimitives.WriteUInt16BigEndian(icmp.AsSpan(2), Checksum(icmp, pseudo));
        return Ip(source, destination, source.IsIpv4 ? (byte)1 : (byte)58, icmp);
    }

    public static byte[] Ip(InternetAddress source, InternetAddress destination, byte protocol, byte[] payload)
    {
        byte[] packet;
        if (source.IsIpv4)
        {
            packet = new byte[20 + payload.Length];
            packet[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            packet[6] = 0x40;
            packet[8] = 64;
            packet[9] = protocol;
            source.WriteTo(packet.AsSpan(12));
            destination.WriteTo(packet.AsSpan(16));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20), 0));
            payload.CopyTo(packet, 20);
            return packet;
        }
        packet = new byte[40 + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload.Length);
        packet[6] = protocol;
        packet[7] = 64;
        source.WriteTo(packet.AsSpan(8));
        destination.WriteTo(packet.AsSpan(24));
        payload.CopyTo(packet, 40);
        return packet;
    }

    private static uint AddressSum(InternetAddress address)
    {
        var octets = new byte[16];
        return Sum(octets.AsSpan(0, address.WriteTo(octets)));
    }

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i++) sum += (i & 1) == 0 ? (uint)octets[i] << 8 : octets[i];
        return sum;
    }

    private static ushort Checksum(ReadOnlySpan<byte> octets, uint start)
    {
        uint sum = start + Sum(octets);
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
