using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>One option of a neighbor discovery message (RFC 4861 4.6).</summary>
public readonly ref struct NeighborDiscoveryOption
{
    internal const byte SourceLinkLayerAddress = 1;
    internal const byte TargetLinkLayerAddress = 2;
    internal const byte PrefixInformation = 3;
    internal const byte MtuKind = 5;
    internal const byte RecursiveDnsServers = 25;

    private const int PrefixLengthOctets = 32;
    private const int AddressesOffset = 8;
    private const int AddressOctets = 16;

    internal NeighborDiscoveryOption(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>The option's type.</summary>
    public byte Kind => Octets[0];

    /// <summary>All of it, type and length included: a multiple of eight octets.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Reads a link-layer address of Ethernet (RFC 2464 6), source's or target's.</summary>
    public bool TryReadMac(out MacAddress address)
    {
        bool fits = Kind is SourceLinkLayerAddress or TargetLinkLayerAddress && Octets.Length == 8;
        address = fits ? MacAddress.FromBytes(Octets[2..]) : default;
        return fits && address.IsUnicast;
    }

    /// <summary>Reads the MTU of the link in octets (RFC 4861 4.6.4), whatever it is.</summary>
    public bool TryReadMtu(out uint mtu)
    {
        bool fits = Kind == MtuKind && Octets.Length == 8;
        mtu = fits ? BinaryPrimitives.ReadUInt32BigEndian(Octets[4..]) : 0;
        return fits;
    }

    /// <summary>Reads a prefix (RFC 4861 4.6.2).</summary>
    public bool TryReadPrefix(out PrefixInformation prefix)
    {
        prefix = default;
        if (Kind != PrefixInformation || Octets.Length != PrefixLengthOctets || Octets[2] > 128) return false;
        prefix = new(
            InternetAddress.FromBytes(Octets.Slice(16, 16)),
            Octets[2],
            OnLink: (Octets[3] & 0x80) != 0,
            Autonomous: (Octets[3] & 0x40) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(Octets[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(Octets[8..]));
        return true;
    }

    /// <summary>Reads recursive DNS servers (RFC 8106 5.1): how many, and for how many seconds they may be used.</summary>
    public bool TryReadDnsServers(out int count, out uint lifetime)
    {
        bool fits = Kind == RecursiveDnsServers && Octets.Length >= AddressesOffset + AddressOctets
            && (Octets.Length - AddressesOffset) % AddressOctets == 0;
        count = fits ? (Octets.Length - AddressesOffset) / AddressOctets : 0;
        lifetime = fits ? BinaryPrimitives.ReadUInt32BigEndian(Octets[4..]) : 0;
        return fits;
    }

    /// <summary>One of the servers that <see cref="TryReadDnsServers"/> has counted.</summary>
    public InternetAddress DnsServer(int index) =>
        InternetAddress.FromBytes(Octets.Slice(AddressesOffset + index * AddressOctets, AddressOctets));
}
