using Synfin.Drill.Commands;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Commands;

/// <summary>What knobs do: something, nothing with a reason, or a script that cannot run with them says why.</summary>
public sealed class Settings
{
    private static readonly DrillSettings _default = DrillSettings.For(TcpProfile.Default);

    [Fact]
    public void Linux_and_FreeBSD_begin_with_the_buffers_that_their_scripts_encode()
    {
        DrillSettings linux = _default.Select("linux");
        Assert.Equal(TcpProfile.Linux with { Ecn = EcnMode.Off }, linux.Profile);
        Assert.Equal((540_000, 15_728_640), (linux.Connection.ReceiveBuffer, linux.Connection.WindowScaleBuffer));
        DrillSettings bsd = _default.Select("freebsd");
        Assert.Equal((65_536, 2_097_152), (bsd.Connection.ReceiveBuffer, bsd.Connection.WindowScaleBuffer));
    }

    [Fact]
    public void A_profile_that_was_chosen_stays()
    {
        DrillSettings rfc = DrillSettings.For(TcpProfile.Rfc, isChosen: true);
        Assert.Same(rfc, rfc.Select("linux"));
        Assert.Equal("rfc", rfc.Apply("net.inet.tcp.rfc1323", "0", out _).Profile.Name);
        Assert.Throws<ArgumentException>(() => _default.Select("windows"));
    }

    [Fact]
    public void The_first_knob_of_BSD_chooses_FreeBSD()
    {
        DrillSettings settings = _default.Apply("net.inet.tcp.rfc1323", "0", out string? problem);
        Assert.Null(problem);
        Assert.Equal("freebsd", settings.Profile.Name);
        Assert.False(settings.Profile.WindowScaling || settings.Profile.Timestamps);
        settings = settings.Apply("net.inet.tcp.sack.enable", "0", out _);
        Assert.False(settings.Profile.WindowScaling || settings.Profile.Sack);
        Assert.Equal("freebsd", _default.Apply("kern.timecounter.alloweddeviation", "0", out _).Profile.Name);
        Assert.Equal("default", _default.Apply("net.ipv4.tcp_sack", "0", out _).Profile.Name);
    }

    public static TheoryData<string, string, string> Effects => new()
    {
        { "net.ipv4.tcp_timestamps", "0", "False" },
        { "net.ipv4.tcp_rto_max_ms", "5000", "5 s" },
        { "net.ipv4.tcp_rmem", "4096 100000 200000", "100000/200000" },
        { "net.ipv4.tcp_syn_retries", "3", "3" },
        { "net.ipv4.tcp_slow_start_after_idle", "1", "True" },
        { "net.inet.tcp.msl", "1000", "2 s" },
        { "net.inet.tcp.delacktime", "20", "0.02 s" },
        { "kern.ipc.maxsockbuf", "1000000", "1000000" },
        { "net.inet.tcp.blackhole", "2", "DropAll" },
        { "interface.mtu", "1200", "1200" },
    };

    [Theory]
    [MemberData(nameof(Effects))]
    public void Knobs_reach_the_engine(string knob, string value, string effect)
    {
        DrillSettings s = _default.Apply(knob, value, out string? problem);
        Assert.Null(problem);
        object? field = knob switch
        {
            "net.ipv4.tcp_timestamps" => s.Profile.Timestamps,
            "net.ipv4.tcp_rto_max_ms" => s.Profile.MaximumRto,
            "net.ipv4.tcp_rmem" => $"{s.Connection.ReceiveBuffer}/{s.Connection.WindowScaleBuffer}",
            "net.ipv4.tcp_syn_retries" => s.Profile.SynRetries,
            "net.ipv4.tcp_slow_start_after_idle" => s.Profile.SlowStartAfterIdle,
            "net.inet.tcp.msl" => s.Profile.TimeWait,
            "net.inet.tcp.delacktime" => s.Profile.DelayedAck,
            "kern.ipc.maxsockbuf" => s.Connection.WindowScaleBuffer,
            "net.inet.tcp.blackhole" => s.Profile.ClosedPorts,
            _ => s.Mtu,
        };
        Assert.Equal(effect, $"{field}");
    }

    [Theory]
    [InlineData("net.ipv4.tcp_ecn", "3", "net.ipv4.tcp_ecn=3 cannot be had: only 0, 1 and 2 can: Accurate ECN (RFC 9768) is not there")]
    [InlineData("net.ipv4.tcp_sack", "7", "net.ipv4.tcp_sack=7 cannot be had: it is a whole number from 0 to 1")]
    [InlineData("net.ipv4.tcp_rmem", "7", "net.ipv4.tcp_rmem=7 cannot be had: it is three numbers: least, default and most")]
    [InlineData("net.ipv4.tcp_no_such", "7", "the knob net.ipv4.tcp_no_such (set to 7) is not known")]
    [InlineData(
        "net.inet.tcp.functions_default", "rack",
        "net.inet.tcp.functions_default=rack cannot be had: only freebsd can: there is one TCP, like FreeBSD's base stack")]
    public void What_cannot_be_had_is_a_problem_and_changes_nothing(string knob, string value, string words)
    {
        Assert.Same(_default, _default.Apply(knob, value, out string? problem));
        Assert.Equal(words, problem);
    }

    [Fact]
    public void A_knob_without_effect_says_why_and_changes_nothing()
    {
        foreach (Knob knob in DrillKnobs.All)
        {
            Assert.NotEmpty(knob.Meaning);
            if (knob.Set is not null) continue;
            DrillSettings before = DrillSettings.For(TcpProfile.Linux, isChosen: true);
            Assert.Same(before, before.Apply(knob.Name, "anything", out string? problem));
            Assert.Null(problem);
        }
    }

    [Fact]
    public void Times_and_counts_stay_within_what_the_engine_takes()
    {
        DrillSettings settings = _default.Apply("net.ipv4.tcp_keepalive_probes", "1", out string? problem);
        Assert.NotNull(problem);
        settings = settings.Apply("net.inet.tcp.keepinit", "0", out problem);
        Assert.NotNull(problem);
        Assert.Equal(Duration.Zero, settings.Profile.ConnectTimeout);
    }
}
