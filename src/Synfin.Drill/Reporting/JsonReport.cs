using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using Synfin.Drill.Running;

namespace Synfin.Drill.Reporting;

/// <summary>
/// Reports for programs: one JSON object a line and script (<c>"format": "synfin-drill/1"</c>), and one with the counts at the end. What
/// there is nothing to say about is left out; times are nanoseconds since the script's start.
/// </summary>
/// <param name="output">Where to.</param>
internal sealed class JsonReport(TextWriter output) : IDrillReport
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public void Write(ScriptReport report) => WriteLine(json =>
    {
        json.WriteString("format", "synfin-drill/1");
        json.WriteString("script", report.Path);
        json.WriteString("verdict", report.Verdict.ToString().ToLowerInvariant());
        if (report.Waiver is { } waiver) json.WriteString("waiver", waiver);
        if (report.IsUnreadable) json.WriteBoolean("unreadable", true);
        json.WriteStartArray("runs");
        foreach (ScriptRun run in report.Runs) WriteRun(json, run);
        json.WriteEndArray();
    });

    public void Finish(DrillCounts counts) => WriteLine(json =>
    {
        json.WriteString("format", "synfin-drill/1");
        json.WriteNumber("scripts", counts.Total);
        json.WriteNumber("passed", counts.Passed);
        json.WriteNumber("failed", counts.Failed);
        json.WriteNumber("skipped", counts.Skipped);
        json.WriteNumber("waived", counts.Waived);
        json.WriteNumber("unreadable", counts.Unreadable);
    });

    private static void WriteRun(Utf8JsonWriter json, ScriptRun run)
    {
        json.WriteStartObject();
        json.WriteString("ip", NameOf(run));
        json.WriteString("profile", run.Profile.ToString().ToLowerInvariant());
        switch (run.Outcome)
        {
            case ScriptOutcome.Passed:
                json.WriteString("outcome", "passed");
                break;
            case ScriptOutcome.Failed failed:
                json.WriteString("outcome", "failed");
                json.WriteNumber("line", failed.Line);
                json.WriteString("expected", failed.Expected);
                json.WriteString("came", failed.Came);
                json.WriteNumber("time", failed.When.Nanoseconds);
                WritePackets(json, failed.Packets);
                break;
            case ScriptOutcome.Skipped skipped:
                json.WriteString("outcome", "skipped");
                if (skipped.Line is { } line) json.WriteNumber("line", line);
                json.WriteString("reason", skipped.Reason);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
        if (run.Outcome.Leniencies.Count > 0)
        {
            json.WriteStartArray("leniencies");
            foreach (string leniency in run.Outcome.Leniencies) json.WriteStringValue(leniency);
            json.WriteEndArray();
        }
        if (run.Ladder is { } ladder) json.WriteString("ladder", ladder);
        json.WriteEndObject();
    }

    private static string NameOf(ScriptRun run) => run.Version switch
    {
        Language.IpVersion.Ipv4 => "4",
        Language.IpVersion.Ipv6 => "6",
        Language.IpVersion.Ipv4MappedIpv6 => "mapped",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static void WritePackets(Utf8JsonWriter json, IReadOnlyList<SeenPacket> packets)
    {
        json.WriteStartArray("packets");
        foreach (SeenPacket packet in packets)
        {
            json.WriteStartObject();
            json.WriteNumber("time", packet.Time.Nanoseconds);
            json.WriteString("direction", packet.IsInbound ? "in" : "out");
            json.WriteString("packet", packet.Text.TrimStart('<', '>', ' '));
            if (packet.Line is { } line) json.WriteNumber("line", line);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteLine(System.Action<Utf8JsonWriter> write)
    {
        _buffer.ResetWrittenCount();
        // Angle brackets stay readable: this is no HTML.
        var options = new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(_buffer, options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(_buffer.WrittenSpan));
    }
}
