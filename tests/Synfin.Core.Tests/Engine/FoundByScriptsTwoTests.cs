using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What scripts of tests/scripts found that a real kernel does otherwise: the profile of Linux, as time lines.</summary>
public sealed class FoundByScriptsTwoTests
{
    private static readonly StackOptions _linux = new() { Profile = TcpProfile.Linux };

    private static readonly TcpConnectionOptions _announces1100 = new() { AnnouncedSegmentSize = 1_100, MaximumSegmentSize = 1_100 };

    /// <summary>A connection whose first sample is 100 ms.</summary>
    private static Given Established(string peerOptions = "mss 1000", int window = 65_535, TcpConnectionOptions? connection = null) => Given
        .Listening(_linux, connection).Receives($"S seq 0 win 65535 <{peerOptions}>").Sends("S. seq 0 ack 1")
        .After(100).Receives($". seq 1 ack 1 win {window}").Accepts().Then(TcpState.Established).SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-61")]
    public void Two_segments_that_offload_would_take_as_one_end_with_PSH() => Established().Writes(7_500)
        .Sends(". seq 1 len 1000").Sends("P. seq 1001 len 1000").Sends(". seq 2001 len 1000").Sends("P. seq 3001 len 1000")
        .Sends(". seq 4001 len 1000").Sends("P. seq 5001 len 1000").Sends(". seq 6001 len 1000").Sends("P. seq 7001 len 500");

    [Fact]
    public void A_segment_that_is_sent_alone_has_only_its_writes() => Given
        .Established(_linux with { Profile = TcpProfile.Linux with { InitialWindowSegments = 1 } }, peerOptions: "mss 1000")
        .Writes(3_000).Sends(". seq 1 len 1000").SendsNothing();

    [Fact]
    public void Urgent_data_is_not_joined() => Established().WritesUrgent(2_500)
        .Sends("U. seq 1 len 1000 urg 2500").Sends("U. seq 1001 len 1000 urg 1500").Sends("PU. seq 2001 len 500 urg 500");

    [Fact]
    public void The_largest_window_is_counted_from_the_ACK_on() => Established(window: 2_000).Writes(5_000)
        .Sends(". seq 1 len 1000").Sends("P. seq 1001 len 1000"); // more than half of it was written

    [Fact]
    [Trait("Rfc", "7323 3.2")]
    public void A_segment_without_the_timestamps_that_were_agreed_on_is_taken() => Given
        .Established(_linux, peerOptions: "mss 1460,TS val 1")
        .Receives("P. seq 1 ack 1 len 10").Sends(". ack 11").Reads(10);

    [Fact]
    [Trait("Rfc", "7323 4.1")]
    public void The_ACK_of_a_SYN_ACK_that_was_sent_again_is_a_sample_with_timestamps() => Given.Listening(_linux)
        .Receives("S seq 0 <mss 1460,TS val 1>").Sends("S. seq 0 ack 1").After(1_000).Sends("S. seq 0 ack 1")
        .After(100).Receives(". seq 1 ack 1 <TS val 1101 ecr last>").Accepts()
        .And(g => Assert.Equal(Duration.FromMilliseconds(300), g.Connection.Status().RetransmissionTimeout));

    [Fact]
    [Trait("Rfc", "6298 5.7")]
    public void Without_them_it_is_none() => Given.Listening(_linux)
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").After(1_000).Sends("S. seq 0 ack 1")
        .After(100).Receives(". seq 1 ack 1").Accepts()
        .And(g => Assert.Equal(Duration.FromSeconds(3), g.Connection.Status().RetransmissionTimeout));

    [Fact]
    public void A_connection_that_times_out_goes_silently() => Established(connection: new() { UserTimeout = Duration.FromSeconds(1) })
        .Writes(10).Sends("P. seq 1 len 10").Ignoring().After(999).Ignoring().After(1).Then(TcpState.Closed).SendsNothing()
        .ReadFails(TcpError.TimedOut);

    [Fact]
    public void Nothing_is_held_back_while_urgent_data_is_in_flight() => Established()
        .WritesUrgent(10).Sends("PU. seq 1 len 10 urg 10").Writes(5).Sends("P. seq 11 len 5");

    [Fact]
    [Trait("Rfc9293", "MUST-35")]
    public void A_window_that_closed_over_data_is_probed_with_its_first_segment() => Established()
        .Writes(2_000).Ignoring().After(100).Receives(". seq 1 ack 1001 win 0").SendsNothing()
        .After(300).Sends("P. seq 1001 len 1000");

    [Fact]
    [Trait("Rfc9293", "MUST-14")]
    public void A_listeners_MSS_is_in_its_SYN_ACKs() => Given.Listening(_linux, _announces1100)
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1 <mss 1100>");

    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(3, 1, true)]
    [InlineData(11, 0, true)]
    [InlineData(3, 3, false)]
    public void Over_IPv4_a_half_open_connection_ends_with_what_routers_say(byte type, byte code, bool ends) => Given.Listening(_linux)
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, type, code)))
        .Receives(". seq 1 ack 1").And(g => Assert.Equal(ends ? 1 : 0, g.Unseen)).Ignoring();
}
