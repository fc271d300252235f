using Synfin.Drill.Language;
using Synfin.Drill.Reporting;
using Synfin.Drill.Running;

namespace Synfin.Drill.Tests.Running;

/// <summary>Commands between backticks against the engine: knobs, states, ends of connections; and what comes too late.</summary>
public sealed class CommandsInScripts
{
    private const string Connected = """
        0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0  bind(3, ..., ...) = 0
        +0  listen(3, 1) = 0
        +0  < S 0:0(0) win 32792 <mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7>
        +0  > S. 0:0(0) ack 1 <...>
        +.1 < . 1:1(0) ack 1 win 257 <nop,nop,TS val 6 ecr 1>
        +0  accept(3, ..., ...) = 4

        """;

    [Fact]
    public void A_knob_before_the_first_packet_is_in_force() => Passes("""
        `sysctl -q net.ipv4.tcp_timestamps=0`
        0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0  bind(3, ..., ...) = 0
        +0  `sysctl -q net.ipv4.tcp_sack=0`
        +0  listen(3, 1) = 0
        +0  < S 0:0(0) win 32792 <mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7>
        +0  > S. 0:0(0) ack 1 <mss 1460,nop,wscale 8>

        """);

    [Fact]
    public void One_that_comes_later_skips_the_script() => Assert.Equal(
        "SKIP x.pkt: line 8: the command `sysctl -q net.ipv4.tcp_sack=0` comes while the script runs, "
            + "and what it sets is set before the first connect, listen or packet only",
        TextReport.Headline(Run(Connected + "+0  `sysctl -q net.ipv4.tcp_sack=0`\n+0 write(4, ..., 0) = 0\n")));

    [Fact]
    public void One_that_changes_nothing_or_that_nothing_follows_does_not() =>
        Passes(Connected + "+0  `sysctl -q net.ipv4.tcp_sack=1`\n+0 write(4, ..., 0) = 0\n+0 `sysctl -q net.ipv4.tcp_sack=0`\n");

    [Fact]
    public void A_command_that_nobody_knows_skips_the_script_with_its_text() =>
        Assert.Equal("SKIP x.pkt: line 1: the command `frobnicate -x` is not known here", TextReport.Headline(Run("0 `frobnicate -x`\n")));

    [Fact]
    public void A_knob_of_BSD_selects_its_profile()
    {
        ScriptReport report = Run("`sysctl net.inet.tcp.rfc1323=1`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n");
        Assert.All(report.Runs, run => Assert.Equal(DrillProfile.FreeBsd, run.Profile));
        Assert.All(Run(Connected).Runs, run => Assert.Equal(DrillProfile.Linux, run.Profile));
    }

    [Fact]
    public void The_connections_in_a_state_are_counted()
    {
        Passes(Connected + "+0 `sockstat -4 -P tcp -s | grep -c ESTABLISHED | grep 1`\n");
        ScriptReport report = Run(Connected + "+0 `sockstat -4 -P tcp -s | grep -c TIME_WAIT | grep 2`\n");
        var failed = Assert.IsType<ScriptOutcome.Failed>(report.FirstFailure!.Outcome);
        Assert.Equal((8, "2 in TIME_WAIT", "there are 0"), (failed.Line, failed.Expected, failed.Came));
    }

    [Fact]
    public void A_connection_is_dropped_as_tcpdrop_does() => Passes(Connected + "+0 `tcpdrop -a`\n+0 > R. 1:1(0) ack 1 <...>\n");

    [Fact]
    public void Code_sees_TCP_INFO_of_the_connection()
    {
        Passes(Connected + "+0 %{ assert tcpi_state == TCP_ESTABLISHED }%\n");
        ScriptReport report = Run(Connected + "+0 %{\nassert tcpi_state == 7, 'bad'\n}%\n");
        var failed = Assert.IsType<ScriptOutcome.Failed>(report.FirstFailure!.Outcome);
        Assert.Equal((9, "tcpi_state == 7"), (failed.Line, failed.Expected));
    }

    [Fact]
    public void A_profile_that_was_asked_for_wins_over_the_scripts() => Assert.All(
        Run("`sysctl net.inet.tcp.rfc1323=1`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n", DrillProfile.Rfc).Runs,
        run => Assert.Equal(DrillProfile.Rfc, run.Profile));

    private static void Passes(string script)
    {
        ScriptReport report = Run(script);
        Assert.Equal("PASS x.pkt", TextReport.Headline(report));
    }

    private static ScriptReport Run(string script, DrillProfile? profile = null)
    {
        var options = new DrillOptions { Profile = profile, Versions = [IpVersion.Ipv4, IpVersion.Ipv6] };
        return new DrillRun(options, new EngineStage(options)).RunText("x.pkt", script);
    }
}
