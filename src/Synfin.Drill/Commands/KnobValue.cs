using System.Globalization;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Drill.Commands;

/// <summary>Reads the values of knobs; a <see cref="FormatException"/> says what a value may be.</summary>
internal static class KnobValue
{
    /// <summary>A whole number within bounds.</summary>
    public static int Number(string value, int least = 0, int most = int.MaxValue) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= most
            ? number
            : throw new FormatException($"it is a whole number from {least} to {most}");

    /// <summary>0 or 1.</summary>
    public static bool Switch(string value) => Number(value, 0, 1) == 1;

    /// <summary>0, 1 or 2, in Linux and FreeBSD alike.</summary>
    public static EcnMode Ecn(string value) => Number(value) switch
    {
        0 => EcnMode.Off,
        1 => EcnMode.Request,
        2 => EcnMode.Accept,
        _ => throw new FormatException("only 0, 1 and 2 can: Accurate ECN (RFC 9768) is not there"),
    };

    /// <summary>A time, 1 ms at least.</summary>
    public static Duration Milliseconds(string value) => Duration.FromMilliseconds(Number(value, 1));

    /// <summary>A time, 1 s at least.</summary>
    public static Duration Seconds(string value) => Duration.FromSeconds(Number(value, 1));

    /// <summary>A buffer's size that the engine can have.</summary>
    public static int Buffer(string value) => Math.Clamp(Number(value), 1_024, 1 << 30);

    /// <summary>Linux's three numbers: least, default and most.</summary>
    public static (int Default, int Most) Triple(string value)
    {
        string[] parts = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3) throw new FormatException("it is three numbers: least, default and most");
        return (Buffer(parts[1]), Buffer(parts[2]));
    }
}
