using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>An address with the length of its subnet's prefix, such as 10.9.0.2/24 or fd00::2/64.</summary>
/// <param name="Address">The address.</param>
/// <param name="Length">The prefix in bits: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
public readonly record struct AddressPrefix(InternetAddress Address, int Length)
{
    private const int MappedBits = 96;

    /// <summary>Whether <paramref name="other"/> is in the same subnet.</summary>
    public bool Contains(InternetAddress other)
    {
        if (other.IsIpv4 != Address.IsIpv4) return false;
        int bits = Address.IsIpv4 ? MappedBits + Length : Length;
        ulong highMask = Mask(Math.Min(bits, 64));
        ulong lowMask = Mask(Math.Max(bits - 64, 0));
        return ((other.High ^ Address.High) & highMask) == 0 && ((other.Low ^ Address.Low) & lowMask) == 0;
    }

    /// <summary>Reads ADDRESS/LENGTH; false if it is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AddressPrefix prefix)
    {
        prefix = default;
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0) return false;
        ReadOnlySpan<char> address = text.AsSpan(0, slash);
        if (!IPAddress.TryParse(address, out IPAddress? parsed)) return false;
        bool isIpv4 = parsed.AddressFamily == AddressFamily.InterNetwork;
        // The BSD short forms ("10.9" for 10.0.0.9) are a trap in a configuration.
        if (isIpv4 && address.Count('.') != 3) return false;
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)) return false;
        if (length > (isIpv4 ? 32 : 128)) return false;
        prefix = new(InternetAddress.FromBytes(parsed.GetAddressBytes()), length);
        return true;
    }

    /// <summary>Reads ADDRESS/LENGTH.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static AddressPrefix Parse(string text) => TryParse(text, out AddressPrefix prefix)
        ? prefix
        : throw new FormatException($"\"{text}\" is no address with a prefix length, such as 10.9.0.2/24 or fd00::2/64");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ToIPAddress(Address)}/{Length}");

    /// <summary>The address as .NET's sockets know it.</summary>
    internal static IPAddress ToIPAddress(InternetAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        return new(octets[..address.WriteTo(octets)]);
    }

    private static ulong Mask(int bits) => bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
}
