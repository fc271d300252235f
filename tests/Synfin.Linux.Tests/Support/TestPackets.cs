using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Linux.Tests.Support;

/// <summary>Finished packets for tests of the device, made by hand.</summary>
internal static class TestPackets
{
    public const int Ipv4Size = 20;
    public const int UdpSize = 8;
    public const byte Udp = 17;

    /// <summary>IPv4 and UDP headers for a text of <paramref name="textLength"/> octets; UDP goes without a checksum.</summary>
    public static byte[] UdpHeaders(InternetAddress source, InternetAddress destination, ushort port, int textLength)
    {
        byte[] packet = new byte[Ipv4Size + UdpSize];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(packet.Length + textLength));
        packet[8] = 64;
        packet[9] = Udp;
        source.WriteTo(packet.AsSpan(12));
        destination.WriteTo(packet.AsSpan(16));
        uint sum = 0;
        for (int i = 0; i < Ipv4Size; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 7);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(UdpSize + textLength));
        return packet;
    }

    /// <summary>Sends headers and a text that lies in two pages, from <paramref name="start"/> of the first on.</summary>
    public static bool Transmit(TunQueue queue, ReadOnlySpan<byte> headers, byte[]?[] pages, int start, int length) =>
        queue.Transmit(new OutboundPacket
        {
            Header = headers,
            Text = Slices(null, pages, 0, start, length),
            TransportOffset = Ipv4Size,
            WireSegments = 1,
        });

    /// <summary>Whether an IPv4 UDP packet.</summary>
    public static bool IsUdp(ReadOnlySpan<byte> packet) => packet.Length > Ipv4Size && packet[0] >> 4 == 4 && packet[9] == Udp;

    /// <summary>Whether an IPv6 UDP packet.</summary>
    public static bool IsUdpOverIpv6(ReadOnlySpan<byte> packet) => packet.Length > 40 && packet[0] >> 4 == 6 && packet[6] == Udp;

    /// <summary>A run of octets in pages.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern TextSlices Slices(byte[]? single, byte[]?[]? ring, int head, int start, int length);
}
