using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>An address with the length of its subnet's prefix, such as 10.9.0.2/24 or fd00::2/64.</summary>
/// <param name="Address">The address.</param>
/// <param name="Length">The prefix in bits: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
public readonly record struct AddressPrefix(InternetAddress Address, int Length)
{
    private const int MappedBits = 96;

    /// <summary>All of IPv4: 0.0.0.0/0.</summary>
    public static AddressPrefix DefaultIpv4 => new(InternetAddress.AnyIpv4, 0);

    /// <summary>All of IPv6: ::/0.</summary>
    public static AddressPrefix DefaultIpv6 => new(InternetAddress.AnyIpv6, 0);

    /// <summary>The subnet: the address with all bits behind the prefix zero.</summary>
    public AddressPrefix Network => new(new InternetAddress(Address.High & Mask(Math.Min(Bits, 64)), Address.Low & LowMask), Length);

    /// <summary>The directed broadcast address of an IPv4 subnet (RFC 1122 3.2.1.3); of no meaning in subnets of 31 or 32 bits.</summary>
    public InternetAddress Broadcast => new(Address.High, Address.Low | ~LowMask);

    private int Bits => Address.IsIpv4 ? MappedBits + Length : Length;

    private ulong LowMask => Mask(Math.Max(Bits - 64, 0));

    /// <summary>Whether <paramref name="other"/> is in the same subnet.</summary>
    public bool Contains(InternetAddress other)
    {
        if (other.IsIpv4 != Address.IsIpv4) return false;
        return ((other.High ^ Address.High) & Mask(Math.Min(Bits, 64))) == 0 && ((other.Low ^ Address.Low) & LowMask) == 0;
    }

    /// <summary>Reads ADDRESS/LENGTH; false if it is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AddressPrefix prefix)
    {
        prefix = default;
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0) return false;
        if (!InternetAddress.TryParse(text.AsSpan(0, slash), out InternetAddress address)) return false;
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)) return false;
        if (length > (address.IsIpv4 ? 32 : 128)) return false;
        prefix = new(address, length);
        return true;
    }

    /// <summary>Reads ADDRESS/LENGTH.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static AddressPrefix Parse(string text) => TryParse(text, out AddressPrefix prefix)
        ? prefix
        : throw new FormatException($"\"{text}\" is no address with a prefix length, such as 10.9.0.2/24 or fd00::2/64");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    private static ulong Mask(int bits) => bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
}
