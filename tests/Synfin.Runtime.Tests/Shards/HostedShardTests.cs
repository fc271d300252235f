using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Wire;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Runtime.Tests.Shards;

/// <summary>Hosts of one or several shards, each with its thread.</summary>
public sealed class HostedShardTests
{
    private const int TimeoutMilliseconds = 180_000;
    private const int Port = 80;

    public static TheoryData<int, int> Queues => new() { { 1, 1 }, { 1, 2 }, { 2, 1 }, { 3, 4 } };

    [Theory(Timeout = TimeoutMilliseconds)]
    [MemberData(nameof(Queues))]
    public async Task Connections_of_all_shards_carry_their_octets(int ofClient, int ofServer)
    {
        (MemoryDevice client, MemoryDevice server) = MemoryDevice.CreatePair(ofClient, ofServer, seed: 3);
        using TcpListenerGroup listener = server.Tcp.Listen(new IPEndPoint(IPAddress.IPv6Any, Port));
        Task serving = Echo(listener, 40);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Ask(client, (byte)i, i % 2 == 0 ? "10.0.0.2" : "fd00::2")));
        await serving;
        Assert.All(server.Group.Shards, shard => Assert.Equal(0, shard.MailboxLost));
        Assert.All(server.Group.Shards, shard => Assert.True(shard.Engine.Counters.PassiveOpens > 0, "each has its part"));
        client.Dispose();
        server.Dispose();
        await Task.WhenAll(client.Group.Ended, server.Group.Ended);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_connection_that_a_shard_opens_is_at_home_there()
    {
        (MemoryDevice client, MemoryDevice server) = MemoryDevice.CreatePair(4, 1, seed: 5);
        using TcpListenerGroup listener = server.Tcp.Listen(new IPEndPoint(IPAddress.Any, Port));
        for (int i = 0; i < 16; i++)
        {
            TcpStack stack = client.Tcp.Stacks[i % 4];
            TcpConnection connection = await stack.ConnectAsync(InternetAddress.FromIpv4(10, 0, 0, 2), Port);
            Assert.True(stack.Engine.IsHome!(connection.Tuple), $"{connection.Tuple} of shard {i % 4}");
            connection.Abort();
        }
        client.Dispose();
        server.Dispose();
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_queue_that_breaks_ends_the_host_and_tells_whoever_waits(int queues)
    {
        (MemoryDevice client, MemoryDevice server) = MemoryDevice.CreatePair(queues, 1, seed: 6);
        using TcpListenerGroup listener = server.Tcp.Listen(new IPEndPoint(IPAddress.Any, Port));
        TcpConnection connection = await client.Tcp.ConnectAsync("10.0.0.2", Port);
        ValueTask<int> reading = connection.ReadAsync(new byte[1]);
        client.Break(queues - 1);
        await Assert.ThrowsAnyAsync<Exception>(async () => await reading);
        Exception end = await Assert.ThrowsAnyAsync<Exception>(() => client.Group.Ended);
        Assert.Contains("the cable is pulled", end.Message, StringComparison.Ordinal);
        SocketException late = await Assert.ThrowsAsync<SocketException>(async () => await client.Tcp.ConnectAsync("10.0.0.2", Port));
        Assert.Equal(SocketError.NetworkDown, late.SocketErrorCode);
        client.Dispose();
        server.Dispose();
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task The_end_of_a_host_resets_its_connections_and_frees_its_listeners()
    {
        (MemoryDevice client, MemoryDevice server) = MemoryDevice.CreatePair(2, 2, seed: 7);
        TcpListenerGroup listener = server.Tcp.Listen(new IPEndPoint(IPAddress.Any, Port));
        TcpConnection connection = await client.Tcp.ConnectAsync("10.0.0.2", Port);
        ValueTask<int> reading = connection.ReadAsync(new byte[1]);
        ValueTask<TcpConnection> accepted = listener.AcceptAsync();
        await accepted;
        ValueTask<TcpConnection> accepting = listener.AcceptAsync();
        server.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () => await reading);
        Assert.Equal(CloseReason.RemoteReset, connection.CloseReason);
        await Assert.ThrowsAsync<SocketException>(async () => await accepting);
        client.Dispose();
    }

    private static async Task Echo(TcpListenerGroup listener, int connections)
    {
        var conversations = new List<Task>();
        for (int i = 0; i < connections; i++) conversations.Add(Converse(await listener.AcceptAsync()));
        await Task.WhenAll(conversations);
    }

    private static async Task Converse(TcpConnection connection)
    {
        using TcpStream stream = new(connection);
        await stream.CopyToAsync(stream);
        await connection.CompleteWritesAsync();
    }

    private static async Task Ask(MemoryDevice client, byte seed, string server)
    {
        using TcpStream stream = new(await client.Tcp.ConnectAsync(server, Port));
        byte[] text = new byte[30_000];
        Array.Fill(text, seed);
        Task sending = Send(stream, text);
        byte[] back = new byte[text.Length];
        await stream.ReadExactlyAsync(back);
        await sending;
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        Assert.Equal(text, back);
    }

    private static async Task Send(TcpStream stream, byte[] text)
    {
        await stream.WriteAsync(text);
        await stream.Connection.CompleteWritesAsync();
    }
}
