using Synfin.Drill.Language;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Language;

/// <summary>Option lines, names with values, and parts of a script that count only under a condition.</summary>
public sealed class HeadAndConditions
{
    [Fact]
    public void Options_stand_at_the_head_with_comments_between()
    {
        ScriptOptions options = Reading.Script("""
            // a test
            --tolerance_usecs=75000 --mtu=1400
              --ip_version=ipv6   # behind
            /* more */
            --mss=1340 /* over
            lines */
            --tcp_ts_tick_usecs=1000
            --strict_segments
            --local_ip=fd3d::1/64
            --remote_ip="10.0.0.1"
            --bind_port=1234
            --connect_port = 80
            --tolerance_percent=12.5
            --gateway_ip=10.0.0.2
            --no_such=5
            -D A=7 -DB
            +0 close(A) = B
            """).Options;
        Assert.Equal(Duration.FromMilliseconds(75), options.Tolerance);
        Assert.Equal((1400, 1340, IpVersion.Ipv6), (options.Mtu, options.Mss, options.IpVersion));
        Assert.Equal(Duration.FromMilliseconds(1), options.TimestampTick);
        Assert.True(options.StrictSegments);
        Assert.Equal(InternetAddress.Parse("fd3d::1"), options.LocalAddress);
        Assert.Equal(InternetAddress.Parse("10.0.0.1"), options.RemoteAddress);
        Assert.Equal((1234, 80, 12.5), (options.BindPort, options.ConnectPort, options.TolerancePercent));
        Assert.Equal(["--no_such=5"], options.Unknown);
        Assert.Equal(("7", "1"), (options.Defines["A"], options.Defines["B"]));
    }

    [Fact]
    public void A_script_without_options_has_none()
    {
        ScriptOptions options = Reading.Script("+0 close(3) = 0").Options;
        Assert.Null(options.Tolerance);
        Assert.Null(options.IpVersion);
        Assert.False(options.StrictSegments);
        Assert.Empty(options.Unknown);
    }

    [Fact]
    public void An_initial_command_may_be_an_option()
    {
        Script script = Reading.Script("--init_scripts=./defaults.sh\n+0 close(3) = 0");
        Assert.Equal("./defaults.sh", ((CommandEvent)script.Events[0]).Command);
    }

    [Fact]
    public void Names_stand_for_values_as_whole_words_outside_strings()
    {
        Script script = Reading.Script(
            "-D LEN=100\n+0 write(4, \"LEN\", LEN) = LEN\n+0 < . 1:LENGTH(0)\n", ("LENGTH", "1"));
        CallEvent call = Assert.IsType<CallEvent>(script.Events[0]);
        Assert.Equal(new ScriptValue.Text("LEN"), call.Arguments[1]);
        Assert.Equal((new ScriptValue.Integer(100), new ScriptValue.Integer(100)), (call.Arguments[2], call.Result));
        Assert.Single(Reading.Script("-D LEN=100\n+0 < . 1:101(LEN)").Events);
    }

    [Fact]
    public void Names_from_outside_win() =>
        Assert.Equal(new ScriptValue.Integer(5), ((CallEvent)Assert.Single(Reading.Script("-D A=4\n0 f() = A", ("A", "5")).Events)).Result);

    [Theory]
    [InlineData("", "3 6 12")]
    [InlineData("A", "1 5 12")]
    [InlineData("B", "3 6 10 12")]
    [InlineData("A B", "1 4 10 12")]
    public void Conditions_choose_lines(string names, string expected)
    {
        const string Text = """
            #ifdef A
            0 f() = 1
            #else
            0 f() = 3
            #endif
            # a comment, and #else is none of a condition
            #ifdef A
             #ifdef B
            0 f() = 4
             #else this is taken
            0 f() = 5
             #endif
            #else
            0 f() = 6
            #endif
            #ifndef B
            #ifdef C
            ` " /* nothing of this is read
            #endif
            #else
            0 f() = 10
            #endif
            0 f() = 12
            """;
        Script script = Reading.Script(Text, [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => (n, "1"))]);
        Assert.Equal(expected, string.Join(' ', script.Events.Select(e => ((ScriptValue.Integer)((CallEvent)e).Result!).Value)));
        Assert.Equal(23, script.Events[^1].Line);
    }
}
