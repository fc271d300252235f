using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The send buffer's limit, the page pool's, and what the application is told of them.</summary>
public sealed class BufferLimitTests
{
    private static readonly TcpConnectionOptions Small = new() { SendBuffer = 10_000 };

    [Fact]
    public void A_full_send_buffer_takes_part_then_blocks_and_says_when_half_of_it_is_free()
    {
        Given given = Given.Established(connection: Small).And(g => g.TakeSignals());
        given.WritesPart(15_000, 10_000).WriteBlocks().SendsFull(1, 6).Sends("P. seq 8761 len 1240").Signalled(TcpSignals.None);
        given.Receives(". seq 1 ack 4381").Signalled(TcpSignals.None).Receives(". seq 1 ack 5001").Signalled(TcpSignals.Writable);
        Assert.Equal(5_000, given.Connection.SendSpace);
        given.Receives(". seq 1 ack 10001").Signalled(TcpSignals.None); // told once
        given.WritesPart(10_000, 10_000).Ignoring().Receives(". seq 1 ack 20001").Signalled(TcpSignals.None); // nothing was refused
    }

    [Fact]
    public void Drained_is_signalled_once_when_asked_for()
    {
        Given given = Given.Established().And(g => g.TakeSignals());
        Assert.True(given.Connection.NotifyDrained());
        given.Writes(100).Ignoring();
        Assert.False(given.Connection.NotifyDrained());
        given.Receives(". seq 1 ack 51").Signalled(TcpSignals.None).Receives(". seq 1 ack 101").Signalled(TcpSignals.Drained);
        given.Writes(100).Ignoring().Receives(". seq 1 ack 201").Signalled(TcpSignals.None);
    }

    [Fact]
    [Trait("Threat", "12")]
    public void A_sender_without_pages_blocks_and_is_told_when_there_are_some()
    {
        var options = new StackOptions { MaxPages = 4 };
        Given given = Given.Established(options).And(g => g.TakeSignals());
        given.WritesPart(30_000, 16_384).WriteBlocks().Signalled(TcpSignals.None).Ignoring();
        given.Receives(". seq 1 ack 4001").Ignoring().Signalled(TcpSignals.None);
        given.Receives(". seq 1 ack 8761").Ignoring().Signalled(TcpSignals.Writable);
        given.WritesPart(30_000, 8_192);
    }

    [Fact]
    [Trait("Threat", "12")]
    public void A_receiver_without_pages_gives_up_what_is_out_of_order_for_what_is_in_order()
    {
        var options = new StackOptions { MaxPages = 3 };
        Given given = Given.Established(options, peerOptions: "mss 1460,sackOK");
        given.Receives(". seq 4097 ack 1 len 4096").Sends(". ack 1 <sack 4097:8193>");
        given.Receives(". seq 8193 ack 1 len 4096").Receives(". seq 12289 ack 1 len 4096").Ignoring();
        given.Receives(". seq 16385 ack 1 len 100").Ignoring(); // no page for it
        Assert.Equal((3, 1), (given.Stack.PagesInUse, given.Dropped(DropReason.NoMemory)));
        given.Receives(". seq 1 ack 1 len 4096").Sends(". ack 4097 <nosack>")
            .Reads(4_096); // in order comes first: all that was beyond is given up
        Assert.Equal(0, given.Stack.PagesInUse);
    }

    [Fact]
    [Trait("Threat", "12")]
    public void A_receiver_without_any_page_drops_acknowledges_what_it_has_and_takes_it_later()
    {
        var options = new StackOptions { MaxPages = 2 };
        Given given = Given.Established(options).WritesPart(8_192, 8_192).Ignoring();
        given.Receives("F. seq 1 ack 1 len 100").Sends(". ack 1").Then(TcpState.Established);
        given.Receives(". seq 1 ack 8193").Ignoring().Receives("F. seq 1 ack 8193 len 100").Sends(". ack 102").Then(TcpState.CloseWait)
            .Reads(100).ReadsEnd();
    }

    [Fact]
    [Trait("Threat", "50")]
    public void Octets_that_come_one_by_one_share_a_page()
    {
        Given given = Given.Established(connection: new TcpConnectionOptions { QuickAck = true });
        for (int i = 1; i <= 8_000; i++) given.Receives($". seq {i} ack 1 len 1").Ignoring();
        Assert.Equal(2, given.Stack.PagesInUse);
    }

    [Fact]
    public void A_full_link_loses_nothing()
    {
        Given given = Given.Established();
        given.LinkFull = true;
        given.Writes(5_000).SendsNothing().Receives(". seq 1 ack 1 len 1460").Receives(". seq 1461 ack 1 len 1460").After(100)
            .SendsNothing();
        given.LinkFull = false;
        given.Turn().Sends(". seq 1 ack 2921 len 1460").SendsFull(1_461, 2).Sends("P. seq 4381 len 620").SendsNothing();
    }
}
