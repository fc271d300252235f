using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>Octets to segments and back.</summary>
internal static class Packets
{
    /// <summary>Reads a packet that a stack made.</summary>
    public static void Read(ReadOnlySpan<byte> packet, ref Segment seg)
    {
        if (IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None
            || TcpHeader.TryParse(ip.Payload(packet), ref seg) is not WireError.None)
        {
            throw new InvalidOperationException("the engine made a packet that cannot be read");
        }
    }

    /// <summary>Makes a packet without options.</summary>
    public static byte[] Write(in FourTuple from, SequenceNumber seq, SequenceNumber ack, TcpFlags flags, ReadOnlySpan<byte> text)
    {
        byte[] packet = new byte[IpHeader.Ipv4Length + TcpHeader.MinimumLength + text.Length];
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        TcpHeaderWriter.Write(tcp, from.LocalPort, from.RemotePort, seq, ack, flags, 4_096, 0, default);
        text.CopyTo(tcp[TcpHeader.MinimumLength..]);
        TcpHeaderWriter.WriteChecksum(tcp, from.LocalAddress, from.RemoteAddress);
        IpHeaderWriter.Write(packet, from.LocalAddress, from.RemoteAddress, IpProtocol.Tcp, tcp.Length, 0, 64, 0);
        return packet;
    }
}
