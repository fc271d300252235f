using System.Globalization;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>Times for messages: seconds as scripts have them, to the microsecond, without zeros at the end.</summary>
internal static class Seconds
{
    /// <summary>Such as <c>0.1 s</c>.</summary>
    public static string Of(Duration time) => (time.Nanoseconds / 1e9m).ToString("0.######", CultureInfo.InvariantCulture) + " s";
}
