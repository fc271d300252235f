using System.Net.Sockets;
using Synfin.Tcp;
using Synfin.Timers;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Runtime.Tests.EngineTests;

public sealed class OpeningTests : EngineTest
{
    [Fact]
    public void A_connection_opens_and_both_ends_know_each_other() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();

        Assert.Equal(TcpState.Established, client.State);
        Assert.Equal(TcpState.Established, server.State);
        Assert.Equal(client.Tuple.Reversed, server.Tuple);
        Assert.Equal(Port, client.Tuple.RemotePort);
        Assert.Equal(TwoHosts.AddressA, client.Tuple.LocalAddress);
        Assert.False(client.Status().Passive);
        Assert.True(server.Status().Passive);
        Assert.Equal(CloseReason.None, client.CloseReason);
    });

    [Fact]
    public void An_attempt_can_be_watched() => Hosts.Run(async () =>
    {
        Server.Listen(null, Port);
        TcpConnection client = Client.BeginConnect(TwoHosts.AddressB, Port);
        Assert.Equal(TcpState.SynSent, client.State);

        await client.WhenConnected();
        Assert.Equal(TcpState.Established, client.State);
        Assert.True(client.WhenConnected().IsCompletedSuccessfully);
    });

    [Fact]
    public void Nobody_listens() => Hosts.Run(async () =>
    {
        Assert.Equal(SocketError.ConnectionRefused, await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port).AsTask()));

        TcpConnection attempt = Client.BeginConnect(TwoHosts.AddressB, Port);
        Assert.Equal(SocketError.ConnectionRefused, await SocketErrorAsync(() => attempt.WhenConnected().AsTask()));
        Assert.Equal(CloseReason.Refused, attempt.CloseReason);
        Assert.Equal(SocketError.ConnectionRefused, await SocketErrorAsync(() => attempt.WhenConnected().AsTask()));
    });

    [Fact]
    [Trait("Rfc9293", "MUST-23")]
    public void Nobody_answers() => Hosts.Run(async () =>
    {
        Hosts.Loses = (_, _) => true;
        Assert.Equal(SocketError.TimedOut, await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port).AsTask()));
        Assert.True(Hosts.Now >= Timestamp.Zero + Duration.FromSeconds(180));
    });

    [Fact]
    public void A_cancelled_attempt_is_aborted() => Hosts.Run(async () =>
    {
        Hosts.Loses = (_, _) => true;
        using CancellationTokenSource source = new();
        Task<TcpConnection> attempt = Client.ConnectAsync(TwoHosts.AddressB, Port, ct: source.Token).AsTask();
        await Hosts.Wait(Duration.FromMilliseconds(100));

        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
        await Hosts.Wait(Duration.FromSeconds(30));

        Assert.Equal(1, Hosts.A.FramesSent);
        Assert.Equal(0, Hosts.A.Engine.ConnectionCount);
    });

    [Fact]
    public void An_attempt_that_is_closed_fails_for_who_waits_for_it() => Hosts.Run(async () =>
    {
        Hosts.Loses = (_, _) => true;
        TcpConnection attempt = Client.BeginConnect(TwoHosts.AddressB, Port);
        ValueTask wait = attempt.WhenConnected();
        attempt.Close();

        Assert.Equal(SocketError.OperationAborted, await SocketErrorAsync(() => wait.AsTask()));
        Assert.Equal(TcpState.Closed, attempt.State);
    });

    [Fact]
    public void Addresses_and_ports_that_are_taken_or_not_ours() => Hosts.Run(async () =>
    {
        Server.Listen(TwoHosts.AddressB, Port);
        Assert.Equal(SocketError.AddressAlreadyInUse, SocketErrorOf(() => Server.Listen(TwoHosts.AddressB, Port)));
        Assert.Equal(SocketError.AddressNotAvailable, SocketErrorOf(() => Server.Listen(TwoHosts.AddressA, 81)));

        await Client.ConnectAsync(TwoHosts.AddressB, Port, localPort: 4_000);
        Assert.Equal(
            SocketError.AddressAlreadyInUse,
            await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port, localPort: 4_000).AsTask()));
        Assert.Equal(
            SocketError.AddressNotAvailable,
            await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port, TwoHosts.AddressB).AsTask()));
    });

    [Fact]
    public void A_listener_can_choose_its_port() => Hosts.Run(async () =>
    {
        TcpListener listener = Server.Listen(null, 0);
        Assert.NotEqual(0, listener.LocalPort);
        await Client.ConnectAsync(TwoHosts.AddressB, listener.LocalPort);
    });

    [Fact]
    public void Who_waits_first_accepts_first() => Hosts.Run(async () =>
    {
        TcpListener listener = Server.Listen(null, Port);
        Task<TcpConnection> first = listener.AcceptAsync().AsTask();
        Task<TcpConnection> second = listener.AcceptAsync().AsTask();

        TcpConnection one = Client.BeginConnect(TwoHosts.AddressB, Port);
        TcpConnection two = Client.BeginConnect(TwoHosts.AddressB, Port);

        Assert.Equal(one.Tuple.Reversed, (await first).Tuple);
        Assert.Equal(two.Tuple.Reversed, (await second).Tuple);
    });

    [Fact]
    public void A_cancelled_accept_takes_no_connection() => Hosts.Run(async () =>
    {
        TcpListener listener = Server.Listen(null, Port);
        using CancellationTokenSource source = new();
        Task<TcpConnection> cancelled = listener.AcceptAsync(source.Token).AsTask();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        TcpConnection client = await Client.ConnectAsync(TwoHosts.AddressB, Port);
        Assert.Equal(client.Tuple.Reversed, (await listener.AcceptAsync()).Tuple);
    });

    [Fact]
    public void Closing_a_listener_ends_its_accepts() => Hosts.Run(async () =>
    {
        TcpListener listener = Server.Listen(null, Port);
        Task<TcpConnection> waiting = listener.AcceptAsync().AsTask();
        await Task.Yield();
        listener.Close();

        Assert.Equal(SocketError.OperationAborted, await SocketErrorAsync(() => waiting));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync().AsTask());
        Assert.Equal(SocketError.ConnectionRefused, await SocketErrorAsync(() => Client.ConnectAsync(TwoHosts.AddressB, Port).AsTask()));
        listener.Dispose();
    });
}
