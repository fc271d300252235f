using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>A neighbor discovery message (RFC 4861 4) that has passed all that 6.1 and 7.1 ask.</summary>
public readonly ref struct NeighborDiscoveryMessage
{
    /// <summary>The hop limit that only a neighbour's packet can still have.</summary>
    public const byte HopLimit = 255;

    private const int TargetOffset = 8;
    private const int TargetEnd = 24;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _fixedLength;

    private NeighborDiscoveryMessage(ReadOnlySpan<byte> message, int fixedLength)
    {
        _message = message;
        _fixedLength = fixedLength;
    }

    /// <summary>Which of the messages.</summary>
    public NeighborDiscoveryType Type => (NeighborDiscoveryType)_message[0];

    /// <summary>Whose link-layer address a neighbor solicitation or advertisement is about.</summary>
    public InternetAddress Target => InternetAddress.FromBytes(_message[TargetOffset..TargetEnd]);

    /// <summary>The sender of a neighbor advertisement is a router (R).</summary>
    public bool IsRouter => (_message[4] & 0x80) != 0;

    /// <summary>A neighbor advertisement answers a solicitation (S).</summary>
    public bool IsSolicited => (_message[4] & 0x40) != 0;

    /// <summary>A neighbor advertisement may replace a cached link-layer address (O).</summary>
    public bool IsOverride => (_message[4] & 0x20) != 0;

    /// <summary>How long the sender of a router advertisement is a default router, in seconds; 0 for not at all.</summary>
    public int RouterLifetime => BinaryPrimitives.ReadUInt16BigEndian(_message[6..]);

    /// <summary>The preference in a router advertisement; the reserved value counts as medium (RFC 4191 2.2).</summary>
    public RouterPreference Preference => (_message[5] >> 3 & 3) switch
    {
        1 => RouterPreference.High,
        3 => RouterPreference.Low,
        _ => RouterPreference.Medium,
    };

    /// <summary>The options: all of them lie within the message, and none is empty.</summary>
    public OptionEnumerator GetEnumerator() => new(_message[_fixedLength..]);

    /// <summary>Finds the sender's link-layer address in solicitations and router advertisements, the target's in others.</summary>
    public bool TryFindMac(out MacAddress address)
    {
        byte kind = Type is NeighborDiscoveryType.NeighborAdvertisement or NeighborDiscoveryType.Redirect
            ? NeighborDiscoveryOption.TargetLinkLayerAddress
            : NeighborDiscoveryOption.SourceLinkLayerAddress;
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.Kind == kind && option.TryReadMac(out address)) return true;
        }
        address = default;
        return false;
    }

    /// <summary>Reads a message and checks all that the RFC asks of it, the checksum included.</summary>
    /// <param name="icmp">The message without its IP header.</param>
    /// <param name="ip">Its IP header.</param>
    /// <param name="message">Only to be used if the return value is <see cref="WireError.None"/>; borrows the octets.</param>
    public static WireError TryParse(ReadOnlySpan<byte> icmp, scoped in IpHeader ip, out NeighborDiscoveryMessage message)
    {
        message = default;
        if (icmp.Length < IcmpMessage.HeaderLength) return WireError.TruncatedIcmp;
        var type = (NeighborDiscoveryType)icmp[0];
        int fixedLength = type switch
        {
            NeighborDiscoveryType.RouterSolicitation => 8,
            NeighborDiscoveryType.RouterAdvertisement => 16,
            NeighborDiscoveryType.NeighborSolicitation or NeighborDiscoveryType.NeighborAdvertisement => TargetEnd,
            NeighborDiscoveryType.Redirect => 40,
            _ => 0,
        };
        // RFC 6980 5: never in fragments, which would hide what a switch guards against.
        bool neighbours = ip.Version == 6 && ip.TimeToLive == HopLimit && !ip.IsFragment;
        if (fixedLength == 0 || icmp[1] != 0 || !neighbours) return WireError.BadNeighborDiscovery;
        if (icmp.Length < fixedLength) return WireError.TruncatedNeighborDiscovery;
        if (!InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Icmpv6, icmp)) return WireError.BadChecksum;
        for (ReadOnlySpan<byte> rest = icmp[fixedLength..]; !rest.IsEmpty; rest = rest[(rest[1] * 8)..])
        {
            if (rest.Length < 2 || rest[1] == 0 || rest[1] * 8 > rest.Length) return WireError.BadNeighborDiscoveryOption;
        }
        message = new(icmp, fixedLength);
        if (IsPossible(in message, in ip)) return WireError.None;
        message = default;
        return WireError.BadNeighborDiscovery;
    }

    private static bool IsPossible(in NeighborDiscoveryMessage message, in IpHeader ip)
    {
        bool fromNobody = ip.Source.IsUnspecified;
        if (ip.Source.IsMulticast) return false;
        switch (message.Type)
        {
            case NeighborDiscoveryType.RouterSolicitation: // 6.1.1
                return !fromNobody || !message.TryFindMac(out _);
            case NeighborDiscoveryType.RouterAdvertisement: // 6.1.2
                return ip.Source.IsLinkLocal;
            case NeighborDiscoveryType.NeighborSolicitation: // 7.1.1
                if (message.Target.IsMulticast) return false;
                return !fromNobody || (ip.Destination.IsSolicitedNode && !message.TryFindMac(out _));
            case NeighborDiscoveryType.NeighborAdvertisement: // 7.1.2
                return !fromNobody && !message.Target.IsMulticast && !(ip.Destination.IsMulticast && message.IsSolicited);
            case NeighborDiscoveryType.Redirect: // 8.1
                return ip.Source.IsLinkLocal && !message.Target.IsMulticast;
            default:
                return false;
        }
    }

    /// <summary>Walks the options.</summary>
    public ref struct OptionEnumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _current;

        internal OptionEnumerator(ReadOnlySpan<byte> options) => _rest = options;

        /// <summary>The option that was reached.</summary>
        public readonly NeighborDiscoveryOption Current => new(_rest[.._current]);

        /// <summary>Goes to the next option.</summary>
        public bool MoveNext()
        {
            _rest = _rest[_current..];
            _current = _rest.IsEmpty ? 0 : _rest[1] * 8;
            return !_rest.IsEmpty;
        }
    }
}
