using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>What kernels' sockets ask of a connection beyond RFC 9293's calls.</summary>
public sealed class KernelCallTests
{
    /// <summary>SO_SNDBUF of an open connection: more room at once; less takes nothing away.</summary>
    [Fact]
    public void The_send_buffer_is_resized()
    {
        Given given = Given.Established(connection: new() { SendBuffer = 2_000 }).WritesPart(3_000, 2_000).WriteBlocks();
        given.Connection.SetBuffers(given.Connection.Options.ReceiveBuffer, 4_000, given.Now);
        given.Turn().WritesPart(3_000, 2_000).WriteBlocks();
        given.Connection.SetBuffers(given.Connection.Options.ReceiveBuffer, 1_024, given.Now);
        given.Turn().Ignoring().Receives(". seq 1 ack 3001").WritesPart(1_000, 24).WriteBlocks();
    }

    /// <summary>SO_RCVBUF: a larger one widens the window; what was promised by a smaller one is kept (SHLD-14).</summary>
    [Fact]
    public void The_receive_buffer_is_resized()
    {
        Given given = Given.Established(connection: new() { ReceiveBuffer = 4_000 });
        given.Connection.SetBuffers(8_000, given.Connection.Options.SendBuffer, given.Now);
        given.Turn().Receives(". seq 1 ack 1 len 1460").Receives(". seq 1461 ack 1 len 1460").Sends(". ack 2921");
        Assert.Equal(8_001, given.LastEdge);
        given.Connection.SetBuffers(2_000, given.Connection.Options.SendBuffer, given.Now);
        given.Turn().Receives(". seq 2921 ack 1 len 1460").Receives(". seq 4381 ack 1 len 1460").Sends(". ack 5841").Reads(5_840);
    }

    /// <summary>MSG_PEEK: what is looked at stays, and no window opens.</summary>
    [Fact]
    public void Peeking_takes_nothing()
    {
        Given given = Given.Established().Receives(". seq 1 ack 1 len 10");
        byte[] seen = new byte[4];
        Assert.Equal(4, given.Connection.Peek(3, seen));
        Assert.Equal([3, 4, 5, 6], seen);
        Assert.Equal(2, given.Connection.Peek(8, seen));
        Assert.Equal(0, given.Connection.Peek(10, seen));
        given.Reads(10);
    }

    /// <summary>RFC 1122 4.2.2.13, as Linux reads it: who neither reads nor sends any more answers new text with RST.</summary>
    [Fact]
    public void Text_after_reading_and_sending_have_stopped_is_reset()
    {
        Given given = Given.Established();
        given.Connection.StopReading();
        given.Receives(". seq 1 ack 1 len 10").Then(TcpState.Established).Reads(10).Ignoring()
            .ShutsDown().Sends("F. seq 1 ack 11").Receives(". seq 11 ack 2").Then(TcpState.FinWait2)
            .Receives(". seq 1 ack 2 len 10").Ignoring().Then(TcpState.FinWait2)
            .Receives(". seq 11 ack 2 len 10").Sends("R seq 2").Then(TcpState.Closed);
        Assert.Equal(CloseReason.LocalReset, given.Connection.CloseReason);
        Assert.Equal(TcpError.ConnectionReset, given.Connection.Error);
    }

    /// <summary>TCP_QUICKACK: without it ACKs wait; with it one that waits goes at once; what is left of the quick ones counts.</summary>
    [Fact]
    public void Quick_ACKs_are_suspended_and_resumed()
    {
        Given given = Given.Established(new StackOptions { Profile = TcpProfile.Default with { QuickAckSegments = 3 } });
        given.Receives(". seq 1 ack 1 len 10").Sends(". ack 11");
        int used = given.Connection.SuspendQuickAcks();
        given.Receives(". seq 11 ack 1 len 10").Reads(20).SendsNothing();
        given.Connection.ResumeQuickAcks(used, given.Now);
        given.Turn().Sends(". ack 21").Receives(". seq 21 ack 1 len 10").Sends(". ack 31")
            .Receives(". seq 31 ack 1 len 10").Sends(". ack 41").Receives(". seq 41 ack 1 len 10").SendsNothing();
    }

    /// <summary>TCP_SYNCNT: so many SYNs more, and OPEN fails.</summary>
    [Fact]
    public void The_retransmissions_of_SYN_are_the_applications_choice()
    {
        Given given = Given.SynSent(connection: new() { SynRetries = 1 }).Sends("S seq 0").After(1_001).Sends("S seq 0");
        given.After(1_998).Then(TcpState.SynSent).After(2).Then(TcpState.Closed).SendsNothing();
        Assert.Equal(TcpError.TimedOut, given.Connection.Error);
    }

    /// <summary>FreeBSD's keepinit: OPEN has a time of its own, which ends with it.</summary>
    [Fact]
    public void An_OPEN_has_its_time()
    {
        TcpConnectionOptions hasty = new() { OpenTimeout = Duration.FromSeconds(2) };
        Given given = Given.SynSent(connection: hasty).Ignoring().After(1_999).Then(TcpState.SynSent).After(1).Then(TcpState.Closed);
        Assert.Equal((CloseReason.RetransmissionTimeout, TcpError.TimedOut), (given.Connection.CloseReason, given.Connection.Error));
        Given.SynSent(connection: hasty).Sends("S seq 0").After(1_500).Ignoring().Receives("S. seq 0 ack 1").Then(TcpState.Established)
            .After(5_000).Then(TcpState.Established);
    }

    /// <summary>TCP_LINGER2: how long FIN-WAIT-2 of a closed connection lasts.</summary>
    [Fact]
    public void FIN_WAIT_2_lasts_as_the_application_chose() => Given.Established(connection: new() { FinWait2 = Duration.FromSeconds(5) })
        .Closes().Sends("F. seq 1 ack 1").Receives(". seq 1 ack 2").Then(TcpState.FinWait2)
        .After(4_999).Then(TcpState.FinWait2).After(1).Then(TcpState.Closed).SendsNothing();

    /// <summary>TCP_MAXSEG: what our SYN announces (MUST-67).</summary>
    [Fact]
    public void The_announced_MSS_is_at_most_the_applications() =>
        Given.SynSent(connection: new() { AnnouncedSegmentSize = 1_000 }).Sends("S seq 0 <mss 1000>");

    [Fact]
    public void No_more_is_announced_than_the_MTU_allows() =>
        Given.SynSent(connection: new() { AnnouncedSegmentSize = 10_000 }).Sends("S seq 0 <mss 1460>");
}
