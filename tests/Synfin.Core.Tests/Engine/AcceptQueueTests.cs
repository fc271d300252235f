using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The two queues of a listener: half-open entries and connections that wait for accept.</summary>
[Trait("Threat", "44")]
public sealed class AcceptQueueTests
{
    private static readonly TcpConnectionOptions Deferring = new() { DeferAccept = true };

    private static Given Handshake(Given given, ushort port) =>
        given.From(port).Receives("S seq 0").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").SendsNothing();

    private static long Drops(Given given, DropReason reason) => given.Stack.Counters.Dropped[(int)reason];

    [Fact]
    public void It_holds_one_more_than_the_backlog_in_the_order_of_arrival()
    {
        Given given = Given.Listening(backlog: 2);
        for (ushort port = 1; port <= 3; port++) Handshake(given, port);
        Assert.Equal(3, given.Listener!.AcceptQueueCount);
        for (ushort port = 1; port <= 3; port++)
            given.Accepts().And(g => Assert.Equal(port, g.Connection.Tuple.RemotePort)).Then(TcpState.Established);
        Assert.Equal(TcpError.WouldBlock, given.Listener.Accept(given.Now, out _));
    }

    [Fact]
    public void A_full_accept_queue_drops_new_SYNs_in_silence_and_takes_the_next_try_after_an_accept()
    {
        Given given = Given.Listening(backlog: 1);
        Handshake(Handshake(given, 1), 2)
            .From(3).Receives("S seq 0").SendsNothing().Then(TcpState.Listen);
        Assert.Equal(1, Drops(given, DropReason.AcceptQueueFull));
        Assert.Equal(0, given.Stack.Counters.SynCookiesSent);
        given.Accepts();
        Handshake(given, 3);
    }

    [Fact]
    public void A_last_ACK_that_finds_the_queue_full_is_dropped_and_the_clients_text_completes_the_handshake()
    {
        Given given = TwoHalfOpenOnePlaceLeft();
        given.From(3).Receives(". seq 1 ack 1").SendsNothing()
            .From(4).Receives(". seq 1 ack 1").SendsNothing();
        Assert.Equal((3, 1), (given.Listener!.AcceptQueueCount, given.Stack.SynQueueCount));
        given.Receives("P. seq 1 ack 1 len 10").SendsNothing(); // still full, so it is not acknowledged
        Assert.Equal(2, Drops(given, DropReason.AcceptQueueFull));
        given.Accepts().Accepts().Accepts()
            .Receives("P. seq 1 ack 1 len 10").Accepts().Then(TcpState.Established).Reads(10)
            .And(g => Assert.Equal(4, g.Connection.Tuple.RemotePort));
    }

    [Fact]
    public void A_last_ACK_that_finds_the_queue_full_is_asked_for_again_by_the_SYN_ACK()
    {
        Given given = TwoHalfOpenOnePlaceLeft();
        given.From(3).Receives(". seq 1 ack 1").From(4).Receives(". seq 1 ack 1").SendsNothing();
        given.Accepts()
            .After(1_000).From(4).Sends("S. seq 0 ack 1").SendsNothing()
            .Receives(". seq 1 ack 1").SendsNothing();
        Assert.Equal((3, 0), (given.Listener!.AcceptQueueCount, given.Stack.SynQueueCount));
    }

    [Fact]
    [Trait("Rfc9293", "MUST-11")]
    public void A_RST_and_a_bad_ACK_are_heard_while_the_queue_is_full()
    {
        Given given = TwoHalfOpenOnePlaceLeft();
        given.From(3).Receives(". seq 1 ack 1").SendsNothing()
            .From(4).Receives(". seq 1 ack 9").Sends("R seq 9")
            .Receives("R seq 1").SendsNothing();
        Assert.Equal(0, given.Stack.SynQueueCount);
        Assert.Equal(0, given.Listener!.SynQueueCount);
    }

    [Fact]
    public void A_closed_listener_forgets_what_is_half_open_and_resets_what_nobody_accepted()
    {
        Given given = Given.Listening();
        Handshake(given, 1).From(2).Receives("S seq 0").Sends("S. seq 0 ack 1");
        given.Listener!.Close(given.Now);
        given.Turn().From(1).Sends("R. seq 1 ack 1").SendsNothing();
        Assert.Equal((0, 0, 0), (given.Stack.SynQueueCount, given.Stack.ConnectionCount, given.Listener.AcceptQueueCount));
        Assert.Equal(TcpError.ConnectionDoesNotExist, given.Listener.Accept(given.Now, out _));
        given.From(2).Receives(". seq 1 ack 1").Sends("R seq 1")
            .After(100_000).SendsNothing();
        given.Listener.Close(given.Now); // twice is once
    }

    [Fact]
    public void A_closed_listener_leaves_the_half_open_entries_of_others()
    {
        Given given = Given.Listening();
        TcpListener other = ListenTests.Listen(given.Stack, Given.Us, 81);
        given.From(1).Receives("S seq 0").Sends("S. seq 0 ack 1");
        other.Close(given.Now);
        given.Receives(". seq 1 ack 1").Accepts().Then(TcpState.Established);
    }

    [Fact]
    public void A_connection_that_was_reset_while_it_waited_is_still_delivered_and_says_so() =>
        Handshake(Given.Listening(), 1)
            .Receives("R seq 1").SendsNothing()
            .Accepts().Then(TcpState.Closed).ReadFails(TcpError.ConnectionReset);

    [Fact]
    public void Text_that_came_before_the_accept_is_there_after_it() => Handshake(Given.Listening(), 1)
        .Receives("P. seq 1 ack 1 len 10").Receives("FP. seq 11 ack 1 len 10").Sends(". seq 1 ack 22")
        .Accepts().Then(TcpState.CloseWait).Reads(20).ReadsEnd();

    [Fact]
    public void A_deferring_listener_waits_for_text() => Given.Listening(connection: Deferring)
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 1").SendsNothing()
        .And(g => Assert.Equal((0, 1), (g.Listener!.AcceptQueueCount, g.Stack.SynQueueCount)))
        .After(1_000).Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").SendsNothing()
        .Receives("P. seq 1 ack 1 len 5").Accepts().Then(TcpState.Established).Reads(5);

    [Fact]
    public void A_deferring_listener_hears_a_FIN_a_RST_and_a_bad_ACK() => Given.Listening(connection: Deferring)
        .Receives("S seq 0").Sends("S. seq 0 ack 1")
        .Receives(". seq 1 ack 5").Sends("R seq 5")
        .Receives("R seq 1").SendsNothing().Then(TcpState.Listen)
        .From(2).Receives("S seq 0").Sends("S. seq 0 ack 1")
        .Receives("F. seq 1 ack 1").Sends(". seq 1 ack 2").Accepts().Then(TcpState.CloseWait).ReadsEnd();

    [Fact]
    public void A_deferring_listener_forgets_who_never_says_a_word() => Given.Listening(connection: Deferring)
        .Receives("S seq 0").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1")
        .After(63_000).Ignoring().Then(TcpState.Listen)
        .Receives("P. seq 1 ack 1 len 5").Sends("R seq 1");

    [Fact]
    public void Connections_beyond_the_stacks_limit_wait_half_open()
    {
        Given given = Given.Listening(new StackOptions { MaxConnections = 2 });
        Handshake(Handshake(given, 1), 2).Accepts();
        TcpConnection first = given.Connection;
        given.From(3).Receives("S seq 0").Sends("S. seq 0 ack 1").Receives(". seq 1 ack 1").SendsNothing();
        Assert.Equal((2, 1), (given.Stack.ConnectionCount, given.Stack.SynQueueCount));
        Assert.Equal(TcpError.InsufficientResources, given.Stack.Connect(Given.Peer, 80, null, 0, null, given.Now, out _));
        first.Abort(given.Now);
        given.Turn().Ignoring().Receives("P. seq 1 ack 1 len 1").SendsNothing();
        Assert.Equal((2, 0), (given.Stack.ConnectionCount, given.Stack.SynQueueCount));
    }

    /// <summary>Backlog 2: two connections wait, two more (of ports 3 and 4) are half-open, and only one of them will fit.</summary>
    private static Given TwoHalfOpenOnePlaceLeft()
    {
        Given given = Given.Listening(backlog: 2);
        return Handshake(Handshake(given, 1), 2)
            .From(3).Receives("S seq 0").Sends("S. seq 0 ack 1")
            .From(4).Receives("S seq 0").Sends("S. seq 0 ack 1");
    }
}
