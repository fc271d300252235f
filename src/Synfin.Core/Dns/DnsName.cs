using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Synfin.Dns;

/// <summary>
/// A domain name as it stands on the wire (RFC 1035 3.1), absolute, in lower case: names are equal whatever the case of their ASCII letters
/// (RFC 4343).
/// </summary>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>The most octets of a name, length octets and the root's zero included (RFC 1035 2.3.4).</summary>
    public const int MaxOctets = 255;

    /// <summary>The most octets of a label (RFC 1035 2.3.4).</summary>
    public const int MaxLabelOctets = 63;

    private const byte PointerBits = 0xC0;

    private readonly byte[] _octets;

    private DnsName(ReadOnlySpan<byte> octets) => _octets = octets.ToArray();

    /// <summary>The name on the wire, without compression.</summary>
    public ReadOnlySpan<byte> Octets => _octets;

    /// <summary>How many labels it has, the root's apart.</summary>
    public int LabelCount
    {
        get
        {
            int count = 0;
            for (int at = 0; _octets[at] != 0; at += 1 + _octets[at]) count++;
            return count;
        }
    }

    /// <summary>Reads a name with dots between its labels; a dot at the end changes nothing.</summary>
    /// <param name="text">Visible ASCII characters; names of other letters have a form with xn-- (RFC 5891).</param>
    /// <param name="name">The name.</param>
    /// <param name="reason">What is wrong, as the end of a sentence.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsName? name, [NotNullWhen(false)] out string? reason)
    {
        Span<byte> octets = stackalloc byte[MaxOctets];
        int length = 0;
        name = null;
        reason = "it is empty";
        if (text.IsEmpty) return false;
        if (text.EndsWith('.')) text = text[..^1];
        while (!text.IsEmpty)
        {
            int dot = text.IndexOf('.');
            ReadOnlySpan<char> label = dot < 0 ? text : text[..dot];
            reason = ReadLabel(label, octets, ref length);
            if (reason is not null) return false;
            text = dot < 0 ? default : text[(dot + 1)..];
            if (dot >= 0 && text.IsEmpty) text = "."; // a second dot at the end: an empty label
        }
        octets[length++] = 0;
        name = new DnsName(octets[..length]);
        reason = null;
        return true;
    }

    /// <summary>
    /// Reads a name from a message (RFC 1035 4.1.4) in lower case. A pointer leads to before the part that holds it, and a name has at most
    /// <see cref="MaxOctets"/>, so that nothing goes round in circles.
    /// </summary>
    /// <param name="message">The whole message: pointers count from its start.</param>
    /// <param name="offset">Where the name begins; then where it ends.</param>
    /// <param name="destination">At least <see cref="MaxOctets"/>.</param>
    /// <param name="length">The octets of the name.</param>
    /// <returns>False, and <paramref name="offset"/> unchanged, if there is no name.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int offset, Span<byte> destination, out int length)
    {
        length = 0;
        int at = offset, partStart = offset, end = -1;
        while ((uint)at < (uint)message.Length)
        {
            byte octet = message[at];
            if ((octet & PointerBits) == PointerBits)
            {
                if (at + 1 >= message.Length) return false;
                int target = (octet & ~PointerBits) << 8 | message[at + 1];
                if (end < 0) end = at + 2;
                if (target >= partStart) return false;
                at = partStart = target;
                continue;
            }
            if (octet > MaxLabelOctets || length + octet + 1 > MaxOctets || at + 1 + octet > message.Length) return false;
            destination[length++] = octet;
            if (octet == 0)
            {
                offset = end < 0 ? at + 1 : end;
                return true;
            }
            // What ends here is no root yet: there must be room for its octet, which the next round asks for.
            foreach (byte character in message.Slice(at + 1, octet)) destination[length++] = ToLower(character);
            at += 1 + octet;
        }
        return false;
    }

    /// <summary>The name that <see cref="TryRead"/> read.</summary>
    /// <exception cref="ArgumentException">These octets are no name.</exception>
    public static DnsName FromOctets(ReadOnlySpan<byte> octets)
    {
        Span<byte> name = stackalloc byte[MaxOctets];
        int offset = 0;
        bool isName = TryRead(octets, ref offset, name, out int length) && length == octets.Length;
        return isName ? new DnsName(name[..length]) : throw new ArgumentException("no name", nameof(octets));
    }

    /// <summary>This name in front of another: "www" and "example." give "www.example.".</summary>
    /// <returns>Null if that is too long.</returns>
    public DnsName? Within(DnsName domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        int length = _octets.Length - 1 + domain._octets.Length;
        if (length > MaxOctets) return null;
        Span<byte> octets = stackalloc byte[MaxOctets];
        Octets[..^1].CopyTo(octets);
        domain.Octets.CopyTo(octets[(_octets.Length - 1)..]);
        return new DnsName(octets[..length]);
    }

    /// <summary>Whether this is <paramref name="domain"/> or a name below it.</summary>
    public bool IsWithin(DnsName domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return IsWithin(_octets, domain._octets);
    }

    /// <summary>Whether one name, on the wire and in lower case, is another or below it.</summary>
    public static bool IsWithin(ReadOnlySpan<byte> name, ReadOnlySpan<byte> domain)
    {
        while (name.Length > domain.Length && name[0] < name.Length) name = name[(1 + name[0])..];
        return name.SequenceEqual(domain);
    }

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && Octets.SequenceEqual(other.Octets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        uint hash = 2_166_136_261; // FNV-1a
        foreach (byte octet in _octets) hash = unchecked((hash ^ octet) * 16_777_619);
        return (int)hash;
    }

    /// <summary>The name with a dot at its end; octets that are no visible ASCII, and dots in labels, as \DDD (RFC 1035 5.1).</summary>
    public override string ToString()
    {
        if (_octets.Length == 1) return ".";
        StringBuilder text = new(_octets.Length);
        for (int at = 0; _octets[at] != 0; at += 1 + _octets[at])
        {
            foreach (byte octet in _octets.AsSpan(at + 1, _octets[at]))
            {
                if (octet is > 0x20 and < 0x7F and not (byte)'.' and not (byte)'\\') text.Append((char)octet);
                else text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
            }
            text.Append('.');
        }
        return text.ToString();
    }

    private static string? ReadLabel(ReadOnlySpan<char> label, Span<byte> octets, ref int length)
    {
        if (label.IsEmpty || label is ".") return "a label is empty";
        if (label.Length > MaxLabelOctets) return $"a label has more than {MaxLabelOctets} octets";
        if (length + 1 + label.Length + 1 > MaxOctets) return $"it has more than {MaxOctets} octets";
        octets[length++] = (byte)label.Length;
        foreach (char character in label)
        {
            if (character > 0x7F) return "it has letters beyond ASCII: use its form with xn-- (System.Globalization.IdnMapping)";
            if (character is <= ' ' or '\x7F') return "it has white space or control characters";
            octets[length++] = ToLower((byte)character);
        }
        return null;
    }

    private static byte ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
}
