using System.Globalization;

namespace Synfin.Wire;

public readonly partial struct InternetAddress
{
    private const int Groups = 8;

    /// <summary>
    /// Reads an address: four decimal numbers without leading zeros for IPv4, any form of RFC 4291 2.2 for IPv6 (so ::ffff:192.0.2.1 is the
    /// IPv4 address 192.0.2.1). Zones, ports, brackets and spaces are not part of an address.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InternetAddress address) => Read(text, out address) is null;

    /// <summary>Reads an address as <see cref="TryParse"/> does.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong.</exception>
    public static InternetAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out InternetAddress address) is { } reason
            ? throw new FormatException($"'{text}' is no IP address: {reason}")
            : address;
    }

    /// <summary>Returns what is wrong, or null.</summary>
    private static string? Read(ReadOnlySpan<char> text, out InternetAddress address)
    {
        address = default;
        if (text.Contains(':')) return ReadIpv6(text, out address);
        string? reason = ReadIpv4(text, out uint number);
        if (reason is null) address = FromIpv4(number);
        return reason;
    }

    private static string? ReadIpv4(ReadOnlySpan<char> text, out uint number)
    {
        number = 0;
        for (int i = 0; i < 4; i++)
        {
            int dot = text.IndexOf('.');
            if (dot < 0 != (i == 3)) return "IPv4 has four numbers with dots between them";
            ReadOnlySpan<char> part = i == 3 ? text : text[..dot];
            if (part.Length is 0 or > 3) return "a number has one to three digits";
            if (part.Length > 1 && part[0] == '0') return "a leading zero could mean octal";
            if (!uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out uint octet))
                return "a number has decimal digits only";
            if (octet > byte.MaxValue) return "a number is larger than 255";
            number = number << 8 | octet;
            text = text[(dot + 1)..];
        }
        return null;
    }

    private static string? ReadIpv6(ReadOnlySpan<char> text, out InternetAddress address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[Groups];
        int gap = text.IndexOf("::");
        int count, after = 0;
        string? reason;
        if (gap < 0)
        {
            reason = ReadGroups(text, groups, last: true, out count);
            if (reason is null && count < Groups) reason = "fewer than eight groups, and no ::";
        }
        else
        {
            Span<ushort> tail = stackalloc ushort[Groups];
            reason = ReadGroups(text[..gap], groups, last: false, out count) ?? ReadGroups(text[(gap + 2)..], tail, last: true, out after);
            if (reason is null && count + after >= Groups) reason = "a :: stands for at least one group";
            if (reason is null) tail[..after].CopyTo(groups[(Groups - after)..]);
        }
        if (reason is not null) return reason;
        ulong high = 0, low = 0;
        for (int i = 0; i < Groups / 2; i++)
        {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + Groups / 2];
        }
        address = new InternetAddress(high, low);
        return null;
    }

    /// <summary>Reads groups with colons between them; only the <paramref name="last"/> of an address may be a dotted quad.</summary>
    private static string? ReadGroups(ReadOnlySpan<char> text, Span<ushort> groups, bool last, out int count)
    {
        count = 0;
        if (text.IsEmpty) return null;
        while (true)
        {
            int colon = text.IndexOf(':');
            ReadOnlySpan<char> part = colon < 0 ? text : text[..colon];
            if (last && colon < 0 && part.Contains('.'))
            {
                if (count > Groups - 2) return "more than eight groups";
                if (ReadIpv4(part, out uint quad) is { } reason) return reason;
                groups[count++] = (ushort)(quad >> 16);
                groups[count++] = (ushort)quad;
                return null;
            }
            if (count == Groups) return "more than eight groups";
            if (part.Length is 0 or > 4) return "a group has one to four digits, and :: stands only once";
            if (!ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count++]))
                return "a group has hexadecimal digits only";
            if (colon < 0) return null;
            text = text[(colon + 1)..];
        }
    }
}
