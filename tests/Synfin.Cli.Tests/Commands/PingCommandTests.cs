using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary><c>synfin ping</c> (RFC 792, RFC 4443 4), in the words of ping.</summary>
public sealed class PingCommandTests
{
    private const string Here = "--tun t0 --address 10.0.0.2/24";

    [Theory]
    [InlineData("client", "10.0.0.1", 84)]
    [InlineData("fd00::1", "fd00::1", 104)]
    public async Task Answers_are_told_and_counted(string host, string address, int packet)
    {
        await using CommandWorld world = new();
        RunningCommand ping = world.Start($"ping {host} -c 3 -i 0.001 {Here}");
        Assert.Equal(0, await ping.ExitCode);
        string[] lines = ping.Output.ToString().Split('\n');
        Assert.Equal($"PING {host} ({address}) 56({packet}) bytes of data.", lines[0]);
        string[] answers = [.. lines.Skip(1).Take(3).Order(StringComparer.Ordinal)];
        for (int i = 1; i <= 3; i++)
            Assert.Matches($@"^64 bytes from {address}: icmp_seq={i} ttl=\d+ time=\d+\.\d\d\d ms$", answers[i - 1]);
        Assert.Equal("", lines[4]);
        Assert.Equal($"--- {host} ping statistics ---", lines[5]);
        Assert.Matches(@"^3 packets transmitted, 3 received, 0% packet loss, time \d+ ms$", lines[6]);
        Assert.Matches(@"^rtt min/avg/max/mdev = \d+\.\d+/\d+\.\d+/\d+\.\d+/\d+\.\d+ ms$", lines[7]);
    }

    [Fact]
    public async Task Without_an_answer_the_code_is_1()
    {
        await using CommandWorld world = new();
        RunningCommand ping = world.Start($"ping 10.0.0.77 -c 2 -i 0.001 -W 0.05 {Here}");
        Assert.Equal(1, await ping.ExitCode);
        Assert.Contains("2 packets transmitted, 0 received, 100% packet loss, time ", ping.Output.ToString());
        Assert.DoesNotContain("rtt", ping.Output.ToString());
    }

    [Fact]
    public async Task It_goes_on_until_it_is_interrupted_and_then_tells_what_it_knows()
    {
        await using CommandWorld world = new();
        RunningCommand ping = world.Start($"ping 10.0.0.1 -i 3600 -s 1000 {Here}");
        await ping.Shows("1008 bytes from 10.0.0.1: icmp_seq=1 ");
        Assert.Equal(0, await ping.InterruptAsync());
        Assert.Contains("1 packets transmitted, 1 received, 0% packet loss", ping.Output.ToString());
    }

    [Theory]
    [InlineData("ping", "'synfin ping' needs HOST")]
    [InlineData("ping 10.0.0.1 -c 0", "-c takes a whole number from 1 to 2147483647, not '0'")]
    [InlineData("ping 10.0.0.1 -s 70000", "-s takes a whole number from 0 to 65507, not '70000'")]
    [InlineData("ping 10.0.0.1 -t 256", "-t takes a whole number from 1 to 255, not '256'")]
    [InlineData("ping 10.0.0.1 -i -1", "-i takes seconds from 0.001 to 3600, not '-1'")]
    [InlineData("ping 0.0.0.0 --tun t0 --address 10.0.0.2/24", "0.0.0.0 is no host's address")]
    public async Task Wrong_arguments_are_explained(string arguments, string problem)
    {
        CommandLineRun run = await CommandLineRun.Of(arguments.Split(' '));
        Assert.Equal([$"synfin: {problem}; 'synfin ping --help' explains"], run.ErrorLines);
        Assert.Equal(2, run.ExitCode);
    }
}
