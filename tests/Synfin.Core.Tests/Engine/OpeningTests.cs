using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The three-way handshake and its variants (RFC 9293 3.5).</summary>
public sealed class OpeningTests
{
    [Fact]
    [Trait("Subject", "5")]
    public void A_passive_open_goes_from_LISTEN_over_SYN_RECEIVED_to_ESTABLISHED() => Given.Listening().Then(TcpState.Listen)
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1 <mss 1460>").Then(TcpState.SynReceived)
        .Receives(". seq 1 ack 1").Accepts().Then(TcpState.Established).SendsNothing()
        .And(g => Assert.True(g.Connection.Status().Passive));

    [Fact]
    [Trait("Subject", "5")]
    public void An_active_open_goes_from_SYN_SENT_to_ESTABLISHED() => Given.SynSent().Then(TcpState.SynSent)
        .Sends("S seq 0").Receives("S. seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1").Then(TcpState.Established)
        .And(g => Assert.False(g.Connection.Status().Passive));

    [Fact]
    [Trait("Subject", "3")]
    public void The_third_segment_may_carry_text() => Given.Listening()
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .Receives("P. seq 1 ack 1 len 10").Accepts().Then(TcpState.Established).Reads(10).After(40).Sends(". seq 1 ack 11");

    [Fact]
    [Trait("Rfc9293", "MUST-40")]
    public void The_ACK_of_the_first_text_waits_less_than_half_a_second_in_every_profile()
    {
        foreach (TcpProfile profile in new[] { TcpProfile.Default, TcpProfile.Rfc, TcpProfile.Linux, TcpProfile.FreeBsd })
        {
            Given.Established(new StackOptions { Profile = profile }).Receives("P. seq 1 ack 1 len 10").After(499).Sends(". seq 1 ack 11");
        }
    }

    [Fact]
    public void The_third_segment_may_carry_a_FIN() => Given.Listening()
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .Receives("FP. seq 1 ack 1 len 10").Sends(". seq 1 ack 12").Accepts().Then(TcpState.CloseWait).Reads(10).ReadsEnd();

    [Fact]
    public void Text_written_in_SYN_SENT_goes_out_with_the_ACK() => Given.SynSent().Sends("S seq 0")
        .Writes(10).SendsNothing()
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends("P. seq 1 ack 1 len 10").SendsNothing();

    [Fact]
    [Trait("Subject", "9")]
    public void A_SYN_that_comes_again_is_answered_with_the_same_SYN_ACK() => Given.Listening()
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Then(TcpState.SynReceived).SendsNothing();

    [Fact]
    [Trait("Subject", "9")]
    public void A_lost_ACK_is_made_good_by_the_SYN_ACK_that_comes_again() => Given.SynSent().Sends("S seq 0")
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1")
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1").Then(TcpState.Established);

    [Fact]
    [Trait("Subject", "9")]
    public void A_lost_SYN_and_a_lost_SYN_ACK_are_sent_again()
    {
        Given.SynSent().Sends("S seq 0").After(999).SendsNothing().After(2).Sends("S seq 0");
        Given.Listening().Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").After(999).SendsNothing().After(2).Sends("S. seq 0 ack 1");
    }

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    [Trait("Subject", "10")]
    public void SYNs_that_cross_open_one_connection() => Given.SynSent().Sends("S seq 0")
        .Receives("S seq 0").Sends("S. seq 0 ack 1").Then(TcpState.SynReceived)
        .Receives("S. seq 0 ack 1").Then(TcpState.Established).SendsNothing() // Figure 7, line 6: no ACK of its own
        .And(g => Assert.Equal(TcpOptionKinds.None, g.Connection.Status().Options));

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    public void Either_ends_ACK_completes_a_simultaneous_open() => Given.SynSent().Sends("S seq 0")
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 1").Then(TcpState.Established).SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    public void SYNs_that_cross_agree_on_the_options_of_both() => Given.SynSent()
        .Sends("S seq 0 <mss 1460,sackOK,wscale 5,TS val 0 ecr 0>")
        .Receives("S seq 0 win 8192 <mss 1200,sackOK,wscale 2,TS val 7 ecr 0>")
        .Sends("S. seq 0 ack 1 <mss 1460,sackOK,wscale 5,TS val 0 ecr 7>")
        .Receives("S. seq 0 ack 1 win 8192 <mss 1200,sackOK,wscale 2,TS val 8 ecr last>").Then(TcpState.Established)
        .And(g => Assert.Equal((2, 5), (g.Connection.Status().SendWindowScale, g.Connection.Status().ReceiveWindowScale)))
        .And(g => Assert.Equal(1188, g.Connection.Status().SendMss))
        .Writes(10).Sends("P. seq 1 ack 1 len 10 <TS val 0 ecr 8>");

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    public void A_SYN_ACK_offers_nothing_that_the_crossing_SYN_did_not_offer() => Given.SynSent().Sends("S seq 0")
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1 <mss 1460>").And(g =>
        {
            string sent = SegmentScript.Describe(g.LastSent, g);
            Assert.DoesNotContain("wscale", sent, StringComparison.Ordinal);
            Assert.DoesNotContain("sackOK", sent, StringComparison.Ordinal);
            Assert.DoesNotContain("TS", sent, StringComparison.Ordinal);
        });

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    public void Our_SYN_ACK_is_lost_and_the_peers_is_answered() => Given.SynSent().Sends("S seq 0")
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1") // lost
        .Receives("S. seq 0 ack 1 <mss 1460>").Then(TcpState.Established).SendsNothing()
        .After(1000).SendsNothing()
        .Receives("S. seq 0 ack 1 <mss 1460>").Sends(". seq 1 ack 1").Then(TcpState.Established);

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    public void Both_SYN_ACKs_are_lost_and_sent_again() => Given.SynSent().Sends("S seq 0")
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")
        .After(999).SendsNothing().After(2).Sends("S. seq 0 ack 1")
        .Receives("S. seq 0 ack 1 <mss 1460>").Then(TcpState.Established).After(10_000).SendsNothing();

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    [Trait("Threat", "40")]
    [Trait("Threat", "57")]
    public void Text_on_a_crossing_SYN_is_kept_but_not_given_out_before_our_SYN_is_acknowledged() => Given.SynSent().Sends("S seq 0")
        .Receives("S seq 0 len 10 <mss 1460>").Sends("S. seq 0 ack 11").Then(TcpState.SynReceived)
        .ReadFails(TcpError.WouldBlock).And(g => g.TakeSignals())
        .Receives(". seq 11 ack 1").Then(TcpState.Established)
        .And(g => Assert.True(g.TakeSignals().HasFlag(TcpSignals.Readable | TcpSignals.Connected)))
        .Reads(10);

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    public void Two_stacks_that_open_to_each_other_at_once_meet()
    {
        var pair = new Pair();
        Assert.Equal(TcpError.None, pair.A.Connect(Pair.AddressB, 7000, Pair.AddressA, 6000, null, pair.Now, out TcpConnection? a));
        Assert.Equal(TcpError.None, pair.B.Connect(Pair.AddressA, 6000, Pair.AddressB, 7000, null, pair.Now, out TcpConnection? b));
        pair.Settle();
        Assert.Equal((TcpState.Established, TcpState.Established), (a!.State, b!.State));
        Assert.Equal(TcpError.None, a.Send("hello"u8, pair.Now, out _));
        pair.Settle();
        byte[] buffer = new byte[10];
        Assert.Equal(TcpError.None, b.Receive(buffer, pair.Now, out int received));
        Assert.Equal(5, received);
        Assert.All(pair.Log, entry => Assert.False(SegmentScript.Read(entry.Packet).Has(TcpFlags.Rst)));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-10")]
    public void Two_stacks_that_open_at_once_meet_whichever_segment_is_lost()
    {
        for (int lost = 1; lost <= 3; lost++)
        {
            foreach (bool fromA in new[] { true, false })
            {
                var pair = new Pair { Lose = (a, number, _) => a == fromA && number == lost };
                pair.A.Connect(Pair.AddressB, 7000, Pair.AddressA, 6000, null, pair.Now, out TcpConnection? a);
                pair.B.Connect(Pair.AddressA, 6000, Pair.AddressB, 7000, null, pair.Now, out TcpConnection? b);
                pair.Run(Duration.FromSeconds(5));
                Assert.Equal((TcpState.Established, TcpState.Established), (a!.State, b!.State));
            }
        }
    }

    [Fact]
    [Trait("Threat", "40")]
    public void A_split_handshake_ends_as_a_simultaneous_open() => Given.SynSent().Sends("S seq 0")
        .Receives(". seq 0 ack 1").SendsNothing().Then(TcpState.SynSent) // an ACK alone opens nothing
        .Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1").Then(TcpState.SynReceived)
        .Receives(". seq 1 ack 1").Then(TcpState.Established).SendsNothing()
        .And(g => Assert.False(g.Connection.Status().Passive)); // the role is the one that the application chose

    [Fact]
    [Trait("Threat", "57")]
    public void Text_and_FIN_on_the_SYN_ACK_are_taken() => Given.SynSent().Sends("S seq 0")
        .Receives("FPS. seq 0 ack 1 len 10 <mss 1460>").Sends(". seq 1 ack 12").Then(TcpState.CloseWait).Reads(10).ReadsEnd();

    [Fact]
    [Trait("Threat", "57")]
    public void Text_on_the_SYN_ACK_beyond_the_window_is_cut() => Given
        .SynSent(connection: new TcpConnectionOptions { ReceiveBuffer = 1024 }).Sends("S seq 0 win 1024")
        .Receives("FS. seq 0 ack 1 len 1400 <mss 1460>").Sends(". seq 1 ack 1025 win 0").Then(TcpState.Established).Reads(1024);

    [Fact]
    [Trait("Threat", "57")]
    public void Text_on_a_crossing_SYN_beyond_the_window_is_cut() => Given
        .SynSent(connection: new TcpConnectionOptions { ReceiveBuffer = 1024 }).Sends("S seq 0 win 1024")
        .Receives("S seq 0 len 1400 <mss 1460>").Sends("S. seq 0 ack 1025").Then(TcpState.SynReceived)
        .Receives(". seq 1025 ack 1").Then(TcpState.Established).Reads(1024);

    [Fact]
    [Trait("Threat", "57")]
    public void Text_and_FIN_on_a_SYN_to_a_listener_come_again_and_are_not_lost() => Given.Listening()
        .Receives("FS seq 0 len 10 <mss 1460>").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 1").Accepts().Then(TcpState.Established).SendsNothing()
        .Receives("FP. seq 1 ack 1 len 10").Sends(". seq 1 ack 12").Then(TcpState.CloseWait).Reads(10).ReadsEnd();

    [Fact]
    public void The_final_ACK_without_the_timestamps_that_were_agreed_on_is_no_ACK() => Given.Listening()
        .Receives("S seq 0 <mss 1460,TS val 1 ecr 0>").Sends("S. seq 0 ack 1 <TS val 0 ecr 1>")
        .Receives(". seq 1 ack 1").SendsNothing().Then(TcpState.SynReceived) // RFC 7323 3.2: dropped silently
        .Receives(". seq 1 ack 1 <TS val 2 ecr last>").Accepts().Then(TcpState.Established);

    [Fact]
    [Trait("Threat", "41")]
    public void A_connection_to_itself_is_made_when_asked_for_and_closes_like_any_other()
    {
        Given given = Given.Closed();
        Assert.Equal(TcpError.None, given.Stack.Connect(Given.Us, 5000, Given.Us, 5000, null, given.Now, out TcpConnection? self));
        given.Turn().After(1).SendsNothing();
        Assert.Equal(TcpState.Established, self!.State);
        Assert.Equal(TcpError.None, self.Send("echo"u8, given.Now, out _));
        given.Turn().After(50);
        byte[] buffer = new byte[10];
        Assert.Equal(TcpError.None, self.Receive(buffer, given.Now, out int received));
        Assert.Equal("echo"u8, buffer.AsSpan(0, received));
        Assert.Equal(TcpError.None, self.Close(given.Now));
        given.Turn().After(1);
        Assert.Equal(TcpState.TimeWait, self.State);
        given.After(60_001).SendsNothing();
        Assert.Equal(0, given.Stack.ConnectionCount + given.Stack.TimeWaitCount + given.Stack.PagesInUse);
    }

    [Fact]
    [Trait("Threat", "41")]
    public void An_ephemeral_port_never_makes_a_connection_to_itself()
    {
        Given given = Given.Closed(new StackOptions { FirstEphemeralPort = 5000, LastEphemeralPort = 5000 });
        Assert.Equal(TcpError.NoPortAvailable, given.Stack.Connect(Given.Us, 5000, null, 0, null, given.Now, out _));
        Assert.Equal(TcpError.None, given.Stack.Connect(Given.Us, 5001, null, 0, null, given.Now, out _));
    }

    [Fact]
    [Trait("Rfc", "6528")]
    [Trait("Rfc9293", "MUST-8")]
    [Trait("Rfc9293", "SHLD-1")]
    public void The_same_name_gets_a_number_a_quarter_of_a_million_higher_a_second_later()
    {
        Given given = Given.SynSent().Sends("S seq 0");
        SequenceNumber first = given.OurIsn;
        given.Receives("R. seq 0 ack 1").Then(TcpState.Closed).After(1000);
        Assert.Equal(TcpError.None, given.Stack.Connect(Given.Peer, 80, null, given.OurPort, null, given.Now, out _));
        given.Turn().Sends("S seq 0");
        Assert.Equal(250_000, given.OurIsn - first);
    }

    [Fact]
    [Trait("Rfc", "6528")]
    [Trait("Rfc9293", "MUST-9")]
    public void Another_secret_gives_other_numbers()
    {
        var tuple = new FourTuple(Given.Us, 1, Given.Peer, 2);
        var seen = new HashSet<uint>();
        for (ulong key = 0; key < 1000; key++)
            seen.Add(InitialSequenceNumber.Choose(new StackSecret(key, 0), in tuple, Timestamp.Zero).Value);
        Assert.True(seen.Count > 998);
    }
}
