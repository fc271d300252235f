using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>ICMP errors about segments of ours (RFC 9293 3.9.2.2, RFC 5927, RFC 1191, RFC 8201).</summary>
[Trait("Threat", "36")]
public sealed class IcmpErrorTests
{
    private const byte Unreachable = 3;

    private static long NotInFlight(Given g) => g.Stack.Counters.Dropped[(int)DropReason.IcmpNotInFlight];

    [Theory]
    [InlineData(2, TcpError.ConnectionRefused)]
    [InlineData(3, TcpError.ConnectionRefused)]
    [InlineData(13, TcpError.Prohibited)]
    [Trait("Rfc9293", "MUST-54")]
    [Trait("Rfc9293", "SHLD-26")]
    public void A_hard_error_about_our_SYN_ends_the_OPEN(byte code, TcpError error) => Given.SynSent().Sends("S seq 0")
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, code))).SendsNothing()
        .Then(TcpState.Closed).ReadFails(error)
        .And(g => Assert.Equal(CloseReason.Unreachable, g.Connection.CloseReason))
        .And(g => Assert.Equal((1, 1, 0), (g.Stack.Counters.IcmpErrors, g.Stack.Counters.FailedOpens, g.Stack.ConnectionCount)))
        .After(300_000).SendsNothing();

    [Theory]
    [InlineData(3, 0, TcpError.NetworkUnreachable)]
    [InlineData(3, 1, TcpError.HostUnreachable)]
    [InlineData(3, 5, TcpError.NetworkUnreachable)]
    [InlineData(11, 0, TcpError.NetworkUnreachable)]
    [InlineData(11, 1, TcpError.NetworkUnreachable)]
    [InlineData(12, 0, TcpError.NetworkUnreachable)]
    [Trait("Rfc9293", "MUST-56")]
    [Trait("Rfc9293", "MUST-47")]
    [Trait("Rfc9293", "SHLD-25")]
    public void A_soft_error_about_our_SYN_is_reported_and_the_OPEN_goes_on(byte type, byte code, TcpError error) => Given.SynSent()
        .Sends("S seq 0").And(g => g.TakeSignals())
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, type, code))).Then(TcpState.SynSent)
        .And(g => Assert.Equal(TcpSignals.SoftError, g.TakeSignals()))
        .And(g => Assert.Equal(error, g.Connection.Status().SoftError))
        .After(1_000).Sends("S seq 0")
        .Receives("S. seq 0 ack 1").Sends(". seq 1 ack 1").Then(TcpState.Established);

    [Fact]
    [Trait("Rfc9293", "MUST-56")]
    public void An_OPEN_that_times_out_after_a_soft_error_says_what_it_was() => Given.SynSent().Sends("S seq 0")
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, 1)))
        .After(2_000).And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, 1)))
        .After(253_000).Then(TcpState.Closed)
        .And(g => Assert.NotEqual(TcpError.None, g.Connection.Error));

    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    [InlineData(3, 5)]
    [InlineData(3, 13)]
    [InlineData(11, 0)]
    [InlineData(12, 0)]
    [Trait("Rfc9293", "MUST-54")]
    [Trait("Rfc9293", "MUST-56")]
    [Trait("Rfc9293", "SHLD-25")]
    [Trait("Rfc9293", "SHLD-26")]
    [Trait("Rfc", "5927 5.2")]
    [Trait("Clause", "RFC5927-2")]
    public void No_error_ends_a_synchronised_connection_but_it_is_reported(byte type, byte code) => Given.Established()
        .Writes(100).Sends("P. seq 1 len 100").And(g => g.TakeSignals())
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, type, code))).SendsNothing().Then(TcpState.Established)
        .And(g => Assert.Equal(TcpSignals.SoftError, g.TakeSignals()))
        .And(g => Assert.NotEqual(TcpError.None, g.Connection.Status().SoftError))
        .Receives(". seq 1 ack 101")
        .And(g => Assert.Equal(TcpError.None, g.Connection.Status().SoftError)); // the path works again

    [Fact]
    [Trait("Rfc9293", "SHLD-20")]
    public void The_application_may_mute_the_reports() => Given.Established(connection: new TcpConnectionOptions { MuteSoftErrors = true })
        .Writes(100).Sends("P. seq 1 len 100").And(g => g.TakeSignals())
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, 1)))
        .And(g => Assert.Equal(TcpSignals.None, g.TakeSignals()))
        .And(g => Assert.Equal(TcpError.HostUnreachable, g.Connection.Status().SoftError)); // who asks is told

    [Theory]
    [InlineData(-1)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    [Trait("Rfc", "5927 4.1")]
    [Trait("Clause", "RFC5927-1")]
    public void A_number_that_is_not_in_flight_is_a_guess_and_ignored(int offset) => Given.Established()
        .Writes(100).Sends("P. seq 1 len 100").And(g => g.TakeSignals())
        .And(g => g.ReceivesPacket(Packets.Error(Packets.WithSeq(g.LastSent, g.OurIsn + 1 + offset), Unreachable, 4, 600)))
        .And(g => g.ReceivesPacket(Packets.Error(Packets.WithSeq(g.LastSent, g.OurIsn + 1 + offset), Unreachable, 1)))
        .SendsNothing()
        .And(g => Assert.Equal((TcpSignals.None, 2, 1460), (g.TakeSignals(), NotInFlight(g), g.Connection.Status().SendMss)));

    [Fact]
    [Trait("Rfc", "5927 5.2")]
    public void A_guess_does_not_end_an_OPEN() => Given.SynSent().Sends("S seq 0")
        .And(g => g.ReceivesPacket(Packets.Error(Packets.WithSeq(g.LastSent, g.OurIsn + 1), Unreachable, 3)))
        .And(g => g.ReceivesPacket(Packets.Error(Packets.WithSeq(g.LastSent, g.OurIsn - 1), Unreachable, 3)))
        .Then(TcpState.SynSent).And(g => Assert.Equal(2, NotInFlight(g)));

    [Theory]
    [InlineData(2, TcpState.Listen)]
    [InlineData(3, TcpState.Listen)]
    [InlineData(13, TcpState.Listen)]
    [InlineData(1, TcpState.SynReceived)]
    [Trait("Rfc9293", "MUST-54")]
    [Trait("Rfc9293", "SHLD-26")]
    public void A_hard_error_about_our_SYN_ACK_makes_room_in_the_queue(byte code, TcpState then) => Given.Listening()
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .And(g => g.ReceivesPacket(Packets.Error(Packets.WithSeq(g.LastSent, g.OurIsn + 1), Unreachable, code))).Then(TcpState.SynReceived)
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, code))).Then(then)
        .And(g => Assert.Equal(g.Stack.SynQueueCount, g.Listener!.SynQueueCount));

    [Fact]
    [Trait("Rfc9293", "MUST-55")]
    [Trait("Rfc", "6633 3")]
    [Trait("Clause", "RFC5927-3")]
    public void Source_quench_and_redirect_change_nothing()
    {
        Given given = Given.Established().Writes(14_600);
        TcpStatus before = given.Connection.Status();
        given.TakeSignals();
        given.ReceivesPacket(Packets.Error(Sent(given), type: 4, code: 0)).ReceivesPacket(Packets.Error(Sent(given), type: 5, code: 1));
        Assert.Equal(before, given.Connection.Status());
        Assert.Equal(TcpSignals.None, given.TakeSignals());

        static byte[] Sent(Given g) => g.Sends(". len 1460").LastSent;
    }

    [Fact]
    [Trait("Rfc", "1191 6.3")]
    [Trait("Rfc9293", "MUST-54")]
    [Trait("Clause", "RFC1191-1")]
    [Trait("Clause", "RFC1191-4")]
    public void Packet_too_big_shrinks_the_segments_and_sends_what_is_in_flight_at_once()
    {
        Given given = Given.Established().Writes(14_600).Sends(". seq 1 len 1460").Ignoring();
        int window = given.Connection.Status().CongestionWindow;
        given.ReceivesPacket(Packets.Error(given.LastSent, Unreachable, 4, 1_000));
        Assert.Equal(960, given.Connection.Status().SendMss);
        Assert.Equal(window, given.Connection.Status().CongestionWindow); // no sign of congestion (RFC 1191 6.4)
        for (int seq = 1; seq <= 14_600; seq += 960)
        {
            int length = Math.Min(960, 14_601 - seq);
            given.Sends(FormattableString.Invariant($"{(seq + length > 14_600 ? "P" : "")}. seq {seq} len {length}"));
        }
        given.SendsNothing().Receives(". seq 1 ack 14601").Writes(2_000).Sends(". len 960");
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(68, 512)]
    [InlineData(551, 512)]
    [InlineData(576, 536)]
    [InlineData(1_499, 1_459)]
    [InlineData(1_500, 1_460)]
    [InlineData(9_000, 1_460)]
    [Trait("Rfc", "5927 7.2")]
    [Trait("Clause", "RFC5927-4")]
    public void An_MTU_below_552_is_not_believed_and_a_larger_one_is_no_news(uint mtu, int mss) => Given.Established()
        .Writes(1_460).Sends("P. seq 1 len 1460")
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, 4, mtu)))
        .And(g => Assert.Equal(mss, g.Connection.Status().SendMss))
        .And(g => Assert.Equal(mss < 1_460, g.Unseen > 0));

    [Fact]
    [Trait("Clause", "RFC1191-2")]
    public void An_MTU_does_not_grow_again_by_ICMP() => Given.Established()
        .Writes(1_460).Sends("P. seq 1 len 1460")
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, 4, 1_000)))
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, Unreachable, 4, 1_400)))
        .And(g => Assert.Equal(960, g.Connection.Status().SendMss));

    [Theory]
    [InlineData(1_400u, 1_340)]
    [InlineData(1_280u, 1_220)]
    [Trait("Rfc", "8201 4")]
    public void Over_IPv6_an_MTU_is_believed_down_to_1280(uint mtu, int mss) => Given.Established(peerOptions: "mss 1440", ipv6: true)
        .Writes(1_440).Sends("P. seq 1 len 1440")
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, type: 2, code: 0, mtu)))
        .Sends($". seq 1 len {mss}").Sends("P.  len " + (1_440 - mss));

    [Theory]
    [InlineData(1_279u)]
    [InlineData(0u)]
    [Trait("Rfc", "8201 4")]
    [Trait("Clause", "RFC8201-1")]
    public void Over_IPv6_a_lower_MTU_is_discarded(uint mtu) => Given.Established(peerOptions: "mss 1440", ipv6: true)
        .Writes(1_440).Sends("P. seq 1 len 1440")
        .And(g => g.ReceivesPacket(Packets.Error(g.LastSent, type: 2, code: 0, mtu)))
        .SendsNothing().And(g => Assert.Equal(1_440, g.Connection.Status().SendMss));

    [Theory]
    [InlineData(1, 0, TcpState.SynSent)]
    [InlineData(1, 3, TcpState.SynSent)]
    [InlineData(3, 0, TcpState.SynSent)]
    [InlineData(4, 1, TcpState.SynSent)]
    [InlineData(1, 1, TcpState.Closed)]
    [InlineData(1, 4, TcpState.Closed)]
    [Trait("Rfc9293", "MUST-56")]
    [Trait("Rfc9293", "SHLD-26")]
    public void ICMPv6_errors_about_a_SYN_are_soft_or_hard(byte type, byte code, TcpState then) => Given.SynSent(ipv6: true)
        .Sends("S seq 0").And(g => g.ReceivesPacket(Packets.Error(g.LastSent, type, code))).Then(then);

    [Fact]
    public void An_error_about_somebody_elses_segment_or_with_a_wrong_checksum_is_counted_and_dropped()
    {
        Given given = Given.SynSent().Sends("S seq 0");
        byte[] other = Packets.Tcp(Given.Us, 1, Given.Peer, 80, TcpFlags.Syn);
        given.ReceivesPacket(Packets.Error(other, Unreachable, 3)).Then(TcpState.SynSent);
        Assert.Equal(1, NotInFlight(given));
        byte[] broken = Packets.Error(given.LastSent, Unreachable, 3);
        broken[^1] ^= 1;
        given.ReceivesPacket(broken).Then(TcpState.SynSent);
        Assert.Equal(1, given.Stack.Counters.Dropped[(int)DropReason.Checksum]);
    }

    [Fact]
    [Trait("Threat", "47")]
    public void An_error_is_never_answered() => Given.Listening()
        .And(g => g.ReceivesPacket(Packets.Error(Packets.Tcp(Given.Us, 1, Given.Peer, 80, TcpFlags.Ack), Unreachable, 3))).SendsNothing();
}
