namespace Synfin.Runtime.Tests;

/// <summary>The Internet checksum as RFC 1071 1 describes it, octet by octet: the reference that the fast one is compared with.</summary>
internal static class PlainChecksum
{
    public static long Sum(ReadOnlySpan<byte> octets)
    {
        long sum = 0;
        for (int i = 0; i < octets.Length; i++) sum += i % 2 == 0 ? octets[i] << 8 : octets[i];
        return sum;
    }

    public static ushort Fold(long sum)
    {
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)sum;
    }

    /// <summary>The pseudo-header's sum of a TCP segment in <paramref name="packet"/>.</summary>
    public static long PseudoHeader(ReadOnlySpan<byte> packet, int tcpLength)
    {
        ReadOnlySpan<byte> addresses = packet[0] >> 4 == 4 ? packet[12..20] : packet[8..40];
        return Sum(addresses) + 6 + tcpLength;
    }

    /// <summary>Whether the checksum of the TCP segment in <paramref name="packet"/> is right.</summary>
    public static bool IsTcpRight(ReadOnlySpan<byte> packet, int transportOffset) =>
        Fold(PseudoHeader(packet, packet.Length - transportOffset) + Sum(packet[transportOffset..])) == 0xFFFF;
}
