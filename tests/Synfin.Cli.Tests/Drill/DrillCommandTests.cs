using System.Text.Json;
using Xunit;

namespace Synfin.Cli.Tests.Drill;

/// <summary><c>synfin drill</c>: what it prints and what it returns, through the engine.</summary>
public sealed class DrillCommandTests : IDisposable
{
    private const string Handshake = """
        0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0  bind(3, ..., ...) = 0
        +0  listen(3, 1) = 0
        +0  < S 0:0(0) win 32792 <mss 1460,sackOK,nop,nop,nop,wscale 7>
        +0  > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 8>
        +.1 < . 1:1(0) ack 1 win 257
        +0  accept(3, ..., ...) = 4

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("synfin-drill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_script_that_passes()
    {
        string script = Write("good.pkt", Handshake);
        CommandLineRun run = await CommandLineRun.Of("drill", script);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal([$"PASS {script}", "1 script: 1 passed, 0 failed, 0 skipped"], run.OutputLines);
    }

    [Fact]
    public async Task A_script_that_fails_says_what_came_and_its_details_fit_80_columns()
    {
        string script = Write("bad.pkt", Handshake.Replace("ack 1 <mss 1460,nop", "ack 1 <mss 1400,nop", StringComparison.Ordinal));
        CommandLineRun run = await CommandLineRun.Of("drill", "--ip", "4", script);
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.StartsWith(
            $"FAIL {script}:5: expected > S. 0:0(0) ack 1 <mss 1400,nop,nop,sackOK,nop,wscale 8> at 0 s; came S. 0:0(0) ack 1 win ",
            run.OutputLines[0], StringComparison.Ordinal);
        Assert.EndsWith("instead of <mss 1400,nop,nop,sackOK,nop,wscale 8>; at 0 s, over IPv4", run.OutputLines[0],
            StringComparison.Ordinal);
        Assert.All(run.OutputLines[1..], line => Assert.True(line.Length <= 80, line));
        Assert.Equal("1 script: 0 passed, 1 failed, 0 skipped", run.OutputLines[^1]);
    }

    [Fact]
    public async Task A_waived_script_may_fail()
    {
        Write("bad.pkt", "0 close(3) = 0\n");
        CommandLineRun run = await CommandLineRun.Of("drill", "--waivers", Write("waivers", "bad.pkt: not yet\n"), _folder);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([$"WAIVED {_folder}/bad.pkt: not yet", "1 script: 0 passed, 0 failed, 0 skipped, 1 waived"], run.OutputLines);
    }

    [Fact]
    public async Task Names_are_defined_for_conditions()
    {
        string script = Write("if.pkt", "#ifdef BAD\n0 close(3) = 0\n#endif\n0 close(3) = -1 EBADF\n");
        Assert.Equal(0, (await CommandLineRun.Of("drill", script)).ExitCode);
        Assert.Equal(1, (await CommandLineRun.Of("drill", "-D", "BAD", script)).ExitCode);
        Assert.Equal(1, (await CommandLineRun.Of("drill", script, "-D", "X=1", "-D", "BAD=1")).ExitCode);
    }

    [Fact]
    public async Task Left_over_packets_fail_unless_they_are_allowed()
    {
        string script = Write("left.pkt", Handshake + "+0 close(4) = 0\n");
        CommandLineRun run = await CommandLineRun.Of("drill", script);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("expected no more packets after the last line; came F. 1:1(0) ack 1", run.OutputLines[0], StringComparison.Ordinal);
        run = await CommandLineRun.Of("drill", "--allow-leftovers", script);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("(lenient: left over at the end: F. 1:1(0) ack 1", run.OutputLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_object_a_line()
    {
        CommandLineRun run = await CommandLineRun.Of("drill", "--json", "--ip", "mapped", Write("good.pkt", Handshake));
        Assert.Equal(2, run.OutputLines.Length);
        using JsonDocument script = JsonDocument.Parse(run.OutputLines[0]), counts = JsonDocument.Parse(run.OutputLines[1]);
        Assert.Equal("passed", script.RootElement.GetProperty("verdict").GetString());
        Assert.Equal("mapped", script.RootElement.GetProperty("runs")[0].GetProperty("ip").GetString());
        Assert.Equal(1, counts.RootElement.GetProperty("passed").GetInt32());
    }

    [Fact]
    public async Task A_capture_and_a_ladder_of_each_run()
    {
        string captures = Path.Combine(_folder, "captures");
        CommandLineRun run = await CommandLineRun.Of("drill", "--pcap", captures, "--ladder", Write("good.pkt", Handshake));
        Assert.Equal(0, run.ExitCode);
        string[] files = [.. Directory.GetFiles(captures).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Equal(3, files.Length);
        Assert.EndsWith("good.ipv4.pcapng", files[0], StringComparison.Ordinal);
        Assert.Contains("SYN", run.Output, StringComparison.Ordinal);
        Assert.Contains("ESTABLISHED", run.Output, StringComparison.Ordinal);
        Assert.All(run.OutputLines, line => Assert.True(line.Length <= 80 || line.StartsWith("PASS", StringComparison.Ordinal), line));
    }

    [Theory]
    [InlineData("drill", "'synfin drill' needs PATH; 'synfin drill --help' explains")]
    [InlineData("drill no/such", "there is no file or folder 'no/such'")]
    [InlineData("drill x --ip 5", "--ip is one of 4, 6, mapped, all, not '5'; 'synfin drill --help' explains")]
    [InlineData("drill x --profile linx",
        "--profile is one of default, rfc, linux, freebsd, not 'linx'; did you mean 'linux'? 'synfin drill --help' explains")]
    [InlineData("drill x --jobs 0", "--jobs takes a whole number from 1 to 1024, not '0'; 'synfin drill --help' explains")]
    [InlineData("drill x -D =1", "-D takes NAME or NAME=VALUE, not '=1'; 'synfin drill --help' explains")]
    [InlineData("drill x --lenient",
        "'synfin drill' has no option '--lenient'; did you mean '--lenient-psh' or '--lenient-options'? 'synfin drill --help' explains")]
    public async Task What_is_wrong_is_said_in_one_line(string arguments, string line)
    {
        CommandLineRun run = await CommandLineRun.Of(arguments.Split(' '));
        Assert.Equal([$"synfin: {line}"], run.ErrorLines);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Help_fits_80_columns()
    {
        CommandLineRun run = await CommandLineRun.Of("drill", "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.All(run.OutputLines, line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
