using System.Globalization;
using System.Text;
using Synfin.Drill.Language;

namespace Synfin.Drill.Running;

/// <summary>Packets in the script's notation, for messages.</summary>
internal static class PacketText
{
    // The order in which packetdrill writes them.
    private static readonly (int Bit, char Letter)[] _flags =
        [(1, 'F'), (2, 'S'), (4, 'R'), (8, 'P'), (16, '.'), (32, 'U'), (64, 'E'), (128, 'W'), (256, 'A')];

    /// <summary>A segment; options and ports as far as they are there.</summary>
    public static string Of(ScriptSegment segment)
    {
        var text = new StringBuilder();
        if (segment.SourcePort is { } source && segment.DestinationPort is { } destination)
            text.Append(CultureInfo.InvariantCulture, $"{source}>{destination} ");
        uint end = unchecked((uint)segment.Seq + (uint)segment.Length);
        text.Append(CultureInfo.InvariantCulture, $"{Flags(segment.Flags)} {(uint)segment.Seq}:{end}({segment.Length})");
        if (segment.Ack is { } ack) text.Append(CultureInfo.InvariantCulture, $" ack {(uint)ack}");
        if (segment.Window is { } window) text.Append(CultureInfo.InvariantCulture, $" win {window}");
        if (segment.Urgent is { } urgent and not 0) text.Append(CultureInfo.InvariantCulture, $" urg {urgent}");
        if (segment.AnyOptions) text.Append(" <...>");
        else if (segment.Options.Count > 0) text.Append(' ').Append(Options(segment.Options));
        return text.ToString();
    }

    /// <summary>The letters of the flags; <c>-</c> for none.</summary>
    public static string Flags(int flags)
    {
        var text = new StringBuilder();
        foreach ((int bit, char letter) in _flags)
        {
            if ((flags & bit) != 0) text.Append(letter);
        }
        return text.Length == 0 ? "-" : text.ToString();
    }

    /// <summary>A list of options in angle brackets.</summary>
    public static string Options(System.Collections.Generic.IEnumerable<ScriptOption> options) =>
        $"<{string.Join(',', options.Select(Option))}>";

    private static string Option(ScriptOption option) => option switch
    {
        ScriptOption.NoOperation => "nop",
        ScriptOption.EndOfList => "eol",
        ScriptOption.MaximumSegmentSize mss => $"mss {mss.Value}",
        ScriptOption.WindowScale scale => $"wscale {scale.Shift}",
        ScriptOption.SackPermitted => "sackOK",
        ScriptOption.Sack sack => "sack " + string.Join(' ', sack.Blocks.Select(b => $"{(uint)b.Left}:{(uint)b.Right}")),
        ScriptOption.Timestamps timestamps => $"TS val {timestamps.Value} ecr {timestamps.Echo}",
        ScriptOption.FastOpen fastOpen =>
            $"{(fastOpen.Experimental ? "FOEXP" : "FO")} {System.Convert.ToHexStringLower(fastOpen.Cookie)}".TrimEnd(),
        ScriptOption.Unknown unknown => $"kind {unknown.Kind} 0x{System.Convert.ToHexStringLower(unknown.Content)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
