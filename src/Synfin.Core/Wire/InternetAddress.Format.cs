using System.Globalization;

namespace Synfin.Wire;

public readonly partial struct InternetAddress
{
    /// <summary>The most characters that <see cref="TryFormat"/> writes.</summary>
    public const int MaxTextLength = 39;

    /// <summary>A dotted quad, or the canonical text of RFC 5952.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxTextLength];
        bool fits = TryFormat(text, out int written);
        Debug.Assert(fits, "the longest text fits");
        return new string(text[..written]);
    }

    /// <summary>The address with a port: ADDRESS:PORT, or [ADDRESS]:PORT for IPv6 (RFC 5952 6).</summary>
    public string WithPort(ushort port) => IsIpv4
        ? string.Create(CultureInfo.InvariantCulture, $"{this}:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"[{this}]:{port}");

    /// <summary>Writes what <see cref="ToString"/> returns, without allocation.</summary>
    /// <returns>False if <paramref name="destination"/> is too short; <see cref="MaxTextLength"/> is always enough.</returns>
    public bool TryFormat(Span<char> destination, out int written) =>
        IsIpv4 ? FormatIpv4(destination, out written) : FormatIpv6(destination, out written);

    private bool FormatIpv4(Span<char> destination, out int written)
    {
        written = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            if (shift != 24 && !Append('.', destination, ref written)) return false;
            if (!Append((byte)(Ipv4 >> shift), "d", destination, ref written)) return false;
        }
        return true;
    }

    private bool FormatIpv6(Span<char> destination, out int written)
    {
        (int gap, int gapLength) = LongestRunOfZeros();
        written = 0;
        for (int i = 0; i < Groups; i++)
        {
            if (i == gap)
            {
                if (!Append(':', destination, ref written) || !Append(':', destination, ref written)) return false;
                i += gapLength - 1;
                continue;
            }
            if (i != 0 && i != gap + gapLength && !Append(':', destination, ref written)) return false;
            if (!Append(Group(i), "x", destination, ref written)) return false;
        }
        return true;
    }

    private static bool Append(char c, Span<char> destination, ref int written)
    {
        if (written == destination.Length) return false;
        destination[written++] = c;
        return true;
    }

    private static bool Append(ushort number, ReadOnlySpan<char> format, Span<char> destination, ref int written)
    {
        bool fits = number.TryFormat(destination[written..], out int digits, format, CultureInfo.InvariantCulture);
        written += digits;
        return fits;
    }

    private ushort Group(int index) => (ushort)((index < Groups / 2 ? High : Low) >> (48 - (index & 3) * 16));

    /// <summary>The first of the longest runs of zero groups; a single group is not worth a gap (RFC 5952 4.2.2, 4.2.3).</summary>
    private (int Start, int Length) LongestRunOfZeros()
    {
        int start = Groups, length = 1;
        for (int i = 0; i < Groups; i++)
        {
            int end = i;
            while (end < Groups && Group(end) == 0) end++;
            if (end - i > length) (start, length) = (i, end - i);
            i = Math.Max(i, end - 1);
        }
        return (start, start == Groups ? 0 : length);
    }
}
