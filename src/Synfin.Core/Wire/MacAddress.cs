using System.Buffers.Binary;
using System.Globalization;

namespace Synfin.Wire;

/// <summary>An Ethernet address, 48 bits.</summary>
/// <param name="Value">The address as a number, first octet highest; the upper 16 bits are zero.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>The octets of an address.</summary>
    public const int Length = 6;

    private const ulong GroupBit = 0x0100_0000_0000;
    private const ulong Ipv4Group = 0x0100_5E00_0000;
    private const ulong Ipv6Group = 0x3333_0000_0000;
    private const int TextLength = 17;

    /// <summary>All stations: ff:ff:ff:ff:ff:ff.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>Whether it stands for a group of stations; broadcast is one.</summary>
    public bool IsGroup => (Value & GroupBit) != 0;

    /// <summary>All zero: nobody's.</summary>
    public bool IsUnspecified => Value == 0;

    /// <summary>Whether it can be one station's.</summary>
    public bool IsUnicast => !IsGroup && !IsUnspecified;

    /// <summary>From six octets or more; only the first six count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer octets.</exception>
    public static MacAddress FromBytes(ReadOnlySpan<byte> octets) => new(
        (ulong)BinaryPrimitives.ReadUInt32BigEndian(octets) << 16 | BinaryPrimitives.ReadUInt16BigEndian(octets[4..]));

    /// <summary>The group of stations that an IP group is sent to (RFC 1112 6.4, RFC 2464 7).</summary>
    public static MacAddress ForGroup(InternetAddress group)
    {
        Debug.Assert(group.IsMulticast, "others have an address of their own");
        return group.IsIpv4 ? new(Ipv4Group | group.Ipv4 & 0x7F_FFFF) : new(Ipv6Group | (uint)group.Low);
    }

    /// <summary>Writes six octets.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(Value >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)Value);
    }

    /// <summary>Reads six pairs of hexadecimal digits with ":" or "-" between them; false if it is anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != TextLength || text[2] is not (':' or '-')) return false;
        ulong value = 0;
        for (int i = 0; i < Length; i++)
        {
            if (i > 0 && text[i * 3 - 1] != text[2]) return false;
            if (!byte.TryParse(text.Slice(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
                return false;
            value = value << 8 | octet;
        }
        address = new(value);
        return true;
    }

    /// <summary>Reads six pairs of hexadecimal digits with ":" or "-" between them.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static MacAddress Parse(string text) => TryParse(text, out MacAddress address)
        ? address
        : throw new FormatException($"\"{text}\" is no Ethernet address; write six pairs of digits, such as 02:00:00:00:00:01");

    /// <summary>Six pairs of hexadecimal digits with ":" between them.</summary>
    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
    {
        const string Digits = "0123456789abcdef";
        for (int i = 0; i < Length; i++)
        {
            int octet = (int)(value >> (Length - 1 - i) * 8) & 0xFF;
            text[i * 3] = Digits[octet >> 4];
            text[i * 3 + 1] = Digits[octet & 0xF];
            if (i > 0) text[i * 3 - 1] = ':';
        }
    });
}
