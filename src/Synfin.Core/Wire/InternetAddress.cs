using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>An IPv4 or IPv6 address in 16 bytes; IPv4 is kept as ::ffff:a.b.c.d (RFC 4291 2.5.5.2).</summary>
/// <param name="high">The first eight octets, as a big-endian number.</param>
/// <param name="low">The last eight octets, as a big-endian number.</param>
public readonly partial struct InternetAddress(ulong high, ulong low) : IEquatable<InternetAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>The first eight octets, as a big-endian number.</summary>
    public ulong High { get; } = high;

    /// <summary>The last eight octets, as a big-endian number.</summary>
    public ulong Low { get; } = low;

    /// <summary>The IPv4 address 0.0.0.0.</summary>
    public static InternetAddress AnyIpv4 => FromIpv4(0);

    /// <summary>The IPv6 address ::.</summary>
    public static InternetAddress AnyIpv6 => default;

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIpv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>The IPv4 address as a number; only meaningful if <see cref="IsIpv4"/>.</summary>
    public uint Ipv4 => (uint)Low;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsUnspecified => High == 0 && (Low == 0 || Low == MappedPrefix);

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsIpv4 ? Ipv4 >> 24 == 127 : High == 0 && Low == 1;

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsIpv4 ? Ipv4 >> 28 == 0xE : High >> 56 == 0xFF;

    /// <summary>255.255.255.255.</summary>
    public bool IsLimitedBroadcast => IsIpv4 && Ipv4 == uint.MaxValue;

    /// <summary>From a number, most significant octet first.</summary>
    public static InternetAddress FromIpv4(uint address) => new(0, MappedPrefix | address);

    /// <summary>From four octets.</summary>
    public static InternetAddress FromIpv4(byte a, byte b, byte c, byte d) => FromIpv4((uint)(a << 24 | b << 16 | c << 8 | d));

    /// <summary>From 4 or 16 octets as they stand on the wire.</summary>
    /// <exception cref="ArgumentException">Another number of octets.</exception>
    public static InternetAddress FromBytes(ReadOnlySpan<byte> octets) => octets.Length switch
    {
        4 => FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(octets)),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..])),
        _ => throw new ArgumentException("an address has 4 or 16 octets", nameof(octets)),
    };

    /// <summary>Writes 4 octets for IPv4, 16 for IPv6, and returns how many.</summary>
    public int WriteTo(Span<byte> destination)
    {
        if (IsIpv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, Ipv4);
            return 4;
        }
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    /// <summary>Same address.</summary>
    public static bool operator ==(InternetAddress a, InternetAddress b) => a.Equals(b);

    /// <summary>Another address.</summary>
    public static bool operator !=(InternetAddress a, InternetAddress b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(InternetAddress other) => High == other.High && Low == other.Low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InternetAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (High ^ Low).GetHashCode();
}
