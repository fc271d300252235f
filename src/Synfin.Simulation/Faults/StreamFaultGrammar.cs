using System.Diagnostics;
using System.Globalization;

namespace Synfin.Simulation.Faults;

/// <summary>
/// The words in which stream faults are written:
/// <code>
/// fault  = name [ octets | percent ] { "port" n | "connection" n }
/// </code>
/// <see cref="Help"/> explains them.
/// </summary>
public static class StreamFaultGrammar
{
    /// <summary>The grammar for people, as the command line prints it.</summary>
    public const string Help = """
        A stream fault cuts what the application of a host writes:

          full                everything arrives (to compare with)
          partial-hang [N]    N octets (100 if none are given), then silence
          partial-fin [N]     N octets, then FIN
          partial-rst [N]     N octets, then RST
          nothing-hang        silence when it would answer
          nothing-fin         FIN when it would answer
          nothing-rst         RST when it would answer
          truncate [P%]       the first P % (50 if none are given) of what it writes before it closes, then FIN

        It may be followed by 'port N', the port on that host's side, and by 'connection N', only the Nth there.
        """;

    private const long DefaultOctets = 100;
    private const double DefaultFraction = 0.5;
    private const string Tail = "what may follow is 'port N' or 'connection N'";

    private static readonly string[] s_names =
        ["full", "partial-hang", "partial-fin", "partial-rst", "nothing-hang", "nothing-fin", "nothing-rst", "truncate"];

    /// <summary>The names of the eight faults, from the mildest on.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>The fault that <see cref="Parse"/> reads back.</summary>
    internal static string Format(StreamFault fault)
    {
        string text = fault.Kind switch
        {
            StreamFaultKind.Full => "full",
            StreamFaultKind.Hang => Cut("hang", fault.Octets),
            StreamFaultKind.Fin => Cut("fin", fault.Octets),
            StreamFaultKind.Reset => Cut("rst", fault.Octets),
            StreamFaultKind.Truncate => string.Create(CultureInfo.InvariantCulture, $"truncate {fault.Fraction * 100:0.####}%"),
            _ => throw new UnreachableException(),
        };
        if (fault.Port is { } port) text += string.Create(CultureInfo.InvariantCulture, $" port {port}");
        if (fault.Connection is { } connection) text += string.Create(CultureInfo.InvariantCulture, $" connection {connection}");
        return text;
    }

    /// <summary>Reads a fault.</summary>
    internal static StreamFault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        RuleWords words = new(text);
        StreamFault fault = Named(words);
        while (!words.IsAtEnd)
        {
            if (words.Take("port")) fault = fault.OnPort((ushort)Number(words, "port", ushort.MaxValue));
            else if (words.Take("connection")) fault = fault.OnConnection((int)Number(words, "connection", int.MaxValue));
            else throw words.Error($"'{words.Current}' is not expected here", Tail);
        }
        return fault;
    }

    private static StreamFault Named(RuleWords words)
    {
        string all = string.Join(", ", s_names);
        if (words.IsAtEnd) throw words.Error("there is nothing in it", $"write one of {all}");
        if (words.Take("full")) return StreamFault.Full();
        if (words.Take("partial-hang")) return StreamFault.HangAfter(Octets(words));
        if (words.Take("partial-fin")) return StreamFault.FinAfter(Octets(words));
        if (words.Take("partial-rst")) return StreamFault.ResetAfter(Octets(words));
        if (words.Take("nothing-hang")) return StreamFault.HangAfter(0);
        if (words.Take("nothing-fin")) return StreamFault.FinAfter(0);
        if (words.Take("nothing-rst")) return StreamFault.ResetAfter(0);
        if (words.Take("truncate")) return StreamFault.TruncateAt(Fraction(words));
        string? meant = Spelling.Nearest(words.Current, s_names);
        string advice = meant is null ? $"write one of {all}" : $"did you mean '{meant}'? The faults are {all}";
        throw words.Error($"'{words.Current}' is no stream fault", advice);
    }

    private static string Cut(string end, long octets) =>
        octets == 0 ? "nothing-" + end : string.Create(CultureInfo.InvariantCulture, $"partial-{end} {octets}");

    private static bool IsAtNumber(RuleWords words) => !words.IsAtEnd && char.IsAsciiDigit(words.Current[0]);

    private static long Octets(RuleWords words)
    {
        if (!IsAtNumber(words)) return DefaultOctets;
        int position = words.Position;
        string word = words.TakeAny("a number", "write a number of octets");
        if (!RuleGrammar.TryParseNumber(word, out long octets))
            throw words.ErrorAt(position, $"'{word}' is no number of octets", "write a number such as 100");
        if (octets == 0) throw words.ErrorAt(position, "0 octets are nothing", "write 'nothing-hang', 'nothing-fin' or 'nothing-rst'");
        return octets;
    }

    private static double Fraction(RuleWords words)
    {
        if (!IsAtNumber(words)) return DefaultFraction;
        int position = words.Position;
        string word = words.TakeAny("a percentage", "write a percentage such as 50%");
        bool isNumber = double.TryParse(
            word.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent);
        if (isNumber && word.EndsWith('%') && percent < 100) return percent / 100;
        throw words.ErrorAt(position, $"'{word}' is no part of a stream", "write a percentage below 100, such as 50%");
    }

    private static long Number(RuleWords words, string what, long most)
    {
        int position = words.Position;
        string word = words.TakeAny("a number", $"write '{what}' and a number");
        if (RuleGrammar.TryParseNumber(word, out long number) && number >= 1 && number <= most) return number;
        throw words.ErrorAt(position, $"'{word}' is no {what}", string.Create(CultureInfo.InvariantCulture, $"write 1 to {most}"));
    }
}
