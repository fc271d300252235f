using System.Globalization;

namespace Synfin.Simulation.Faults;

/// <summary>Numbers in messages.</summary>
internal static class Counted
{
    /// <summary>"never applied", "applied once", "applied 2 times".</summary>
    public static string Applied(long count) => count switch
    {
        0 => "never applied",
        1 => "applied once",
        _ => string.Create(CultureInfo.InvariantCulture, $"applied {count} times"),
    };

    /// <summary>"no segment", "1 segment", "2 segments".</summary>
    public static string Things(long count, string thing) => count switch
    {
        0 => $"no {thing}",
        1 => $"1 {thing}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}s"),
    };
}
