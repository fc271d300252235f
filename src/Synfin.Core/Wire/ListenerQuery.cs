using System.Buffers.Binary;
using Synfin.Timers;

namespace Synfin.Wire;

/// <summary>A router asks who listens to which groups (RFC 3810 5.1; of 24 octets, RFC 2710 3).</summary>
/// <param name="Group">The group that is asked about; unspecified for all.</param>
/// <param name="MaxResponseDelay">Within which time to answer.</param>
/// <param name="IsVersion1">Whether it is of MLDv1, which wants reports of MLDv1.</param>
public readonly record struct ListenerQuery(InternetAddress Group, Duration MaxResponseDelay, bool IsVersion1)
{
    /// <summary>The ICMPv6 type.</summary>
    public const byte Type = 130;

    private const int Version1Length = 24;
    private const int Version2Length = 28;

    /// <summary>Reads a query and checks what 5.1.14 and 6.2 ask of it, the checksum included.</summary>
    /// <param name="icmp">The message without its IP header.</param>
    /// <param name="ip">Its IP header.</param>
    /// <param name="query">Only to be used if the return value is <see cref="WireError.None"/>.</param>
    public static WireError TryParse(ReadOnlySpan<byte> icmp, in IpHeader ip, out ListenerQuery query)
    {
        query = default;
        if (icmp.Length < Version1Length) return WireError.TruncatedNeighborDiscovery;
        bool possible = icmp[0] == Type && icmp[1] == 0 && ip.Version == 6 && ip.TimeToLive == 1 && !ip.IsFragment
            && ip.Source.IsLinkLocal && icmp.Length is Version1Length or >= Version2Length;
        if (!possible) return WireError.BadNeighborDiscovery;
        if (!InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Icmpv6, icmp)) return WireError.BadChecksum;
        InternetAddress group = InternetAddress.FromBytes(icmp[8..24]);
        if (!group.IsUnspecified && !group.IsMulticast) return WireError.BadNeighborDiscovery;
        bool version1 = icmp.Length == Version1Length;
        int code = BinaryPrimitives.ReadUInt16BigEndian(icmp[4..]);
        query = new(group, Duration.FromMilliseconds(version1 ? code : Milliseconds(code)), version1);
        return WireError.None;
    }

    /// <summary>5.1.3: from 32,768 on it is a floating-point number.</summary>
    private static long Milliseconds(int code) =>
        code < 0x8000 ? code : (long)((code & 0xFFF) | 0x1000) << ((code >> 12 & 7) + 3);
}
