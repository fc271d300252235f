using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>SYN and ACK that cannot be right (RFC 5961 4 and 5), and the limit of the answers to them (7).</summary>
public sealed class ChallengeAckTests
{
    [Theory]
    [MemberData(nameof(States.Synchronized), MemberType = typeof(States))]
    [Trait("Rfc", "5961 4.2")]
    [Trait("Threat", "30")]
    [Trait("Threat", "39")]
    [Trait("Clause", "RFC5961-4")]
    public void A_SYN_is_challenged_whatever_its_number(string name)
    {
        Reached at = States.All[name];
        foreach (int offset in new[] { -1, 0, 1, 1000, 70_000, -100_000, int.MaxValue / 2 })
        {
            foreach (string flags in new[] { "S", "S.", "FS", "FSP.U" })
            {
                at.Go().Receives($"{flags} seq {at.RcvNxt + offset} ack {at.SndNxt}").Sends($". seq {at.SndNxt} ack {at.RcvNxt}")
                    .SendsNothing().Then(at.State);
            }
        }
    }

    [Fact]
    [Trait("Threat", "39")]
    public void A_SYN_in_the_window_of_a_half_open_connection_is_challenged_and_harms_nothing() => States.All["SYN-RECEIVED passive"].Go()
        .Receives("S seq 100 <mss 1460>").Sends(". seq 1 ack 1").Then(TcpState.SynReceived)
        .Receives(". seq 1 ack 1").Accepts().Then(TcpState.Established);

    [Fact]
    [Trait("Threat", "39")]
    public void A_SYN_outside_the_window_of_a_half_open_connection_is_acknowledged_and_harms_nothing() => States
        .All["SYN-RECEIVED passive"].Go()
        .Receives("S seq 100000 <mss 1460>").Sends(". seq 1 ack 1").Then(TcpState.SynReceived)
        .Receives("R seq 1").Then(TcpState.Listen); // a peer that restarted answers so, and its next SYN opens

    [Theory]
    [MemberData(nameof(States.Synchronized), MemberType = typeof(States))]
    [Trait("Rfc", "5961 5.2")]
    [Trait("Threat", "7")]
    [Trait("Clause", "RFC5961-5")]
    public void An_ACK_of_what_was_never_sent_is_challenged_and_its_text_dropped(string name)
    {
        Reached at = States.All[name];
        Given given = at.Go().Receives($". seq {at.RcvNxt} ack {at.SndNxt + 1} len 10")
            .Sends($". seq {at.SndNxt} ack {at.RcvNxt}").Then(at.State);
        Assert.Equal(0, given.Connection.Status().ReceiveQueue);
    }

    [Fact]
    [Trait("Rfc", "5961 5.2")]
    [Trait("Threat", "30")]
    [Trait("Clause", "RFC5961-5")]
    public void An_ACK_older_than_the_largest_window_is_challenged_and_its_text_dropped()
    {
        Given given = Given.Established(window: 2000);
        for (int i = 0; i < 2; i++)
        {
            given.Writes(2000).Sends($". seq {i * 2000 + 1} len 1460").Sends($"P. seq {i * 2000 + 1461} len 540")
                .Receives($". seq 1 ack {i * 2000 + 2001} win 2000");
        }
        given.SendsNothing() // SND.UNA = 4001, MAX.SND.WND = 2000
            .Receives("P. seq 1 ack 2000 len 5 win 2000").Sends(". seq 4001 ack 1").ReadFails(TcpError.WouldBlock)
            .Receives("P. seq 1 ack 2001 len 5 win 2000").Reads(5);
    }

    [Fact]
    [Trait("Rfc9293", "MUST-12")]
    [Trait("Clause", "RFC5961-6")]
    public void A_segment_without_ACK_is_dropped_silently() => Given.Established()
        .Receives("- seq 1 len 10").SendsNothing().Receives("F seq 1").SendsNothing().Receives("PU seq 1 len 3 urg 1").SendsNothing()
        .Then(TcpState.Established).ReadFails(TcpError.WouldBlock);

    [Fact]
    [Trait("Rfc", "5961 7")]
    [Trait("Clause", "RFC5961-7")]
    public void Challenges_of_one_connection_are_at_least_half_a_second_apart() => Given.Established()
        .Receives("R seq 100").Sends(". seq 1 ack 1")
        .Receives("R seq 200").SendsNothing().Receives("S seq 300").SendsNothing().Receives(". seq 1 ack 9").SendsNothing()
        .After(499).Receives("R seq 100").SendsNothing()
        .After(1).Receives("R seq 100").Sends(". seq 1 ack 1").Receives("S seq 1").SendsNothing()
        .And(g => Assert.Equal(2, g.Stack.Counters.ChallengeAcksSent));

    [Fact]
    [Trait("Rfc", "5961 7")]
    [Trait("Threat", "31")]
    [Trait("Cve", "2016-5696")]
    public void What_one_connection_is_sent_never_changes_the_answers_of_another()
    {
        Given given = Given.Listening();
        foreach (ushort port in new ushort[] { 40_001, 40_000 })
        {
            given.PeerPort = port;
            given.Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").Accepts();
        }
        for (int guess = 0; guess < 2000; guess++)
        {
            given.PeerPort = 40_001; // the attacker's own
            given.Receives("R seq 100").Ignoring();
            given.PeerPort = 40_000; // the victim's
            if (guess % 100 == 0) given.After(500).Receives("R seq 100").Sends(". seq 1 ack 1").SendsNothing();
        }
    }

    [Fact]
    [Trait("Rfc", "5961 7")]
    [Trait("Threat", "31")]
    public void Half_open_connections_have_a_limit_each_too()
    {
        Given given = Given.Listening();
        foreach (ushort port in new ushort[] { 40_001, 40_000 })
        {
            given.PeerPort = port;
            given.Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
                .Receives("R seq 100").Sends(". seq 1 ack 1").Receives("R seq 100").SendsNothing();
        }
    }

    [Fact]
    [Trait("Threat", "29")]
    public void Two_stacks_that_a_spoofed_segment_set_at_odds_stop_answering_each_other()
    {
        foreach (int text in new[] { 0, 10 })
        {
            var pair = new Pair();
            (TcpConnection a, TcpConnection b) = pair.Connect();
            pair.Run(Duration.FromSeconds(1));
            int before = pair.Log.Count;
            pair.A.Input(Spoof(b, a, text), default, pair.Now); // each is made to believe that the other sent something
            pair.B.Input(Spoof(a, b, text), default, pair.Now);
            pair.Run(Duration.FromSeconds(600));
            Assert.InRange(pair.Log.Count - before, 1, 12);
            Assert.Equal((TcpState.Established, TcpState.Established), (a.State, b.State));
        }
    }

    /// <summary>With text: in the window and right in all numbers. Without: before the window, so that it asks for an ACK.</summary>
    private static byte[] Spoof(TcpConnection from, TcpConnection to, int text)
    {
        TcpStatus status = from.Status();
        var options = default(TcpOptions);
        options.SetTimestamps(from.TimestampOffset + 2000, to.TimestampOffset);
        byte[] packet = new byte[IpHeader.Ipv4Length + TcpHeader.MaximumLength + text];
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        SequenceNumber seq = text == 0 ? status.SndNxt - 1 : status.SndNxt;
        int length = text + TcpHeaderWriter.Write(
            tcp, status.Tuple.LocalPort, status.Tuple.RemotePort, seq, status.RcvNxt, TcpFlags.Ack, 1000, 0, in options);
        TcpHeaderWriter.WriteChecksum(tcp[..length], status.Tuple.LocalAddress, status.Tuple.RemoteAddress);
        IpHeaderWriter.Write(packet, status.Tuple.LocalAddress, status.Tuple.RemoteAddress, IpProtocol.Tcp, length, 0, 64, 0);
        return packet[..(IpHeader.Ipv4Length + length)];
    }
}
