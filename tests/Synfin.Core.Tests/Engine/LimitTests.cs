using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Everything that a peer can make grow has a limit with a name.</summary>
public sealed class LimitTests
{
    private static Given Closes(Given given, ushort port) => given.From(port)
        .Receives("S seq 0").Sends("S.").Receives(". seq 1 ack 1").Accepts()
        .Closes().Sends("F. seq 1").Receives("F. seq 1 ack 2").Sends(". ack 2").Then(TcpState.TimeWait);

    [Fact]
    [Trait("Threat", "46")]
    public void Beyond_MaxTimeWait_the_oldest_is_forgotten()
    {
        Given given = Given.Listening(new StackOptions { MaxTimeWait = 2 });
        Closes(given, 1);
        TcpConnection oldest = given.Connection;
        Closes(Closes(given, 2), 3);
        Assert.Equal((2, 1), (given.Stack.TimeWaitCount, given.Stack.Counters.TimeWaitRecycled));
        Assert.Equal(TcpState.Closed, oldest.State);
        Assert.Equal(TcpState.TimeWait, given.Stack.StateOf(given.Tuple));
    }

    [Fact]
    [Trait("Threat", "45")]
    public void Beyond_MaxOrphans_a_CLOSE_resets()
    {
        Given given = Given.Listening(new StackOptions { MaxOrphans = 1 });
        given.From(1).Receives("S seq 0").Sends("S.").Receives(". seq 1 ack 1").Accepts()
            .Closes().Sends("F. seq 1").Then(TcpState.FinWait1);
        Assert.Equal(1, given.Stack.OrphanCount);
        given.From(2).Receives("S seq 0").Sends("S.").Receives(". seq 1 ack 1").Accepts()
            .Closes().Sends("R. seq 1 ack 1").Then(TcpState.Closed);
        Assert.Equal((1, 1), (given.Stack.Counters.OrphansReset, given.Stack.OrphanCount));
        given.From(1).Receives("R seq 1");
        Assert.Equal(0, given.Stack.OrphanCount);
        Closes(given, 3);
    }

    [Fact]
    [Trait("Threat", "12")]
    [Trait("Threat", "50")]
    public void Without_pages_text_is_not_acknowledged_and_comes_again()
    {
        Given given = Given.Established(new StackOptions { MaxPages = 2 });
        for (int i = 0; i < 6; i++) given.Receives(FormattableString.Invariant($". seq {1 + i * 1460} ack 1 len 1460"));
        given.Ignoring();
        int taken = given.Connection.Readable;
        Assert.InRange(taken, 4_096, 8_192);
        Assert.Equal(2, given.Stack.PagesInUse);
        Assert.True(given.Stack.Counters.Dropped[(int)DropReason.NoMemory] > 0);
        given.Reads(taken).Ignoring().Receives(FormattableString.Invariant($". seq {1 + taken} ack 1 len 1460")).Reads(1_460);
        Assert.Equal(0, given.Stack.PagesInUse);
    }

    [Fact]
    public void Without_pages_a_SEND_takes_less_and_is_called_again()
    {
        Given given = Given.Established(new StackOptions { MaxPages = 2 });
        Assert.Equal(TcpError.None, given.Connection.Send(new byte[20_000], given.Now, out int sent));
        Assert.InRange(sent, 4_096, 8_192);
        Assert.Equal(TcpError.WouldBlock, given.Connection.Send(new byte[1], given.Now, out _));
        given.TakeSignals();
        given.Turn().Ignoring().Receives(FormattableString.Invariant($". seq 1 ack {1 + sent}"));
        Assert.True(given.TakeSignals().HasFlag(TcpSignals.Writable));
        Assert.Equal(0, given.Stack.PagesInUse);
    }

    [Fact]
    [Trait("Threat", "50")]
    [Trait("Cve", "2018-5390")]
    public void Single_octets_pin_no_more_memory_than_their_window()
    {
        var buffer = new TcpConnectionOptions { ReceiveBuffer = 65_536 };
        Given given = Given.Established(connection: buffer);
        for (int i = 0; i < 2_000; i++)
        {
            string octet = FormattableString.Invariant($". seq {3 + i * 32 % 60_000} ack 1 len 1");
            given.Stack.Input(SegmentScript.Build(octet, given), default, given.Now);
        }
        given.Turn();
        Assert.InRange(given.Stack.PagesInUse, 1, 65_536 / 4_096 + 1);
        given.Aborts();
        Assert.Equal(0, given.Stack.PagesInUse);
    }

    [Fact]
    [Trait("Threat", "47")]
    public void Beyond_MaxPendingReplies_replies_are_dropped()
    {
        Given given = Given.Listening(new StackOptions { MaxPendingReplies = 2 });
        given.LinkFull = true;
        for (ushort port = 1; port <= 5; port++) given.From(port).Receives(". seq 1 ack 9");
        for (int i = 0; i < 3; i++) given.ReceivesPacket(Packets.Icmp(Given.Us, 8, 0, 1, []));
        Assert.Equal((2, 4), (given.Stack.Counters.ResetsSent, given.Stack.Counters.RepliesDropped));
        given.LinkFull = false;
        Assert.Equal(4, given.Turn().Unseen);
        given.From(9).Ignoring().Receives(". seq 1 ack 9").Sends("R seq 9");
    }

    [Fact]
    [Trait("Threat", "47")]
    public void RSTs_for_nobody_are_limited_by_the_second()
    {
        Given given = Given.Listening(new StackOptions { MaxResetsPerSecond = 3 });
        for (int i = 0; i < 10; i++) given.From((ushort)(i + 1)).Receives(". seq 1 ack 9");
        Assert.Equal((3, 3, 7), (given.Unseen, given.Stack.Counters.ResetsSent, given.Stack.Counters.RepliesDropped));
        given.Ignoring().After(334).Receives(". seq 1 ack 9").Sends("R seq 9").Receives(". seq 1 ack 9").SendsNothing();
    }

    [Fact]
    [Trait("Threat", "47")]
    public void A_RST_of_the_application_is_not_limited() => Given.Established(new StackOptions { MaxResetsPerSecond = 0 })
        .From(9).Receives(". seq 1 ack 9").SendsNothing()
        .From(40_000).Aborts().Sends("R. seq 1 ack 1");

    [Fact]
    [Trait("Threat", "47")]
    public void Pings_are_answered_so_many_times_a_second()
    {
        Given given = Given.Listening(new StackOptions { MaxIcmpRepliesPerSecond = 2 });
        byte[] ping = Packets.Icmp(Given.Us, 8, 0, 1, new byte[56]);
        for (int i = 0; i < 5; i++) given.ReceivesPacket(ping);
        Assert.Equal((2, 3), (given.Unseen, given.Stack.Counters.RepliesDropped));
        given.Ignoring().After(1_000).ReceivesPacket(ping);
        Assert.Equal(1, given.Unseen);
    }

    [Theory]
    [InlineData(TcpFlags.Syn)]
    [InlineData(TcpFlags.Syn | TcpFlags.Psh | TcpFlags.Ack)]
    [InlineData(TcpFlags.Psh | TcpFlags.Ack)]
    [InlineData(TcpFlags.Fin | TcpFlags.Ack)]
    [Trait("Threat", "47")]
    public void A_reply_to_nobody_is_never_longer_than_what_it_answers(TcpFlags flags)
    {
        foreach (int text in (int[])[0, 1, 100, 1_000])
        {
            byte[] request = Packets.Tcp(Given.Peer, 7, Given.Us, 9, flags, text: text);
            byte[] reply = Given.Listening().ReceivesPacket(request).TakeSent();
            Assert.Equal(40, reply.Length);
        }
    }

    [Fact]
    [Trait("Threat", "48")]
    public void A_SYN_ACK_carries_the_options_that_were_asked_for_and_no_text() => Given.Listening()
        .Receives("S seq 0 len 500").Sends("S. seq 0 ack 1 <mss 1460>")
        .And(g => Assert.Equal(44, g.LastSent.Length)) // MSS is always said (SHLD-5)
        .From(2).Receives("S seq 0 <mss 1460,sackOK,wscale 3,TS val 1 ecr 0>").Sends("S. seq 0 ack 1")
        .And(g => Assert.Equal(60, g.LastSent.Length));

    [Fact]
    [Trait("Threat", "31")]
    [Trait("Cve", "2016-5696")]
    public void Challenges_of_one_connection_say_nothing_about_another()
    {
        Given given = Given.Listening();
        given.From(1).Receives("S seq 0").Sends("S.").Receives(". seq 1 ack 1")
            .From(2).Receives("S seq 0").Sends("S.").Receives(". seq 1 ack 1");
        for (int i = 0; i < 1_000; i++) given.From(1).Receives("R seq 100");
        Assert.Equal(1, given.Unseen);
        given.Ignoring().From(2).Receives("R seq 100").Sends(". seq 1 ack 1");
    }

    [Fact]
    [Trait("Threat", "34")]
    [Trait("Rfc", "7323 7.1")]
    public void The_clocks_of_two_connections_have_nothing_in_common()
    {
        Given given = Given.Listening();
        uint[] clocks = new uint[4];
        for (ushort port = 0; port < 4; port++)
        {
            given.From((ushort)(port + 1)).Receives("S seq 0 <TS val 1 ecr 0>").Sends("S.");
            clocks[port] = SegmentScript.Read(given.LastSent).Options.TimestampValue;
        }
        for (int i = 1; i < 4; i++) Assert.True(Math.Abs((int)(clocks[i] - clocks[0])) > 100_000);
        Assert.All(clocks, c => Assert.NotInRange(c, 0u, 100_000u)); // nor with the time since the start
    }
}
