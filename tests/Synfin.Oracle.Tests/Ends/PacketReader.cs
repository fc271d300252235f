using Synfin.Wire;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>Packets that a host sent.</summary>
internal static class PacketReader
{
    /// <summary>The TCP segment of a packet; false for other protocols.</summary>
    /// <exception cref="InvalidOperationException">It does not parse, or a checksum is wrong: neither may send such.</exception>
    public static bool TryRead(ReadOnlySpan<byte> packet, ref Segment seg)
    {
        if (packet.Length == 0 || packet[0] >> 4 != 4) return false;
        WireError error = IpHeader.TryParse(packet, out IpHeader ip);
        if (error is not WireError.None) throw new InvalidOperationException($"a packet does not parse: {error}");
        if (ip.Protocol != IpProtocol.Tcp) return false;
        ReadOnlySpan<byte> tcp = ip.Payload(packet);
        error = TcpHeader.TryParse(tcp, ref seg);
        if (error is not WireError.None) throw new InvalidOperationException($"a segment does not parse: {error}");
        if (!InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Tcp, tcp))
            throw new InvalidOperationException("a segment's checksum is wrong (MUST-2)");
        return true;
    }
}
