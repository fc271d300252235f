using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.EngineTests;

/// <summary>Datagrams between simulated hosts, in virtual time.</summary>
public sealed class UdpEchoTests : EngineTest
{
    private const ushort EchoPort = 7;

    private static IPEndPoint Echo(SimulatedNetwork net) => new(IPAddress.Parse(net["b"].Address.ToString()), EchoPort);

    /// <summary>On b: sends back what comes, until the host is told to stop.</summary>
    private static UdpSocket Serve(SimulatedNetwork net, out Task serving)
    {
        UdpSocket socket = net["b"].Tcp.BindUdp(null, EchoPort);
        serving = net["b"].Run(async () =>
        {
            byte[] buffer = new byte[2_000];
            try
            {
                while (true)
                {
                    UdpReceived received = await socket.ReceiveFromAsync(buffer);
                    await socket.SendToAsync(buffer.AsMemory(0, received.Count), received.RemoteEndPoint);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                // disposed: the end
            }
        });
        return socket;
    }

    /// <summary>On a: sends numbered datagrams, 5 ms apart, and gives the numbers that came back.</summary>
    private static List<int> Ask(SimulatedNetwork net, int count)
    {
        UdpSocket server = Serve(net, out Task serving);
        List<int> answers = [];
        UdpSocket socket = net["a"].Tcp.BindUdp(null, 0);
        Task receiving = net["a"].Run(async () =>
        {
            byte[] buffer = new byte[2_000];
            try
            {
                while (true)
                {
                    UdpReceived received = await socket.ReceiveFromAsync(buffer);
                    Assert.Equal(Echo(net), received.RemoteEndPoint);
                    answers.Add(BitConverter.ToInt32(buffer));
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                // disposed: the end
            }
        });
        Task sending = net["a"].Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                await socket.SendToAsync(BitConverter.GetBytes(i), Echo(net));
                await Task.Delay(TimeSpan.FromMilliseconds(5), net.TimeProvider);
            }
            await Task.Delay(TimeSpan.FromSeconds(1), net.TimeProvider);
            socket.Dispose();
            server.Dispose();
        });
        net.RunUntilIdle();
        Assert.All([sending, receiving, serving], task => Assert.True(task.IsCompletedSuccessfully, net.Describe()));
        Assert.Equal((0, 0), (net["a"].Stack.UdpEndpointCount, net["b"].Stack.UdpEndpointCount));
        return answers;
    }

    [Fact]
    public void A_perfect_link_brings_every_answer_in_order() =>
        Assert.Equal(Enumerable.Range(0, 200), Ask(SimulatedNetwork.TwoHosts(1, TenMilliseconds), 200));

    [Fact]
    public void IPv6_carries_it_too()
    {
        SimulatedNetwork net = new();
        SimulatedHost a = net.AddHost("a", addresses: InternetAddress.Parse("fd00::a"));
        net.Connect(a, net.AddHost("b", addresses: InternetAddress.Parse("fd00::b")));
        Assert.Equal(Enumerable.Range(0, 20), Ask(net, 20));
    }

    [Fact]
    public void What_the_link_loses_stays_lost_and_what_it_damages_is_dropped()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(5, TenMilliseconds with { Loss = 0.1, Corrupt = 0.1 });
        List<int> answers = Ask(net, 500);
        Assert.InRange(answers.Count, 250, 400); // 0.81 squared of them, about 328
        Assert.Equal(answers.Order().Distinct(), answers); // in order, none twice, none damaged
        Assert.All(answers, i => Assert.InRange(i, 0, 499));
    }

    [Fact]
    public void A_seed_gives_the_same_run_again()
    {
        Duration jitter = Duration.FromMilliseconds(20);
        SimulatedLinkOptions rough = TenMilliseconds with { Jitter = jitter, Loss = 0.1, Duplicate = 0.1, Reorder = 0.1 };
        List<int> first = Ask(SimulatedNetwork.TwoHosts(7, rough), 300);
        Assert.Equal(first, Ask(SimulatedNetwork.TwoHosts(7, rough), 300));
        Assert.NotEqual(first, Ask(SimulatedNetwork.TwoHosts(8, rough), 300));
        Assert.NotEqual(first.Order(), first);
    }

    [Fact]
    public void A_round_trip_takes_as_long_as_the_link_says_and_a_port_without_server_refuses()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        Timestamp answered = default;
        net.RunUntilComplete(net["a"].Run(async () =>
        {
            UdpSocket socket = net["a"].Tcp.BindUdp(null, 0);
            socket.Connect(Echo(net));
            await socket.SendAsync(new byte[1]);
            Task receive = socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
            SocketException refused = await Assert.ThrowsAsync<SocketException>(() => receive);
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
            answered = net.Now;
            socket.Dispose();
        }));
        Assert.Equal(Timestamp.Zero + Duration.FromMilliseconds(20), answered);
    }

    [Fact]
    public void A_crash_ends_what_waits_and_the_port_is_there_after_the_restart()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        Serve(net, out Task serving);
        net.RunFor(Duration.FromSeconds(1));
        Assert.False(serving.IsCompleted);
        net["b"].Crash();
        net.RunUntilIdle();
        Assert.True(serving.IsCompleted);
        net["b"].Restart();
        Assert.Equal([0, 1, 2], Ask(net, 3));
    }
}
