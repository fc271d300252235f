using System.Diagnostics;
using System.Globalization;
using Synfin.Timers;

namespace Synfin.Simulation.Faults;

/// <summary>
/// The words in which rules are written:
/// <code>
/// rule   = [ verdict ] [ "the" ] [ which ] [ age ] what { where } [ n "times" ] [ "by" duration ]
/// </code>
/// <see cref="Help"/> explains them.
/// </summary>
public static class RuleGrammar
{
    /// <summary>The grammar for people, as the command line prints it.</summary>
    public const string Help = """
        A rule names segments, and says what happens to them:

          [verdict] [which] [age] what [where ...]

          verdict  lose (if none is given) | pass | corrupt
                   delay RULE by 3s | duplicate RULE [2 times] [by 10ms]
          which    first (if none is given) | second | 2nd | third | 3rd | ... | every
          age      original | retransmitted
          what     SYN | SYN-ACK | ACK | handshake ACK | ACK of FIN | FIN | RST | data | urgent | ICMP
                   segment [N]   any TCP segment, or the Nth
                   byte N        the segment that carries octet N of its sender's stream (0 is the first)
          where    from HOST | to HOST | port N | with byte N
          times    ns, us, ms, s, min

        ACK is an acknowledgment and nothing else; SYN is one without ACK; FIN and data may come with anything.

          FIN from b                      the first FIN that b sends is lost
          second FIN from b               its first retransmission is lost
          every SYN from a                a can never open a connection
          handshake ACK                   the third segment of the handshake is lost
          ACK of FIN from a               a's acknowledgment of the peer's FIN is lost
          byte 10000 from a               the segment with this octet is lost once
          retransmitted data from a       the first retransmission of text is lost
          delay first data from a by 3s   later segments overtake it
          duplicate SYN-ACK               the peer sees it twice
        """;

    private static readonly string[] s_ordinals =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    private static readonly (string Unit, long Nanoseconds)[] s_units =
        [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000)];

    /// <summary>The name of a kind of segment in the grammar.</summary>
    public static string NameOf(SegmentKind kind) => kind switch
    {
        SegmentKind.Any => "segment",
        SegmentKind.Syn => "SYN",
        SegmentKind.SynAck => "SYN-ACK",
        SegmentKind.Ack => "ACK",
        SegmentKind.HandshakeAck => "handshake ACK",
        SegmentKind.AckOfFin => "ACK of FIN",
        SegmentKind.Fin => "FIN",
        SegmentKind.Rst => "RST",
        SegmentKind.Data => "data",
        SegmentKind.Urgent => "urgent",
        SegmentKind.Icmp => "ICMP",
        _ => throw new UnreachableException(),
    };

    /// <summary><c>first</c> to <c>tenth</c>, then <c>11th</c> and so on.</summary>
    public static string FormatOrdinal(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ordinal);
        if (ordinal <= s_ordinals.Length) return s_ordinals[ordinal - 1];
        string suffix = (ordinal % 100 is >= 11 and <= 13, ordinal % 10) switch
        {
            (false, 1) => "st",
            (false, 2) => "nd",
            (false, 3) => "rd",
            _ => "th",
        };
        return ordinal.ToString(CultureInfo.InvariantCulture) + suffix;
    }

    /// <summary>A duration in the largest unit that divides it, such as <c>1500ms</c>.</summary>
    public static string Format(Duration duration)
    {
        for (int i = s_units.Length - 1; i > 0; i--)
        {
            (string unit, long nanoseconds) = s_units[i];
            if (duration.Nanoseconds % nanoseconds != 0) continue;
            return (duration.Nanoseconds / nanoseconds).ToString(CultureInfo.InvariantCulture) + unit;
        }
        return duration.Nanoseconds.ToString(CultureInfo.InvariantCulture) + "ns";
    }

    /// <summary>Reads <c>first</c>, <c>2nd</c>, <c>11th</c>.</summary>
    public static bool TryParseOrdinal(string word, out int ordinal)
    {
        ArgumentNullException.ThrowIfNull(word);
        int index = Array.FindIndex(s_ordinals, name => name.Equals(word, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            ordinal = index + 1;
            return true;
        }
        ordinal = 0;
        if (word.Length < 3 || !char.IsAsciiDigit(word[0])) return false;
        if (word[^2..].ToUpperInvariant() is not ("ST" or "ND" or "RD" or "TH")) return false;
        return int.TryParse(word[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out ordinal) && ordinal > 0;
    }

    /// <summary>Reads a number, with or without commas or underscores between its digits.</summary>
    public static bool TryParseNumber(string word, out long number)
    {
        ArgumentNullException.ThrowIfNull(word);
        string digits = word.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads <c>3s</c>, <c>200ms</c>, <c>1.5s</c>, <c>50us</c>, <c>2min</c>.</summary>
    public static bool TryParseDuration(string text, out Duration duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        int digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
        int unit = Array.FindIndex(s_units, u => u.Unit.Equals(text[digits..], StringComparison.OrdinalIgnoreCase));
        if (unit < 0) return false;
        NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text[..digits], style, CultureInfo.InvariantCulture, out decimal amount)) return false;
        decimal nanoseconds = amount * s_units[unit].Nanoseconds;
        if (nanoseconds > long.MaxValue / 2) return false;
        duration = new Duration((long)nanoseconds);
        return true;
    }
}
