using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Synfin.Drill.Language;
using Synfin.Drill.Running;

namespace Synfin.Drill.Reporting;

/// <summary>
/// Reports for people and for grep: one line a script, and below a failure the script around its line and the packets beside the lines that
/// wanted them.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="width">The columns that details may take; the one line of a script takes what it needs.</param>
internal sealed class TextReport(TextWriter output, int width) : IDrillReport
{
    private const int LinesAround = 2;

    public void Write(ScriptReport report)
    {
        output.WriteLine(Headline(report));
        if (report.Verdict is Verdict.Failed && report.FirstFailure?.Outcome is ScriptOutcome.Failed failed)
        {
            WriteExcerpt(report.Text, failed.Line);
            WritePackets(failed.Packets);
        }
        foreach (ScriptRun run in report.Runs)
        {
            if (run.Ladder is not { } ladder) continue;
            output.WriteLine(Invariant($"  over {NameOf(run.Version)}:"));
            output.WriteLine(ladder.TrimEnd('\n'));
        }
    }

    public void Finish(DrillCounts counts) => output.WriteLine(counts.ToString());

    /// <summary>The one line of a script.</summary>
    public static string Headline(ScriptReport report)
    {
        switch (report.Verdict)
        {
            case Verdict.Passed:
                return $"PASS {report.Path}{Notes(report)}";
            case Verdict.Waived:
                return $"WAIVED {report.Path}: {report.Waiver}";
            case Verdict.Skipped:
                return $"SKIP {report.Path}: {SkipReason(report.Runs[0])}";
            case Verdict.Failed:
                ScriptRun run = report.FirstFailure!;
                var failed = (ScriptOutcome.Failed)run.Outcome;
                string when = $"at {Seconds.Of(failed.When)}, over {NameOf(run.Version)}";
                string what = $"expected {failed.Expected}; came {failed.Came}; {when}{Lenient(report)}";
                return Invariant($"FAIL {report.Path}:{failed.Line}: {what}");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The name of a family.</summary>
    public static string NameOf(IpVersion version) => version switch
    {
        IpVersion.Ipv4 => "IPv4",
        IpVersion.Ipv6 => "IPv6",
        IpVersion.Ipv4MappedIpv6 => "IPv4-mapped IPv6",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Notes(ScriptReport report)
    {
        string waived = report.Waiver is { } reason ? $" (passes; its waiver is of no use any more: {reason})" : "";
        string skipped = string.Concat(report.Skipped.Select(run => $" (not over {NameOf(run.Version)}: {SkipReason(run)})"));
        return waived + skipped + Lenient(report);
    }

    private static string Lenient(ScriptReport report)
    {
        string all = string.Join("; ", report.Leniencies);
        return all.Length == 0 ? "" : $" (lenient: {all})";
    }

    private static string SkipReason(ScriptRun run)
    {
        var skipped = (ScriptOutcome.Skipped)run.Outcome;
        return skipped.Line is { } line ? Invariant($"line {line}: {skipped.Reason}") : skipped.Reason;
    }

    private void WriteExcerpt(string text, int failing)
    {
        string[] lines = text.Split('\n');
        int first = Math.Max(1, failing - LinesAround), last = Math.Min(lines.Length, failing + LinesAround);
        for (int number = first; number <= last; number++)
        {
            string mark = number == failing ? ">" : " ";
            WriteCut(Invariant($"  {mark}{number,4}  {lines[number - 1].TrimEnd().Replace('\t', ' ')}"));
        }
    }

    private void WritePackets(IReadOnlyList<SeenPacket> packets)
    {
        if (packets.Count == 0) return;
        WriteCut("   packets (time, line, packet):");
        foreach (SeenPacket packet in packets)
        {
            string line = packet.Line is { } number ? number.ToString(CultureInfo.InvariantCulture) : "-";
            string text = packet.Text.TrimStart('<', '>', ' ');
            string time = (packet.Time.Nanoseconds / 1e9m).ToString("0.000000", CultureInfo.InvariantCulture);
            WriteCut(Invariant($"   {time,11} {line,4}  {(packet.IsInbound ? '<' : '>')} {text}"));
        }
    }

    private void WriteCut(string line) => output.WriteLine(line.Length <= width ? line : line[..(width - 3)] + "...");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
