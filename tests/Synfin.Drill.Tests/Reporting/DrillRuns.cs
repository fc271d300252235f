using Synfin.Drill.Language;
using Synfin.Drill.Reporting;
using Synfin.Drill.Running;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Reporting;

/// <summary>Many scripts: which are found, in which order they are told, what the waivers change, and how the run ends.</summary>
public sealed class DrillRuns
{
    private const string Passing = "0 close(3) = -1 EBADF\n";

    [Fact]
    public void Folders_are_searched_in_ordinal_order_and_files_taken_as_they_are()
    {
        using var folder = new TempFolder();
        foreach (string name in (string[])["b/z.pkt", "b/A.pkt", "a.pkt", "b/note.txt", "B.pkt"]) folder.Write(name, Passing);
        string other = folder.Write("b/odd.name", Passing);
        IReadOnlyList<string> found = ScriptFinder.Find([other, folder.Path, folder.Path + "/a.pkt"]);
        Assert.Equal(["b/odd.name", "B.pkt", "a.pkt", "b/A.pkt", "b/z.pkt"], found.Select(f => Path.GetRelativePath(folder.Path, f)));
    }

    [Fact]
    public void A_path_that_is_not_there_is_told()
    {
        using var folder = new TempFolder();
        Assert.Equal("there is no file or folder 'no/such'",
            Assert.Throws<DrillUsageException>(() => ScriptFinder.Find(["no/such"])).Message);
        string message = Assert.Throws<DrillUsageException>(() => ScriptFinder.Find([folder.Path])).Message;
        Assert.Equal($"the folder '{folder.Path}' has no scripts (*.pkt)", message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void Results_come_in_order_however_many_run_at_a_time(int jobs)
    {
        using var folder = new TempFolder();
        for (int i = 0; i < 40; i++) folder.Write($"{i:00}.pkt", Passing);
        // Who comes first takes longest.
        var stage = new FakeStage(script => script.Path.EndsWith("0.pkt", StringComparison.Ordinal) ? Fail() : new ScriptOutcome.Passed());
        (int exit, string[] lines) = Run(new DrillOptions { Paths = [folder.Path], Jobs = jobs }, stage);
        string[] verdicts = [.. lines.Where(l => l[..4] is "PASS" or "FAIL")];
        Assert.Equal(40, verdicts.Length);
        for (int i = 0; i < 40; i++) Assert.Contains($"/{i:00}.pkt", verdicts[i]);
        Assert.Equal((1, "40 scripts: 36 passed, 4 failed, 0 skipped"), (exit, lines[^1]));
    }

    [Fact]
    public void A_script_that_cannot_be_read_is_skipped_and_makes_the_exit_code_2()
    {
        using var folder = new TempFolder();
        string bad = folder.Write("bad.pkt", "\n0 < S 0:5(6) win 1\n"), good = folder.Write("good.pkt", Passing);
        (int exit, string[] lines) = Run(new DrillOptions { Paths = [folder.Path] }, new FakeStage(_ => new ScriptOutcome.Passed()));
        Assert.StartsWith($"SKIP {bad}: line 2: it cannot be read: ", lines[0], StringComparison.Ordinal);
        Assert.Equal($"PASS {good}", lines[1]);
        Assert.Equal((2, "2 scripts: 1 passed, 0 failed, 1 skipped (1 cannot be read)"), (exit, lines[2]));
    }

    [Fact]
    public void A_waived_script_may_fail_and_one_that_passes_says_that_its_waiver_is_of_no_use()
    {
        using var folder = new TempFolder();
        folder.Write("bad.pkt", Passing);
        folder.Write("good.pkt", Passing);
        string waivers = folder.Write("waivers.txt", "# why\n\nbad.pkt: not yet\ngood.pkt: was bad\nnone.pkt: gone\n");
        List<string> notes = [];
        var stage = new FakeStage(
            script => script.Path.EndsWith("bad.pkt", StringComparison.Ordinal) ? Fail() : new ScriptOutcome.Passed());
        (int exit, string[] lines) = Run(new DrillOptions { Paths = [folder.Path], Waivers = waivers }, stage, notes);
        Assert.Equal($"WAIVED {folder.Path}/bad.pkt: not yet", lines[0]);
        Assert.Contains($"PASS {folder.Path}/good.pkt (passes; its waiver is of no use any more: was bad)", lines);
        Assert.Equal((0, "2 scripts: 1 passed, 0 failed, 0 skipped, 1 waived"), (exit, lines[^1]));
        Assert.Equal(["the waiver of 'none.pkt' is for no script that was run"], notes);
    }

    [Theory]
    [InlineData("a.pkt", "w.txt:1: a waiver is 'path: reason', not 'a.pkt'")]
    [InlineData("a.pkt: x\na.pkt: y", "w.txt:2: 'a.pkt' is waived twice")]
    public void Waivers_that_cannot_be_read(string text, string message) =>
        Assert.Equal(message, Assert.Throws<DrillUsageException>(() => WaiverList.Parse("w.txt", text)).Message);

    [Fact]
    public void A_waivers_path_may_leave_out_folders_but_not_half_a_name()
    {
        WaiverList waivers = WaiverList.Parse("w", "b/c.pkt: why");
        Assert.Equal(("why", "why", null), (waivers.ReasonFor("b/c.pkt"), waivers.ReasonFor("/a/b/c.pkt"), waivers.ReasonFor("ab/c.pkt")));
    }

    [Theory]
    [InlineData("--ip_version=ipv6\n0 close(3) = 0\n", "6")]
    [InlineData("0 close(3) = 0\n", "4 6 m")]
    [InlineData("0 socket(AF_INET, SOCK_STREAM, 0) = 3\n", "4")]
    [InlineData("0 socket(AF_INET6, SOCK_STREAM, 0) = 3\n", "6")]
    [InlineData("0 setsockopt(3, SOL_IP, IP_TOS, [1], 4) = 0\n", "4")]
    [InlineData("0 setsockopt(3, IPPROTO_IPV6, IPV6_TCLASS, [1], 4) = 0\n", "6")]
    [InlineData("0 < icmp unreachable frag_needed mtu 1400 [1:1(0)]\n", "4 m")]
    [InlineData("0 < icmp packet_too_big mtu 1400 [1:1(0)]\n", "6")]
    [InlineData("0 < icmp unreachable port_unreachable [1:1(0)]\n", "4 6 m")]
    [InlineData("--local_ip=10.0.0.1\n0 close(3) = 0\n", "4 m")]
    [InlineData("--local_ip=fd00::1\n0 close(3) = 0\n", "6")]
    public void The_families_are_those_that_a_script_allows(string text, string families)
    {
        Script script = ScriptParser.Parse("x.pkt", text, new Dictionary<string, string>());
        List<IpVersion> versions = Families.Of(script, new DrillOptions().Versions, out _);
        string names = string.Join(' ', versions.Select(v => v switch { IpVersion.Ipv4 => "4", IpVersion.Ipv6 => "6", _ => "m" }));
        Assert.Equal(families, names);
    }

    [Fact]
    public void A_script_of_no_wanted_family_is_skipped_and_says_why()
    {
        var options = new DrillOptions { Versions = [IpVersion.Ipv4] };
        var run = new DrillRun(options, new FakeStage(_ => new ScriptOutcome.Passed()));
        ScriptReport report = run.RunText("x.pkt", "--ip_version=ipv6\n0 close(3) = 0\n");
        Assert.Equal("SKIP x.pkt: it runs over IPv6 only (--ip_version)", TextReport.Headline(report));
    }

    private static ScriptOutcome.Failed Fail() => new ScriptOutcome.Failed(1, "this", "that", Duration.Zero);

    private static (int Exit, string[] Lines) Run(DrillOptions options, IScriptStage stage, List<string>? notes = null)
    {
        using var output = new StringWriter();
        int exit = new DrillRun(options, stage).Run(new TextReport(output, 80), note => notes?.Add(note), CancellationToken.None);
        return (exit, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
