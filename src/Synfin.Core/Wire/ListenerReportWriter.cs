using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>
/// Writes which groups a host listens to: MLDv2 (RFC 3810 5.2), one group a report, or MLDv1 (RFC 2710 3) for routers that speak no
/// other. Switches that look into reports pass a group's frames on to its listeners only.
/// </summary>
public static class ListenerReportWriter
{
    /// <summary>The octets of the longest packet written here.</summary>
    public const int MaxLength = IpHeader.Ipv6Length + HopByHopLength + Version2Length;

    internal const byte Version1Report = 131;
    internal const byte Version2Report = 143;

    private const int HopByHopLength = 8;
    private const int Version1Length = 24;
    private const int Version2Length = 28;

    // Next header ICMPv6, no more than these eight octets, router alert for MLD (RFC 2711), padding.
    private const ulong HopByHop = 0x3A00_0502_0000_0100;

    /// <summary>Writes an MLDv2 report about a group, any source of which is wanted, or none any more.</summary>
    /// <param name="packet">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="source">A link-local address of the sender; unspecified while it has none (RFC 3590).</param>
    /// <param name="group">The group.</param>
    /// <param name="record">What is said about it.</param>
    /// <returns>The octets written.</returns>
    public static int WriteVersion2(Span<byte> packet, InternetAddress source, InternetAddress group, ListenerRecord record)
    {
        Span<byte> message = Start(packet, Version2Report);
        message[7] = 1;
        message[8] = (byte)record;
        group.WriteTo(message[12..]);
        return Finish(packet, source, InternetAddress.AllMulticastRouters, Version2Length);
    }

    /// <summary>Writes an MLDv1 report.</summary>
    /// <param name="packet">At least <see cref="MaxLength"/> octets.</param>
    /// <param name="source">A link-local address of the sender; unspecified while it has none (RFC 3590).</param>
    /// <param name="group">The group.</param>
    /// <returns>The octets written.</returns>
    public static int WriteVersion1(Span<byte> packet, InternetAddress source, InternetAddress group)
    {
        Span<byte> message = Start(packet, Version1Report);
        group.WriteTo(message[8..]);
        return Finish(packet, source, group, Version1Length);
    }

    private static Span<byte> Start(Span<byte> packet, byte type)
    {
        BinaryPrimitives.WriteUInt64BigEndian(packet[IpHeader.Ipv6Length..], HopByHop);
        Span<byte> message = packet[(IpHeader.Ipv6Length + HopByHopLength)..MaxLength];
        message.Clear();
        message[0] = type;
        return message;
    }

    private static int Finish(Span<byte> packet, InternetAddress source, InternetAddress destination, int length)
    {
        const byte HopByHopProtocol = 0;
        int payload = HopByHopLength + length;
        IpHeaderWriter.Write(packet, source, destination, HopByHopProtocol, payload, trafficClass: 0, timeToLive: 1, flowLabel: 0);
        Span<byte> message = packet.Slice(IpHeader.Ipv6Length + HopByHopLength, length);
        ulong sum = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Icmpv6, length);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Finish(InternetChecksum.Sum(message, sum)));
        return IpHeader.Ipv6Length + payload;
    }
}
