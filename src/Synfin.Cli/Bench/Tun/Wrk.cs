using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Synfin.Cli.Bench.Tun;

/// <summary>The load generator wrk, in a process of its own.</summary>
internal static partial class Wrk
{
    private const int Connections = 64;

    /// <summary>Why it cannot be run here; null if it can.</summary>
    public static string? Unavailable { get; } =
        TunWorld.Unavailable ?? (Exists("wrk") ? null : "needs the program wrk (Debian's package of that name)");

    /// <summary>Asks for a page as often as it can.</summary>
    /// <param name="start">Starts a program where the server can be reached.</param>
    /// <param name="url">The page.</param>
    /// <param name="budget">How long, whole seconds and at least one.</param>
    /// <returns>Requests a second.</returns>
    public static double Run(Func<ProcessStartInfo, Process> start, string url, TimeSpan budget)
    {
        string seconds = Math.Max(1, (int)Math.Round(budget.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var program = new ProcessStartInfo("wrk", ["-t1", $"-c{Connections}", $"-d{seconds}s", url]) { RedirectStandardOutput = true };
        using Process wrk = start(program);
        string report = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        Match rate = RequestsPerSecond().Match(report);
        bool isWhole = wrk.ExitCode == 0 && rate.Success && !report.Contains("Socket errors", StringComparison.Ordinal)
            && !report.Contains("Non-2xx", StringComparison.Ordinal);
        if (!isWhole) throw new IOException($"wrk was not served: {report}");
        return double.Parse(rate.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex RequestsPerSecond();
}
