using System.Globalization;
using System.Text;

namespace Synfin.Drill.Expressions;

/// <summary>Python's <c>%</c> and <c>format</c> on strings, for messages: what it does not know it leaves as it stands.</summary>
internal static class CodeFormat
{
    private const int WidestField = 256;

    /// <summary><c>"%d of %d" % (a, b)</c>; a place without a value stays.</summary>
    public static string Format(string format, CodeValue values)
    {
        IReadOnlyList<CodeValue> items = values.Kind == CodeKind.List ? values.Items : [values];
        var result = new StringBuilder();
        int next = 0;
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                result.Append(format[at]);
                continue;
            }

            int end = at + 1;
            while (end < format.Length && (format[end] is '-' or '+' or ' ' or '#' or '.' || char.IsAsciiDigit(format[end]))) end++;
            if (end < format.Length && format[end] == '%') result.Append('%');
            else if (end < format.Length && next < items.Count) result.Append(Field(format[(at + 1)..end], format[end], items[next++]));
            else result.Append(format, at, Math.Min(end + 1, format.Length) - at);
            at = end;
        }

        return result.ToString();
    }

    /// <summary><c>"{} of {1}".format(a, b)</c></summary>
    public static string Fill(string format, IReadOnlyList<CodeValue> items)
    {
        var result = new StringBuilder();
        int next = 0;
        for (int at = 0; at < format.Length; at++)
        {
            int end = format[at] == '{' ? format.IndexOf('}', at) : -1;
            if (end < 0)
            {
                result.Append(format[at]);
                continue;
            }

            string name = format[(at + 1)..end].Split(':')[0];
            bool isNumbered = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
            if (!isNumbered) index = next++;
            result.Append(index < items.Count ? items[index].ToString() : format[at..(end + 1)]);
            at = end;
        }

        return result.ToString();
    }

    private static string Field(string flags, char type, CodeValue value)
    {
        int dot = flags.IndexOf('.');
        bool hasPrecision = dot >= 0;
        if (!int.TryParse(flags.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int precision)) hasPrecision = false;
        string width = (dot < 0 ? flags : flags[..dot]).TrimStart('-', '+', ' ', '#');
        int decimals = hasPrecision ? Math.Min(precision, 15) : 6;
        string text = type switch
        {
            'd' or 'i' or 'u' when value.Kind == CodeKind.Real => Math.Truncate(value.Real).ToString("0", CultureInfo.InvariantCulture),
            'd' or 'i' or 'u' when value.IsWhole => value.Integer.ToString(CultureInfo.InvariantCulture),
            'x' when value.IsWhole => value.Integer.ToString("x", CultureInfo.InvariantCulture),
            'X' when value.IsWhole => value.Integer.ToString("X", CultureInfo.InvariantCulture),
            'f' or 'F' when value.IsNumber => value.Real.ToString($"F{decimals}", CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
        if (!int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count > WidestField) return text;
        if (flags.StartsWith('-')) return text.PadRight(count);
        return text.PadLeft(count, width.StartsWith('0') ? '0' : ' ');
    }
}
