using System.Text.Json;
using Synfin.Drill.Language;
using Synfin.Drill.Reporting;
using Synfin.Drill.Running;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Reporting;

/// <summary>What is said of a script: its line, the details of a failure, and the same as JSON.</summary>
public sealed class Headlines
{
    private const string Text = "// one\n0 a\n"
        + "+0 b that is far too long a line for a terminal of eighty columns, as scripts have them at times\n+0 c\n+0 d\n+0 e\n";

    [Fact]
    public void Passed() => Assert.Equal("PASS x.pkt", TextReport.Headline(Report(new ScriptOutcome.Passed())));

    [Fact]
    public void Passed_with_leniencies_names_them() => Assert.Equal(
        "PASS x.pkt (lenient: line 3: PSH is there)",
        TextReport.Headline(Report(new ScriptOutcome.Passed { Leniencies = ["line 3: PSH is there", "line 3: PSH is there"] })));

    [Fact]
    public void Passed_in_one_family_names_the_other() => Assert.Equal(
        "PASS x.pkt (not over IPv6: line 4: why)",
        TextReport.Headline(Report(new ScriptOutcome.Passed(), new ScriptOutcome.Skipped(4, "why"))));

    [Fact]
    public void Skipped() => Assert.Equal("SKIP x.pkt: line 7: there is no call splice()",
        TextReport.Headline(Report(new ScriptOutcome.Skipped(7, "there is no call splice()"))));

    [Fact]
    public void Failed() => Assert.Equal(
        "FAIL x.pkt:4: expected > . 1:1(0) ack 1 at 0.1 s; came nothing until 0.2 s; at 0.2 s, over IPv6",
        TextReport.Headline(Report(new ScriptOutcome.Passed(), Failure())));

    [Fact]
    public void A_failure_shows_the_lines_around_and_the_packets_within_the_terminals_width()
    {
        using var output = new StringWriter();
        new TextReport(output, 80).Write(Report(Failure()));
        string[] lines = output.ToString().Split('\n');
        Assert.Equal(
            [
                "      2  0 a",
                "      3  +0 b that is far too long a line for a terminal of eighty columns, a...",
                "  >   4  +0 c",
                "      5  +0 d",
                "      6  +0 e",
                "   packets (time, line, packet):",
                "      0.000000    2  < S 0:0(0) win 5",
                "      0.125000    -  > R 1:1(0)",
                "",
            ],
            lines[1..]);
        Assert.All(lines[1..], line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Json_has_it_all_and_a_line_a_script()
    {
        using var output = new StringWriter();
        var report = new JsonReport(output);
        report.Write(Report(new ScriptOutcome.Passed { Leniencies = ["line 3: PSH is there"] }, Failure()) with { Waiver = "why" });
        report.Finish(new DrillCounts(1, 2, 3, 4, 1));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        using JsonDocument script = JsonDocument.Parse(lines[0]);
        JsonElement root = script.RootElement, runs = root.GetProperty("runs");
        Assert.Equal(("x.pkt", "waived", "why"), (S(root, "script"), S(root, "verdict"), S(root, "waiver")));
        Assert.Equal(("4", "linux", "passed", "line 3: PSH is there"),
            (S(runs[0], "ip"), S(runs[0], "profile"), S(runs[0], "outcome"), runs[0].GetProperty("leniencies")[0].GetString()));
        Assert.Equal(("6", "failed", "> . 1:1(0) ack 1 at 0.1 s", "nothing until 0.2 s"),
            (S(runs[1], "ip"), S(runs[1], "outcome"), S(runs[1], "expected"), S(runs[1], "came")));
        Assert.Equal((4, 200_000_000), (runs[1].GetProperty("line").GetInt32(), runs[1].GetProperty("time").GetInt64()));
        Assert.Equal(("in", "S 0:0(0) win 5"),
            (S(runs[1].GetProperty("packets")[0], "direction"), S(runs[1].GetProperty("packets")[0], "packet")));
        using JsonDocument counts = JsonDocument.Parse(lines[1]);
        Assert.Equal((10, 1, 2, 3, 4),
            (N(counts, "scripts"), N(counts, "passed"), N(counts, "failed"), N(counts, "skipped"), N(counts, "waived")));
    }

    private static string? S(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int N(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetInt32();

    private static ScriptOutcome.Failed Failure() =>
        new(4, "> . 1:1(0) ack 1 at 0.1 s", "nothing until 0.2 s", Duration.FromSeconds(0.2))
        {
            Packets =
            [
                new SeenPacket(Duration.Zero, IsInbound: true, "< S 0:0(0) win 5", 2),
                new SeenPacket(Duration.FromSeconds(0.125), IsInbound: false, "R 1:1(0)", null),
            ],
        };

    private static ScriptReport Report(params ScriptOutcome[] outcomes) =>
        new("x.pkt", Text, [.. outcomes.Select((o, i) => new ScriptRun(i == 0 ? IpVersion.Ipv4 : IpVersion.Ipv6, DrillProfile.Linux, o))]);
}
