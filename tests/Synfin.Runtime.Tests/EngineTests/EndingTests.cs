using System.Net.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>What the application sees of each way in which a connection can end.</summary>
public sealed class EndingTests : EngineTest
{
    private readonly byte[] _buffer = new byte[100];

    [Fact]
    public void After_the_peers_FIN_reads_give_0_again_and_again_and_writes_still_work() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        await client.CompleteWritesAsync();
        await client.CompleteWritesAsync();

        Assert.Equal(0, await server.ReadAsync(_buffer));
        Assert.Equal(0, await server.ReadAsync(_buffer));
        Assert.Equal(TcpState.CloseWait, server.State);
        await server.WriteAsync("still here"u8.ToArray());
        Assert.Equal("still here", await ReadTextAsync(client, 10));
        Assert.Equal(SocketError.Shutdown, await IoErrorAsync(() => client.WriteAsync(_buffer).AsTask()));
    });

    [Fact]
    public void Both_sides_close_in_order() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        ValueTask closing = client.CloseAsync();
        Assert.Equal(0, await server.ReadAsync(_buffer));
        await server.CloseAsync();
        await closing;

        Assert.Equal(TcpState.TimeWait, client.State);
        Assert.Equal(TcpState.Closed, server.State);
        Assert.Equal(CloseReason.LocalClose, client.CloseReason);
        Assert.Equal(CloseReason.RemoteClose, server.CloseReason);
        Assert.True(client.WhenEnded().IsCompletedSuccessfully);
        Assert.True(client.WhenDrained().IsCompletedSuccessfully);
    });

    [Fact]
    public void A_read_that_waits_when_RST_arrives_throws() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        ValueTask<int> read = server.ReadAsync(_buffer);
        client.Abort();

        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => read.AsTask()));
        Assert.Equal(CloseReason.RemoteReset, server.CloseReason);
        Assert.Equal(CloseReason.LocalAbort, client.CloseReason);
        await server.WhenEnded();
        await client.WhenEnded();
    });

    [Fact]
    public void Octets_before_RST_are_read_first_and_then_every_read_throws() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        await client.WriteAsync("last words"u8.ToArray());
        await client.WhenDrained();
        client.Abort();
        await server.WhenEnded();

        Assert.Equal("last words", await ReadTextAsync(server, 10));
        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => server.ReadAsync(_buffer).AsTask()));
        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => server.ReadAsync(_buffer).AsTask()));
        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => server.WriteAsync(_buffer).AsTask()));
    });

    [Fact]
    public void A_write_that_waits_when_RST_arrives_throws() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync(SmallBuffers);
        Task write = server.WriteAsync(new byte[100_000]).AsTask();
        ValueTask drained = server.WhenDrained();
        await Hosts.Wait(Duration.FromSeconds(1));
        client.Abort();

        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => write));
        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => drained.AsTask()));
    });

    [Fact]
    [Trait("Rfc9293", "SHLD-3")]
    public void When_the_peer_has_gone_the_first_write_succeeds_and_the_next_is_a_broken_pipe() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        client.Close();
        Assert.Equal(0, await server.ReadAsync(_buffer));

        await server.WriteAsync(_buffer);
        await server.WhenEnded();

        Assert.Equal(SocketError.Shutdown, await IoErrorAsync(() => server.WriteAsync(_buffer).AsTask()));
        Assert.Equal(0, await server.ReadAsync(_buffer));
    });

    [Fact]
    public void Closing_here_ends_what_waits_here() => Hosts.Run(async () =>
    {
        (TcpConnection client, _) = await ConnectAsync(SmallBuffers);
        Task<int> read = client.ReadAsync(_buffer).AsTask();
        Task write = client.WriteAsync(new byte[100_000]).AsTask();
        await client.DisposeAsync();

        Assert.Equal(SocketError.OperationAborted, await IoErrorAsync(() => read));
        Assert.Equal(SocketError.OperationAborted, await IoErrorAsync(() => write));
        Assert.Equal(SocketError.OperationAborted, await IoErrorAsync(() => client.ReadAsync(_buffer).AsTask()));
        Assert.Equal(SocketError.OperationAborted, await IoErrorAsync(() => client.WriteAsync(_buffer).AsTask()));
        client.Close();
    });

    [Fact]
    [Trait("Rfc9293", "SHLD-3")]
    public void Closing_with_unread_octets_resets() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        await client.WriteAsync(_buffer);
        await client.WhenDrained();
        server.Close();

        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => client.ReadAsync(_buffer).AsTask()));
        Assert.Equal(CloseReason.LocalReset, server.CloseReason);
    });

    [Fact]
    public void Lingering_for_no_time_resets() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync(new TcpConnectionOptions { Linger = Duration.Zero });
        client.Close();
        Assert.Equal(SocketError.ConnectionReset, await IoErrorAsync(() => server.ReadAsync(_buffer).AsTask()));
    });

    [Fact]
    public void What_was_written_before_closing_still_arrives() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        byte[] data = Pattern(300_000);
        await client.WriteAsync(data);
        ValueTask drained = client.WhenDrained();
        client.Close();

        Assert.Equal(data, await ReadExactlyAsync(server, data.Length));
        Assert.Equal(0, await server.ReadAsync(_buffer));
        await drained;
    });

    [Fact]
    [Trait("Rfc9293", "MUST-20")]
    public void When_the_peer_falls_silent_writes_time_out() => Hosts.Run(async () =>
    {
        (TcpConnection client, _) = await ConnectAsync(new TcpConnectionOptions { UserTimeout = Duration.FromSeconds(20) });
        int softErrors = 0;
        client.SoftErrorReported += _ => softErrors++;
        Hosts.Loses = (_, _) => true;
        await client.WriteAsync(_buffer);
        ValueTask<int> read = client.ReadAsync(_buffer);

        Assert.Equal(SocketError.TimedOut, await IoErrorAsync(() => read.AsTask()));
        Assert.Equal(SocketError.TimedOut, await IoErrorAsync(() => client.WriteAsync(_buffer).AsTask()));
        Assert.Equal(SocketError.TimedOut, await IoErrorAsync(() => client.WhenDrained().AsTask()));
        Assert.Equal(CloseReason.RetransmissionTimeout, client.CloseReason);
        Assert.Equal(1, softErrors);
    });
}
