using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>Two hosts in one process, used by real threads in real time; where time matters, the test moves it.</summary>
[Trait("Needs", "engine")]
public sealed class MemoryNetworkTests
{
    private const int TimeoutMilliseconds = 180_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task An_echo_comes_back()
    {
        using MemoryNetwork network = new();
        using TcpListener listener = network.Server.Listen(7);
        await using TcpStream client = new(await network.Client.ConnectAsync(MemoryNetwork.ServerName, 7));
        await using TcpStream server = new(await listener.AcceptAsync());
        await client.WriteAsync("echo"u8.ToArray());
        byte[] buffer = new byte[16];
        int count = await server.ReadAsync(buffer);
        await server.WriteAsync(buffer.AsMemory(0, count));
        await server.CompleteWritesAsync();
        using MemoryStream all = new();
        await client.CopyToAsync(all);
        Assert.Equal("echo"u8.ToArray(), all.ToArray());
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task The_other_way_round_and_over_IPv6_works_as_well()
    {
        using MemoryNetwork network = new();
        using TcpListener listener = network.Client.Listen(network.ClientAddresses[1], 7);
        await using TcpConnection active = await network.Server.ConnectAsync(network.ClientAddresses[1], 7);
        await using TcpConnection passive = await listener.AcceptAsync();
        Assert.Equal(network.ServerAddresses[1], passive.Tuple.RemoteAddress);
        Assert.Equal(TcpState.Established, active.State);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Datagrams_arrive()
    {
        using MemoryNetwork network = new();
        await using UdpSocket server = network.Server.BindUdp(null, 53);
        await using UdpSocket client = network.Client.BindUdp(null, 0);
        Task<UdpReceived> receiving = server.ReceiveFromAsync(new byte[16]).AsTask();
        await client.SendToAsync(new byte[3], network.ServerAddresses[0].ToEndPoint(53));
        Assert.Equal(3, (await receiving).Count);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_name_that_nobody_has_is_an_error_that_says_who_is_there()
    {
        using MemoryNetwork network = new();
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await network.Client.ConnectAsync("nobody", 7));
        Assert.Equal(SocketError.HostNotFound, e.SocketErrorCode);
        Assert.Contains("server", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delayed_acknowledgment_goes_out_though_nobody_calls()
    {
        ManualTimeProvider time = new();
        StackOptions options = new() { Mtu = 1500, Profile = TcpProfile.Default with { QuickAckSegments = 0 } };
        using MemoryNetwork network = new(options, time);
        (TcpConnection client, TcpConnection server) = Open(network);
        Send(client, server); // this first time the window that is wider than a SYN can tell is told at once
        Assert.Equal(0, client.Status().SendQueue);
        Send(client, server);
        Task drained = client.WhenDrained().AsTask();
        time.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(10, client.Status().SendQueue);
        time.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(0, client.Status().SendQueue);
        Assert.True(drained.Wait(TimeoutMilliseconds));
    }

    [Fact]
    public void An_idle_network_sets_no_timer()
    {
        ManualTimeProvider time = new();
        using MemoryNetwork network = new(timeProvider: time);
        (TcpConnection client, TcpConnection server) = Open(network);
        Send(client, server);
        Assert.NotNull(time.Due);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(time.Due);
        Assert.Equal(TcpState.Established, client.State);
    }

    [Fact]
    public void Time_wait_ends_when_it_should()
    {
        ManualTimeProvider time = new();
        using MemoryNetwork network = new(timeProvider: time);
        (TcpConnection client, TcpConnection server) = Open(network);
        client.Close();
        server.Close();
        Assert.Equal(1, network.Client.Engine.TimeWaitCount);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, network.Client.Engine.TimeWaitCount);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, network.Client.Engine.TimeWaitCount);
        Assert.Null(time.Due);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Disposing_of_it_fails_whatever_waits()
    {
        MemoryNetwork network = new();
        using TcpListener listener = network.Server.Listen(7);
        (TcpConnection reader, _) = await Open(network, listener);
        (_, TcpConnection writer) = await Open(network, listener);
        (TcpConnection piped, _) = await Open(network, listener);
        Task reading = reader.ReadAsync(new byte[1]).AsTask();
        Task writing = writer.WriteAsync(new byte[64 << 20]).AsTask();
        Task piping = new TcpDuplexPipe(piped).Input.ReadAsync().AsTask();
        Task datagram = network.Server.BindUdp(null, 53).ReceiveFromAsync(new byte[1]).AsTask();
        Task accepting = listener.AcceptAsync().AsTask();
        network.Dispose();
        network.Dispose();

        Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<SocketException>(() => accepting)).SocketErrorCode);
        Assert.Equal(SocketError.OperationAborted, CodeOf(await Assert.ThrowsAsync<IOException>(() => writing)));
        Assert.Equal(SocketError.OperationAborted, CodeOf(await Assert.ThrowsAsync<IOException>(() => piping)));
        Assert.Equal(SocketError.OperationAborted, CodeOf(await Assert.ThrowsAsync<IOException>(() => reading)));
        Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<SocketException>(() => datagram)).SocketErrorCode);
        await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync(new byte[1]));
        SocketException late = await Assert.ThrowsAsync<SocketException>(
            async () => await network.Client.ConnectAsync(MemoryNetwork.ServerName, 7));
        Assert.Equal(SocketError.NetworkDown, late.SocketErrorCode);
        Assert.Equal(SocketError.NetworkDown, Assert.Throws<SocketException>(() => network.Server.Listen(8)).SocketErrorCode);
        Assert.Equal(SocketError.NetworkDown, Assert.Throws<SocketException>(() => network.Server.BindUdp(null, 54)).SocketErrorCode);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_thousand_connections_at_a_time_echo()
    {
        using MemoryNetwork network = new();
        using TcpListener listener = network.Server.Listen(null, 7, backlog: 1_000);
        Task serving = Task.Run(() => Serve(listener, 1_000));
        int[] answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(() => Ask(network, i))));
        await serving;
        Assert.Equal(Enumerable.Range(0, 1_000), answers);
    }

    private static async Task<int> Ask(MemoryNetwork network, int question)
    {
        await using TcpStream stream = new(await network.Client.ConnectAsync(MemoryNetwork.ServerName, 7));
        byte[] message = BitConverter.GetBytes(question);
        await stream.WriteAsync(message);
        await stream.ReadExactlyAsync(message);
        return BitConverter.ToInt32(message);
    }

    private static async Task Serve(TcpListener listener, int connections)
    {
        List<Task> echoes = [];
        for (int i = 0; i < connections; i++) echoes.Add(Echo(await listener.AcceptAsync()));
        await Task.WhenAll(echoes);
    }

    private static async Task Echo(TcpConnection connection)
    {
        await using TcpStream stream = new(connection);
        await stream.CopyToAsync(stream);
    }

    private static async Task<(TcpConnection Client, TcpConnection Server)> Open(MemoryNetwork network, TcpListener listener)
    {
        TcpConnection client = await network.Client.ConnectAsync(MemoryNetwork.ServerName, 7);
        return (client, await listener.AcceptAsync());
    }

    /// <summary>Without a thread switch: all happens within the calls.</summary>
    private static (TcpConnection Client, TcpConnection Server) Open(MemoryNetwork network)
    {
        using TcpListener listener = network.Server.Listen(7);
        TcpConnection client = network.Client.BeginConnect(network.ServerAddresses[0], 7);
        Assert.Equal(TcpState.Established, client.State);
        return (client, listener.AcceptAsync().AsTask().Result);
    }

    private static void Send(TcpConnection from, TcpConnection to)
    {
        from.WriteAsync(new byte[10]).GetAwaiter().GetResult();
        Assert.Equal(10, to.ReadAsync(new byte[10]).AsTask().Result);
    }

    private static SocketError? CodeOf(IOException e) => (e.InnerException as SocketException)?.SocketErrorCode;
}
