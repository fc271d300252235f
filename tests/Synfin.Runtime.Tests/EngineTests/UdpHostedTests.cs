using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>UDP sockets in hosted mode, used by many threads: a host that speaks to itself.</summary>
public sealed class UdpHostedTests
{
    private static readonly IPEndPoint Echo = new(IPAddress.Loopback, 7);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly NetworkStack _engine = new(new StackOptions { MaxUdpQueueDatagrams = 64 }, new StackSecret(3, 4), Timestamp.Zero);
    private readonly TcpStack _sockets;

    public UdpHostedTests()
    {
        TcpStack? sockets = null;
        SharedGate gate = new(() => Settle(sockets!));
        _sockets = sockets = new TcpStack(_engine, () => Timestamp.Zero, gate) { OutputReady = gate.AddWork };
    }

    [Fact]
    public async Task Many_threads_ask_one_server_and_each_gets_its_own_answers()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        UdpSocket server = _sockets.BindUdp(null, 7);
        Task serving = Task.Run(() => Serve(server), ct);
        Task[] clients = [.. Enumerable.Range(0, 8).Select(n => Task.Run(() => Ask(n, 300, ct), ct))];
        await Task.WhenAll(clients).WaitAsync(Patience, ct);
        server.Dispose();
        await serving.WaitAsync(Patience, ct);
        _engine.CheckInvariants();
        Assert.Equal((0, 0), (_engine.UdpEndpointCount, _engine.PagesInUse));
        Assert.Equal(2 * 8 * 300, _engine.Counters.DatagramsReceived);
    }

    [Fact]
    public async Task Cancelling_against_arriving_either_takes_the_datagram_or_leaves_it()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        UdpSocket server = _sockets.BindUdp(null, 7), client = _sockets.BindUdp(null, 0);
        byte[] buffer = new byte[4];
        for (int i = 0; i < 500; i++)
        {
            using CancellationTokenSource source = new();
            Task<UdpReceived> receive = server.ReceiveFromAsync(buffer, source.Token).AsTask();
            Task cancel = Task.Run(source.Cancel, ct);
            await client.SendToAsync(BitConverter.GetBytes(i), Echo, ct);
            await cancel;
            try
            {
                await receive.WaitAsync(Patience, ct);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                await server.ReceiveFromAsync(buffer, ct).AsTask().WaitAsync(Patience, ct);
            }
            Assert.Equal(i, BitConverter.ToInt32(buffer));
        }
        server.Dispose();
        client.Dispose();
    }

    private static async Task Serve(UdpSocket server)
    {
        byte[] buffer = new byte[100];
        try
        {
            while (true)
            {
                UdpReceived received = await server.ReceiveFromAsync(buffer);
                await server.SendToAsync(buffer.AsMemory(0, received.Count), received.RemoteEndPoint);
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
        {
            // disposed: the end
        }
        catch (ObjectDisposedException)
        {
            // between two receives
        }
    }

    private async Task Ask(int client, int times, CancellationToken ct)
    {
        await using UdpSocket socket = _sockets.BindUdp(null, 0);
        socket.Connect(Echo);
        byte[] buffer = new byte[8];
        for (int i = 0; i < times; i++)
        {
            await socket.SendAsync(BitConverter.GetBytes(client * 1_000 + i), ct);
            Assert.Equal(4, await socket.ReceiveAsync(buffer, ct));
            Assert.Equal(client * 1_000 + i, BitConverter.ToInt32(buffer));
        }
    }

    private void Settle(TcpStack sockets)
    {
        do
        {
            _engine.OnTime(Timestamp.Zero);
            _engine.Output(NoLink.Instance, Timestamp.Zero);
            sockets.DeliverSignals();
        }
        while (_engine.HasOutput || _engine.NextDeadline <= Timestamp.Zero);
    }

    /// <summary>Nothing of what a host says to itself comes here.</summary>
    private sealed class NoLink : ILink
    {
        public static readonly NoLink Instance = new();

        public int Mtu => 1_500;

        public LinkOffloads Offloads => LinkOffloads.None;

        public int MaxSuperSegment => 0;

        public bool Transmit(in OutboundPacket packet) => throw new InvalidOperationException("a packet to ourselves went to the link");
    }
}
