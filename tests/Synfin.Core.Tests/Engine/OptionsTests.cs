using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Options: what is refused and by which name, and what the ones without a topic of their own do; profiles.</summary>
public sealed class OptionsTests
{
    public static TheoryData<string, StackOptions> BadStackOptions => new()
    {
        { "Mtu", new() { Mtu = 575 } },
        { "Mtu", new() { Mtu = 65_536 } },
        { "MaxOutOfOrderRanges", new() { MaxOutOfOrderRanges = 0 } },
        { "MaxSackRanges", new() { MaxSackRanges = 0 } },
        { "MaxSentRanges", new() { MaxSentRanges = 0 } },
        { "MaxPendingReplies", new() { MaxPendingReplies = 0 } },
        { "MaxPages", new() { MaxPages = 0 } },
        { "SynAckRetries", new() { Profile = TcpProfile.Default with { SynAckRetries = 16 } } },
        { "last", new() { FirstEphemeralPort = 2_000, LastEphemeralPort = 1_999 } },
        { "last", new() { FirstEphemeralPort = 0 } },
        { "Dscp", new() { ConnectionDefaults = new() { Dscp = 64 } } },
    };

    public static TheoryData<string, TcpConnectionOptions> BadConnectionOptions => new()
    {
        { "ReceiveBuffer", new() { ReceiveBuffer = 1_023 } },
        { "ReceiveBuffer", new() { ReceiveBuffer = (1 << 30) + 1 } },
        { "SendBuffer", new() { SendBuffer = 1_023 } },
        { "SendBuffer", new() { SendBuffer = (1 << 30) + 1 } },
        { "KeepAliveProbes", new() { KeepAliveProbes = 1 } },
        { "KeepAliveTime", new() { KeepAliveTime = Duration.Zero } },
        { "KeepAliveInterval", new() { KeepAliveInterval = Duration.Zero } },
        { "Dscp", new() { Dscp = 64 } },
        { "TimeToLive", new() { TimeToLive = 0 } },
        { "MaximumSegmentSize", new() { MaximumSegmentSize = -1 } },
        { "AnnouncedSegmentSize", new() { AnnouncedSegmentSize = -1 } },
        { "SynRetries", new() { SynRetries = -1 } },
        { "OpenTimeout", new() { OpenTimeout = new Duration(-1) } },
        { "FinWait2", new() { FinWait2 = new Duration(-1) } },
    };

    [Theory]
    [MemberData(nameof(BadStackOptions))]
    public void A_stack_refuses_options_out_of_range_by_name(string name, StackOptions options) =>
        Assert.Throws<ArgumentOutOfRangeException>(name, () => ListenTests.Host(options, Given.Us));

    [Theory]
    [MemberData(nameof(BadConnectionOptions))]
    [Trait("Rfc9293", "MUST-29")]
    public void OPEN_and_SetOptions_refuse_options_out_of_range_by_name(string name, TcpConnectionOptions options)
    {
        NetworkStack stack = ListenTests.Host(Given.Us);
        Assert.Throws<ArgumentOutOfRangeException>(name, () => stack.Connect(Given.Peer, 80, null, 0, options, Timestamp.Zero, out _));
        Assert.Throws<ArgumentOutOfRangeException>(name, () => stack.Listen(Given.Us, 80, 1, options, Timestamp.Zero, out _));
        Assert.Equal(0, stack.ConnectionCount);
        Assert.Throws<ArgumentOutOfRangeException>(name, () => Given.Established().Sets(_ => options));
    }

    [Fact]
    public void The_buffers_of_an_open_connection_stay_as_they_are() => Given.Established()
        .And(g => Assert.Throws<ArgumentException>("options", () => g.Sets(o => o with { ReceiveBuffer = 4_096 })))
        .And(g => Assert.Throws<ArgumentException>("options", () => g.Sets(o => o with { SendBuffer = 4_096 })))
        .Then(TcpState.Established);

    [Theory]
    [InlineData(1_024)]
    [InlineData(1 << 30)]
    public void The_smallest_and_the_largest_buffers_work(int buffer) =>
        Given.Established(connection: new TcpConnectionOptions { ReceiveBuffer = buffer, SendBuffer = buffer })
            .Writes(1_024).Sends("P. seq 1 len 1024").Receives("P. seq 1 ack 1025 len 1024").Reads(1_024);

    [Fact]
    [Trait("Rfc9293", "MUST-16")]
    public void MaximumSegmentSize_limits_the_text_of_a_segment_now_and_later() =>
        Given.Established(connection: new TcpConnectionOptions { MaximumSegmentSize = 500, NoDelay = true })
            .Writes(1_200).Sends(". seq 1 len 500").Sends(". seq 501 len 500").Sends("P. seq 1001 len 200")
            .Receives(". seq 1 ack 1201")
            .Sets(o => o with { MaximumSegmentSize = 100 }).Writes(150).Sends(". len 100").Sends("P. len 50")
            .Sets(o => o with { MaximumSegmentSize = 9_000 }).Writes(1_460).Sends("P. len 1460")
            .Sets(o => o with { MaximumSegmentSize = 0 }).Writes(1_460).Sends("P. len 1460");

    [Fact]
    [Trait("Rfc9293", "MUST-67")]
    [Trait("Rfc9293", "SHLD-6")]
    public void We_announce_what_the_interface_takes() => Given.SynSent(new StackOptions { Mtu = 9_000 }).Sends("S <mss 8960>")
        .And(g => g.Stack.Mtu = 1_280)
        .And(g => g.Stack.Listen(Given.Us, g.OurPort, 1, null, g.Now, out _))
        .From(5).Receives("S seq 0").Sends("S. <mss 1240>");

    [Theory]
    [InlineData("default", 60)]
    [InlineData("rfc", 240)]
    [InlineData("linux", 60)]
    [InlineData("freebsd", 60)]
    [Trait("Rfc9293", "MUST-13")]
    public void Every_profile_opens_talks_and_closes_and_waits_its_2MSL(string name, int seconds)
    {
        TcpProfile profile = Profile(name);
        Given.Established(new StackOptions { Profile = profile }, new TcpConnectionOptions { QuickAck = true })
            .Writes(100).Sends("P. seq 1 len 100").Receives("P. seq 1 ack 101 len 50").Sends(". seq 101 ack 51").Reads(50)
            .Closes().Sends("F. seq 101 ack 51").Receives(". seq 51 ack 102").Then(TcpState.FinWait2)
            .Receives("F. seq 51 ack 102").Sends(". seq 102 ack 52").Then(TcpState.TimeWait)
            .After(seconds * 1_000 - 2).Then(TcpState.TimeWait).After(2).Then(TcpState.Closed).SendsNothing();
    }

    [Fact]
    [Trait("Clause", "RFC5961-8")]
    public void The_limit_of_challenges_is_the_profiles() => Given
        .Established(new StackOptions { Profile = TcpProfile.Default with { ChallengeAckInterval = Duration.FromMilliseconds(10) } })
        .Receives("S seq 5000").Sends(". ack 1").Receives("S seq 5000").SendsNothing()
        .After(10).Receives("S seq 5000").Sends(". ack 1");

    [Theory]
    [InlineData("default", 200)]
    [InlineData("rfc", 1_000)]
    [InlineData("linux", 200)]
    [InlineData("freebsd", 230)] // 30 ms and a slop of 200 ms
    [Trait("Rfc", "6298 2.4")]
    public void The_least_RTO_is_the_profiles(string name, int milliseconds) => Given
        .Established(new StackOptions { Profile = Profile(name) })
        .Writes(100).Sends("P. seq 1 len 100")
        .After(milliseconds - 0.5).SendsNothing().After(1.5).Sends("P. seq 1 len 100");

    [Theory]
    [InlineData("default", 7, 255)]
    [InlineData("rfc", 7, 255)]
    [InlineData("linux", 10, 131)] // four linear ones, then six that double; MUST-23 asks for more
    [InlineData("freebsd", 6, 75)] // its limit is the OPEN as a whole
    [Trait("Rfc9293", "MUST-23")]
    public void A_SYN_is_sent_again_as_often_as_the_profile_says(string name, int retries, int seconds)
    {
        Given given = Given.SynSent(new StackOptions { Profile = Profile(name) });
        given.After(seconds * 1_000 - 1).Then(TcpState.SynSent).After(1).Then(TcpState.Closed);
        Assert.Equal(1 + retries, given.Unseen);
    }

    [Fact]
    public void A_profile_without_options_offers_none_and_agrees_to_none()
    {
        TcpProfile plain = TcpProfile.Default with { WindowScaling = false, Timestamps = false, Sack = false };
        Given.SynSent(new StackOptions { Profile = plain }).Sends("S seq 0 <mss 1460>")
            .And(g => Assert.Equal(44, g.LastSent.Length))
            .Receives("S. seq 0 ack 1 <mss 1460,sackOK,wscale 7,TS val 1 ecr 0>").Sends(". seq 1 ack 1")
            .And(g => Assert.Equal((0, 0), ((int)g.Connection.Status().Options, g.Connection.Status().SendWindowScale)));
        Given.Listening(new StackOptions { Profile = plain })
            .Receives("S seq 0 <mss 1460,sackOK,wscale 7,TS val 1 ecr 0>").Sends("S. seq 0 ack 1")
            .And(g => Assert.Equal(44, g.LastSent.Length));
    }

    private static TcpProfile Profile(string name) => name switch
    {
        "rfc" => TcpProfile.Rfc,
        "linux" => TcpProfile.Linux,
        "freebsd" => TcpProfile.FreeBsd,
        _ => TcpProfile.Default,
    };
}
