using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;
using static Synfin.TcpError;

namespace Synfin.Core.Tests.Engine;

/// <summary>
/// What each call answers in each state (RFC 9293 3.10.1 to 3.10.6). Shutdown is the RFC's CLOSE. Close lets go of the connection besides,
/// so its first call is always taken. Where the RFC answers a RECEIVE after the peer's FIN with "connection closing", we give the end of
/// the stream (no error, no octets).
/// </summary>
public sealed class CallTests
{
    public sealed record Row(TcpError Open, TcpError Send, TcpError Receive, TcpError Shutdown, TcpError CloseAgain, TcpError Abort);

    private const TcpError Exists = ConnectionAlreadyExists, Closing = ConnectionClosing, Gone = ConnectionDoesNotExist;

    private static readonly Dictionary<string, Row> Table = new()
    {
        // OPEN, SEND, RECEIVE, CLOSE, CLOSE twice, ABORT
        ["SYN-SENT"] = new(Exists, None, WouldBlock, None, Gone, None),
        ["SYN-RECEIVED active"] = new(Exists, None, WouldBlock, None, Closing, None),
        ["ESTABLISHED"] = new(Exists, None, WouldBlock, None, Closing, None),
        ["FIN-WAIT-1"] = new(Exists, Closing, WouldBlock, Closing, Closing, None),
        ["FIN-WAIT-2"] = new(Exists, Closing, WouldBlock, Closing, Closing, None),
        ["CLOSE-WAIT"] = new(Exists, None, None, None, Closing, None),
        ["CLOSING"] = new(Exists, Closing, None, Closing, Closing, None),
        ["LAST-ACK"] = new(Exists, Closing, None, Closing, Closing, None),
        ["TIME-WAIT"] = new(Exists, Closing, None, Closing, Closing, None),
        ["CLOSED by LAST-ACK"] = new(None, Gone, None, Gone, Gone, Gone),
        ["CLOSED by 2MSL"] = new(None, Gone, None, Gone, Gone, Gone),
        ["CLOSED by RST"] = new(None, ConnectionReset, ConnectionReset, ConnectionReset, Gone, Gone),
        ["CLOSED, refused"] = new(None, ConnectionRefused, ConnectionRefused, ConnectionRefused, Gone, Gone),
        ["CLOSED by ABORT"] = new(None, Aborted, Aborted, Aborted, Gone, Gone),
    };

    public static TheoryData<string> Rows => [.. Table.Keys];

    private static Given Reach(string name) => name switch
    {
        "CLOSED by LAST-ACK" => States.All["LAST-ACK"].Go().Receives(". seq 2 ack 2").Then(TcpState.Closed),
        "CLOSED by 2MSL" => States.All["TIME-WAIT"].Go().After(60_001).Then(TcpState.Closed),
        "CLOSED by RST" => States.All["ESTABLISHED"].Go().Receives("R seq 1").Then(TcpState.Closed),
        "CLOSED, refused" => States.All["SYN-SENT"].Go().Receives("R. seq 0 ack 1").Then(TcpState.Closed),
        "CLOSED by ABORT" => States.All["ESTABLISHED"].Go().Aborts().Ignoring().Then(TcpState.Closed),
        _ => States.All[name].Go(),
    };

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Rfc", "9293 3.10.1")]
    public void OPEN_of_the_same_name(string name)
    {
        Given given = Reach(name);
        TcpError error = given.Stack.Connect(Given.Peer, given.PeerPort, Given.Us, given.OurPort, null, given.Now, out _);
        Assert.Equal(Table[name].Open, error);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Rfc", "9293 3.10.2")]
    public void SEND(string name)
    {
        Given given = Reach(name);
        TcpError error = given.Connection.Send("data"u8, given.Now, out int sent);
        Assert.Equal((Table[name].Send, error is None ? 4 : 0), (error, sent));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Rfc", "9293 3.10.3")]
    public void RECEIVE(string name)
    {
        Given given = Reach(name);
        TcpError error = given.Connection.Receive(new byte[4], given.Now, out int received);
        Assert.Equal((Table[name].Receive, 0), (error, received));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Rfc", "9293 3.10.4")]
    public void CLOSE_of_the_sending_half(string name)
    {
        Given given = Reach(name);
        Assert.Equal(Table[name].Shutdown, given.Connection.Shutdown(given.Now));
        given.Turn();
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Rfc", "9293 3.10.4")]
    public void CLOSE_once_and_again(string name)
    {
        Given given = Reach(name);
        if (name is not "CLOSED by ABORT") Assert.Equal(None, given.Connection.Close(given.Now)); // ABORT has let go already
        given.Turn().Ignoring();
        Assert.Equal(Table[name].CloseAgain, given.Connection.Close(given.Now));
        given.Turn().SendsNothing(); // no second FIN
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Rfc", "9293 3.10.5")]
    public void ABORT(string name)
    {
        Given given = Reach(name);
        Assert.Equal(Table[name].Abort, given.Connection.Abort(given.Now));
        given.Turn().Ignoring().Then(TcpState.Closed);
        Assert.Equal(ConnectionDoesNotExist, given.Connection.Abort(given.Now));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Rfc", "9293 3.10.6")]
    public void STATUS(string name)
    {
        Given given = Reach(name);
        TcpStatus status = given.Connection.Status();
        Assert.Equal((given.Connection.State, given.Tuple), (status.State, status.Tuple));
        if (States.All.TryGetValue(name, out Reached? at))
            Assert.Equal((at.SndUna, at.SndNxt), (status.SndUna - given.OurIsn, status.SndNxt - given.OurIsn));
    }

    [Theory]
    [InlineData("SYN-RECEIVED active")]
    [InlineData("ESTABLISHED")]
    [InlineData("FIN-WAIT-1")]
    [InlineData("FIN-WAIT-2")]
    [InlineData("CLOSE-WAIT")]
    [InlineData("TIME-WAIT")]
    public void After_a_close_there_is_nothing_to_send_and_nothing_to_read(string name)
    {
        Given given = States.All[name].Go().Closes().Ignoring();
        Assert.Equal(ConnectionClosing, given.Connection.Send("x"u8, given.Now, out _));
        Assert.Equal(ConnectionClosing, given.Connection.Receive(new byte[1], given.Now, out _));
        Assert.Equal(ConnectionClosing, given.Connection.Shutdown(given.Now));
        given.Turn().SendsNothing();
    }

    [Fact]
    public void A_listener_is_opened_once_and_gives_nothing_after_it_is_closed()
    {
        Given given = Given.Listening();
        Assert.Equal(ConnectionAlreadyExists, given.Stack.Listen(Given.Us, 8080, 1, null, given.Now, out _));
        Assert.Equal(WouldBlock, given.Listener!.Accept(given.Now, out _));
        given.Listener.Close(given.Now);
        Assert.Equal(ConnectionDoesNotExist, given.Listener.Accept(given.Now, out _));
        given.Listener.Close(given.Now);
        Assert.Equal(None, given.Stack.Listen(Given.Us, 8080, 1, null, given.Now, out _));
    }

    [Fact]
    public void OPEN_of_a_half_open_name_is_refused()
    {
        Given given = States.All["SYN-RECEIVED passive"].Go();
        TcpError error = given.Stack.Connect(Given.Peer, given.PeerPort, Given.Us, given.OurPort, null, given.Now, out _);
        Assert.Equal(ConnectionAlreadyExists, error);
    }
}
