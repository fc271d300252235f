using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>UDP as users of UdpClient know it, in strict mode.</summary>
public sealed class UdpSocketTests : EngineTest
{
    private static readonly IPEndPoint OnB = new(new IPAddress([10, 0, 0, 2]), 53);

    private static readonly byte[] Buffer = new byte[2_000];

    private static byte[] Received(UdpReceived received) => Buffer[..received.Count];

    [Fact]
    public void Two_sockets_speak_to_each_other() => Hosts.Run(async () =>
    {
        using UdpSocket server = Server.BindUdp(null, 53);
        await using UdpSocket client = Client.BindUdp(TwoHosts.AddressA, 5_000);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 53), server.LocalEndPoint);
        Assert.Equal(new IPEndPoint(new IPAddress([10, 0, 0, 1]), 5_000), client.LocalEndPoint);

        Task<UdpReceived> receive = server.ReceiveFromAsync(Buffer).AsTask();
        await client.SendToAsync(Pattern(1_472), OnB);
        UdpReceived received = await receive;
        Assert.Equal(new UdpReceived(1_472, client.LocalEndPoint, false), received);
        Assert.Equal(Pattern(1_472), Received(received));

        await server.SendToAsync(ReadOnlyMemory<byte>.Empty, received.RemoteEndPoint);
        Assert.Equal(new UdpReceived(0, OnB, false), await client.ReceiveFromAsync(Buffer));
    });

    [Fact]
    public void Connected_sockets_need_no_addresses_and_hear_no_others() => Hosts.Run(async () =>
    {
        UdpSocket server = Server.BindUdp(null, 53), other = Server.BindUdp(null, 54), client = Client.BindUdp(null, 0);
        Assert.Null(client.RemoteEndPoint);
        Assert.Equal(SocketError.NotConnected, await SocketErrorAsync(() => client.SendAsync(new byte[1]).AsTask()));
        Assert.Equal(SocketError.NotConnected, await SocketErrorAsync(() => client.ReceiveAsync(Buffer).AsTask()));

        client.Connect(OnB);
        Assert.Equal(OnB, client.RemoteEndPoint);
        Assert.Equal(new IPAddress([10, 0, 0, 1]), client.LocalEndPoint.Address);
        await other.SendToAsync(new byte[] { 1 }, client.LocalEndPoint);
        await client.SendAsync(new byte[] { 2 });
        UdpReceived asked = await server.ReceiveFromAsync(Buffer);
        Assert.Equal([2], Received(asked));
        await server.SendToAsync(new byte[] { 3 }, asked.RemoteEndPoint);
        Assert.Equal(1, await client.ReceiveAsync(Buffer));
        Assert.Equal(3, Buffer[0]);
        Assert.Equal(0, client.Available);
    });

    [Fact]
    [Trait("Rfc", "1122 4.1.3.3")]
    public void A_peer_that_is_not_there_refuses_once() => Hosts.Run(async () =>
    {
        UdpSocket client = Client.BindUdp(null, 0);
        client.Connect(OnB);
        Task<int> receive = client.ReceiveAsync(Buffer).AsTask();
        await client.SendAsync(new byte[1]);
        Assert.Equal(SocketError.ConnectionRefused, await SocketErrorAsync(() => receive));

        await client.SendAsync(new byte[1]);
        await Hosts.Wait(Duration.FromMilliseconds(50));
        Assert.Equal(SocketError.ConnectionRefused, await SocketErrorAsync(() => client.SendAsync(new byte[1]).AsTask()));

        UdpSocket server = Server.BindUdp(null, 53);
        await client.SendAsync(new byte[1]);
        Assert.Equal(1, (await server.ReceiveFromAsync(Buffer)).Count);
    });

    [Fact]
    public void Calls_that_cannot_be_done_fail_with_the_codes_that_are_known() => Hosts.Run(async () =>
    {
        UdpSocket server = Server.BindUdp(null, 53);
        Assert.Equal(SocketError.AddressAlreadyInUse, SocketErrorOf(() => Server.BindUdp(null, 53)));
        Assert.Equal(SocketError.AddressNotAvailable, SocketErrorOf(() => Server.BindUdp(TwoHosts.AddressA, 53)));
        Assert.Equal(SocketError.AddressNotAvailable, SocketErrorOf(() => server.Connect(new IPEndPoint(IPAddress.Broadcast, 1))));
        IPEndPoint onA = new(IPAddress.Parse("10.0.0.1"), 9);
        server.DontFragment = true;
        SocketException tooLong = await Assert.ThrowsAsync<SocketException>(() => server.SendToAsync(new byte[1_473], onA).AsTask());
        Assert.Equal(SocketError.MessageSize, tooLong.SocketErrorCode);
        Assert.Contains("1473 octets to 10.0.0.1, where 1472 fit", tooLong.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void What_does_not_fit_is_cut_and_said_to_be() => Hosts.Run(async () =>
    {
        UdpSocket server = Server.BindUdp(null, 53), client = Client.BindUdp(null, 0);
        await client.SendToAsync(new byte[] { 1, 2, 3 }, OnB);
        UdpReceived received = await server.ReceiveFromAsync(Buffer.AsMemory(0, 2));
        Assert.Equal((2, true), (received.Count, received.Truncated));
    });

    [Fact]
    public void One_receive_at_a_time_and_a_cancelled_one_takes_nothing() => Hosts.Run(async () =>
    {
        UdpSocket server = Server.BindUdp(null, 53), client = Client.BindUdp(null, 0);
        using CancellationTokenSource source = new();
        Task<UdpReceived> first = server.ReceiveFromAsync(Buffer, source.Token).AsTask();
        Task second = server.ReceiveFromAsync(Buffer).AsTask();
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        Assert.Contains("one at a time", refused.Message, StringComparison.Ordinal);

        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.ReceiveFromAsync(Buffer, source.Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendToAsync(new byte[1], OnB, source.Token).AsTask());

        await client.SendToAsync(new byte[] { 7 }, OnB);
        Assert.Equal([7], Received(await server.ReceiveFromAsync(Buffer)));
    });

    [Fact]
    public void Who_waits_when_the_socket_goes_is_told_and_nobody_uses_it_any_more() => Hosts.Run(async () =>
    {
        UdpSocket server = Server.BindUdp(null, 53), client = Client.BindUdp(null, 0);
        Task<UdpReceived> receive = server.ReceiveFromAsync(Buffer).AsTask();
        server.Dispose();
        server.Dispose();
        Assert.Equal(SocketError.OperationAborted, await SocketErrorAsync(() => receive));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => server.ReceiveFromAsync(Buffer).AsTask());
        Assert.Throws<ObjectDisposedException>(() => server.Connect(OnB));
        Assert.Throws<ObjectDisposedException>(() => { _ = server.SendToAsync(new byte[1], OnB).AsTask(); });
        Server.BindUdp(null, 53).Dispose(); // the port is free again

        UdpSocket again = Server.BindUdp(null, 53);
        await client.SendToAsync(new byte[] { 9 }, OnB);
        client.Dispose(); // what was sent before still goes out
        Assert.Equal([9], Received(await again.ReceiveFromAsync(Buffer)));
        Assert.Equal(0, Hosts.A.Engine.UdpEndpointCount);
    });

    [Fact]
    public void Another_thread_is_turned_away() => Hosts.Run(async () =>
    {
        UdpSocket server = Server.BindUdp(null, 53);
        Exception? failure = null;
        Thread other = new(() => failure = Record.Exception(() => server.Connect(OnB)));
        other.Start();
        other.Join();
        Assert.IsType<InvalidOperationException>(failure);
        await Task.CompletedTask;
    });

    [Fact]
    public void A_full_link_makes_sends_wait_and_loses_and_reorders_nothing()
    {
        const int Count = 2_000;
        OwnerScheduler scheduler = new();
        NetworkStack engine = new(new StackOptions { MaxUdpQueueDatagrams = 8 }, new StackSecret(1, 2), Timestamp.Zero);
        engine.AddAddress(TwoHosts.AddressA);
        TcpStack sockets = new(engine, () => Timestamp.Zero, scheduler);
        NarrowLink link = new();
        int waited = 0;
        Task? sending = null;
        scheduler.Run(() =>
        {
            UdpSocket socket = sockets.BindUdp(null, 0);
            async Task Send(int from)
            {
                for (int i = from; i < Count; i += 4)
                {
                    ValueTask send = socket.SendToAsync(BitConverter.GetBytes(i), OnB);
                    if (!send.IsCompleted) waited++;
                    await send;
                }
            }
            sending = Task.WhenAll(Enumerable.Range(0, 4).Select(n => scheduler.Start(() => Send(n))));
            for (int turn = 0; turn < 10_000 && (!sending.IsCompleted || engine.HasOutput); turn++)
            {
                scheduler.RunReady();
                link.Room = turn % 3;
                engine.Output(link, Timestamp.Zero);
                sockets.DeliverSignals();
                engine.CheckInvariants();
            }
            socket.Dispose();
        });
        Assert.True(sending!.IsCompletedSuccessfully);
        Assert.True(waited > Count / 2, $"{waited} sends had to wait");
        Assert.Equal(Count, link.Numbers.Count);
        for (int n = 0; n < 4; n++)
            Assert.Equal(Enumerable.Range(0, Count / 4).Select(i => 4 * i + n), link.Numbers.Where(i => i % 4 == n));
        Assert.Equal(0, engine.PagesInUse);
    }

    [Fact]
    public void A_cancelled_send_is_not_sent_and_the_others_are()
    {
        OwnerScheduler scheduler = new();
        NetworkStack engine = new(new StackOptions { MaxUdpQueueDatagrams = 1 }, new StackSecret(1, 2), Timestamp.Zero);
        engine.AddAddress(TwoHosts.AddressA);
        TcpStack sockets = new(engine, () => Timestamp.Zero, scheduler);
        NarrowLink link = new();
        using CancellationTokenSource source = new();
        scheduler.Run(() =>
        {
            UdpSocket socket = sockets.BindUdp(null, 0);
            Task[] sends = new Task[5];
            for (int i = 0; i < 5; i++)
                sends[i] = socket.SendToAsync(BitConverter.GetBytes(i), OnB, i == 2 ? source.Token : default).AsTask();
            source.Cancel();
            for (int turn = 0; turn < 3; turn++) Turn(room: 1);
            Assert.True(sends[2].IsCanceled);
            Assert.True(sends[3].IsCompletedSuccessfully);
            socket.Dispose();
            Turn(room: 9);
            Assert.All(sends, (send, i) => Assert.Equal(i == 2, send.IsCanceled));
            Assert.All(sends, (send, i) => Assert.Equal(i != 2, send.IsCompletedSuccessfully));
        });
        Assert.Equal([0, 1, 3, 4], link.Numbers);

        void Turn(int room)
        {
            scheduler.RunReady();
            link.Room = room;
            engine.Output(link, Timestamp.Zero);
            sockets.DeliverSignals();
            scheduler.RunReady();
        }
    }

    /// <summary>A link that takes a few packets a turn and keeps the number that each carries.</summary>
    private sealed class NarrowLink : ILink
    {
        public int Room { get; set; }

        public List<int> Numbers { get; } = [];

        public int Mtu => 1_500;

        public LinkOffloads Offloads => LinkOffloads.None;

        public int MaxSuperSegment => 0;

        public bool Transmit(in OutboundPacket packet)
        {
            if (Room == 0) return false;
            Room--;
            Span<byte> octets = stackalloc byte[packet.Length];
            packet.CopyTo(octets);
            Numbers.Add(BitConverter.ToInt32(octets[^4..]));
            return true;
        }
    }
}
