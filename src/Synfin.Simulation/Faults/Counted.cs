using System.Globalization;

namespace Synfin.Simulation.Faults;

/// <summary>Numbers in messages.</summary>
internal static class Counted
{
    /// <summary>"never", "once", "2 times".</summary>
    public static string Times(long count) => count switch
    {
        0 => "never",
        1 => "once",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} times"),
    };

    /// <summary>"no segment", "1 segment", "2 segments".</summary>
    public static string Things(long count, string thing) => count switch
    {
        0 => $"no {thing}",
        1 => $"1 {thing}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}s"),
    };
}
