using System.Buffers.Binary;
using System.Diagnostics;
using Synfin.Wire;

namespace Synfin.Simulation.Packets;

/// <summary>Checksums of packets that the network finishes or alters.</summary>
internal static class Checksums
{
    /// <summary>Does what a device with checksum offload does: the field holds the pseudo-header's sum, the rest is added.</summary>
    public static void CompleteTcp(Span<byte> packet, int transportOffset)
    {
        Span<byte> segment = packet[transportOffset..];
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Sum(segment));
        BinaryPrimitives.WriteUInt16BigEndian(segment[TcpHeader.ChecksumOffset..], checksum);
    }

    /// <summary>Whether the TCP checksum is right.</summary>
    public static bool IsTcpRight(in PacketView view) =>
        InternetChecksum.Verify(view.Source, view.Destination, IpProtocol.Tcp, view.Transport);

    /// <summary>Writes an IP packet's length, and for IPv4 the header's checksum.</summary>
    public static void WriteIpLength(Span<byte> packet)
    {
        if (packet[0] >> 4 == 6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - IpHeader.Ipv6Length));
            return;
        }
        Debug.Assert(packet[0] >> 4 == 4, "the caller parsed an IP packet");
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        Span<byte> header = packet[..((packet[0] & 0xF) * 4)];
        header.Slice(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Sum(header)));
    }
}
