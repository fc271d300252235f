using System.Diagnostics;
using System.Text.RegularExpressions;
using Synfin.Cli.Scenarios;
using Synfin.Testing.Traits;
using Xunit;

namespace Synfin.Cli.Tests.Scenarios;

/// <summary>The capture of every scenario, as Wireshark's dissectors judge it.</summary>
public sealed class CaptureFileTests
{
    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.Select(s => s.Name)];

    [Theory, MemberData(nameof(Scenarios)), Subject(4), Subject(21)]
    public async Task Has_no_malformed_packet_and_no_wrong_checksum(string name)
    {
        string tshark = FindTshark();
        Assert.SkipWhen(tshark.Length == 0, "tshark is not installed");
        string path = Path.Combine(Path.GetTempPath(), $"synfin-{name}-{Guid.NewGuid():N}.pcapng");
        try
        {
            // A comparison has no one capture.
            string[] which = name == "http" ? ["--keep-alive"] : [];
            CommandLineRun run = await CommandLineRun.Of(["demo", name, "--pcap", path, .. which]);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            string[] packets = await Dissect(tshark, path);
            Assert.NotEmpty(packets);
            // A packet is an IP packet with a TCP segment or an ICMP message in it.
            Assert.All(packets, line => Assert.Matches("^raw:ip(v6)?:(tcp|icmp|icmpv6)", line));
            // Status 0 is a wrong checksum. Only where the network alters packets there are some.
            string[] wrong = [.. packets.Where(line => !Regex.IsMatch(line, @"^[^|]*\|\|[12,]*\|[12,]*$"))];
            if (name == "reliability") Assert.InRange(wrong.Length, 1, packets.Length / 20);
            else Assert.Empty(wrong);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string FindTshark()
    {
        string[] places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return places.Select(place => Path.Combine(place, "tshark")).FirstOrDefault(File.Exists) ?? "";
    }

    [Fact, Subject(21)]
    public async Task Shows_Wireshark_the_retransmission_and_nothing_else_suspicious()
    {
        string tshark = FindTshark();
        Assert.SkipWhen(tshark.Length == 0, "tshark is not installed");
        string path = Path.Combine(Path.GetTempPath(), $"synfin-{Guid.NewGuid():N}.pcapng");
        try
        {
            await CommandLineRun.Of("demo", "exchange", "--lose", "first data from a", "--pcap", path);
            string[] analysed = await Run(
                tshark, "-n", "-r", path, "-Y", "tcp.analysis.flags", "-T", "fields", "-e", "tcp.seq", "-e", "tcp.analysis.retransmission");
            Assert.Equal(["1\t1"], analysed);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A line a packet: its protocols, whether it is malformed, and the state of TCP's and IP's checksums.</summary>
    private static Task<string[]> Dissect(string tshark, string path) => Run(
        tshark, "-n", "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-T", "fields", "-E", "separator=|",
        "-e", "frame.protocols", "-e", "_ws.malformed", "-e", "tcp.checksum.status", "-e", "ip.checksum.status");

    private static async Task<string[]> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = new Process { StartInfo = start };
        process.Start();
        Task<string> said = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await said);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
