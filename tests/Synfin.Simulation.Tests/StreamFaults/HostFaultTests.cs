using System.IO.Pipelines;
using System.Net.Sockets;
using Synfin.Simulation.Faults;
using Synfin.Simulation.Tests.EngineTests;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.StreamFaults;

/// <summary>Refusals, black holes, half-open peers, slow readers and slow links, each in one line.</summary>
public sealed class HostFaultTests : EngineTest
{
    [Fact]
    public void A_port_that_listens_refuses_until_that_is_lifted()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        using TcpListener listener = net["b"].Listen(80);
        ConnectFault fault = net["b"].Refuse(80);
        SocketException refused = Assert.Throws<SocketException>(() => Connect(net));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Equal(20, net.Now.Milliseconds);
        Assert.Equal((1, "refuse port 80"), (fault.Applied, fault.ToString()));
        fault.Lift();
        Assert.Equal(TcpState.Established, Connect(net).State);
    }

    [Fact]
    public void A_refusal_over_IPv6_carries_the_right_addresses()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        using TcpListener listener = net["b"].Listen(80);
        net["b"].Refuse();
        SocketException refused = Assert.Throws<SocketException>(() =>
            net.RunUntilComplete(net["a"].Run(async () => await net["a"].Tcp.ConnectAsync(net["b"].AddressV6, 80))));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public void A_black_hole_answers_nothing_and_spares_connections_that_are_there()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        using TcpListener listener = net["b"].Listen(80);
        TcpConnection before = Connect(net);
        ConnectFault fault = net["b"].BlackHole(80);
        Assert.Throws<SocketException>(() => net.RunUntilComplete(net["a"].Run(async () => await net["a"].ConnectAsync("b", 81))));
        SocketException late = Assert.Throws<SocketException>(() =>
            net.RunUntilComplete(net["a"].Run(async () => await net["a"].Tcp.ConnectAsync(net["b"].AddressV4, 80))));
        Assert.Equal(SocketError.TimedOut, late.SocketErrorCode);
        Assert.Equal(8, fault.Applied); // a SYN is sent eight times
        Assert.Equal(TcpState.Established, before.State);
    }

    [Fact]
    public void A_host_that_forgets_its_connections_says_so_only_when_asked()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        using TcpListener listener = net["b"].Listen(80);
        Task<TcpConnection> accepting = net["b"].Run(async () => await listener.AcceptAsync());
        TcpConnection client = Connect(net), server = net.RunUntilComplete(accepting);
        int packets = net.Packets.Count;

        net["b"].ForgetConnections();
        net.RunFor(Duration.FromSeconds(10));
        Assert.Equal(packets, net.Packets.Count);
        Assert.Equal((TcpState.Established, TcpState.Closed), (client.State, server.State));
        Assert.Equal(0, net["b"].Stack.ConnectionCount);

        net.RunUntilComplete(net["a"].Run(async () => await client.WriteAsync("still there?"u8.ToArray())));
        net.RunUntilComplete(net["a"].Run(async () => await client.WhenEnded()));
        Assert.Equal(CloseReason.RemoteReset, client.CloseReason);
        Assert.Equal(TcpState.Established, Connect(net).State);
    }

    [Fact]
    public void A_host_that_is_down_has_nothing_to_forget()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts();
        net["b"].Crash();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(net["b"].ForgetConnections);
        Assert.Equal("host b is down, and has forgotten its connections anyhow", e.Message);
    }

    [Theory]
    [InlineData(Means.Stream)]
    [InlineData(Means.Pipe)]
    public void A_slow_reader_takes_its_time(Means means)
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(SmallBuffers(), TenMilliseconds);
        net["b"].LimitReads(10_000);
        byte[] text = TextOf(50_000);
        Task<byte[]> served = ServeBy(net, means);
        Upload(net, text);
        Assert.Equal(text, net.RunUntilComplete(served));
        Assert.InRange(net.Now.Seconds, 4.8, 5.2);
    }

    [Theory]
    [InlineData(Means.Stream)]
    [InlineData(Means.Pipe)]
    public void A_reader_that_stalls_closes_the_window_and_loses_nothing(Means means)
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(SmallBuffers(), TenMilliseconds);
        byte[] text = TextOf(50_000);
        Task<byte[]> served = ServeBy(net, means);
        Upload(net, text);
        net.At(new Timestamp(15_000_000), net["b"].StallReads);
        net.RunFor(Duration.FromSeconds(60));
        Assert.False(served.IsCompleted);
        long before = net["b"].Stack.Counters.SegmentsReceived;
        Assert.True(before > 0);
        net["b"].ResumeReads();
        Assert.Equal(text, net.RunUntilComplete(served));
    }

    [Fact]
    public void Delay_rate_and_loss_change_in_one_line_each_and_the_rest_stays()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(
            1, new SimulatedLinkOptions { Mtu = 1400, Backward = new SimulatedLinkOptions { Mtu = 1300 } });
        SimulatedLink link = net.Links[0];
        link.SetDelay(Duration.FromMilliseconds(50));
        link.SetRate(1_000_000);
        link.SetLoss(0.25);
        foreach (SimulatedLinkOptions options in (SimulatedLinkOptions[])[link.Options, link.Options.Backward!])
        {
            Assert.Equal(
                (50, 1_000_000L, 0.25), (options.Delay.Milliseconds, options.BitsPerSecond!.Value, options.Loss));
        }
        Assert.Equal((1400, 1300), (link.Options.Mtu, link.Options.Backward!.Mtu));
        link.SetRate(null);
        link.SetLoss(0);
        using TcpListener listener = net["b"].Listen(80);
        Connect(net);
        Assert.Equal(100, net.Now.Milliseconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => link.SetLoss(1.5));
    }

    private static SimulationOptions SmallBuffers() => SimulationOptions.ForTests with
    {
        StackOptions = new StackOptions { ConnectionDefaults = new TcpConnectionOptions { ReceiveBuffer = 8192 } },
    };

    private static TcpConnection Connect(SimulatedNetwork net) =>
        net.RunUntilComplete(net["a"].Run(async () => await net["a"].Tcp.ConnectAsync(net["b"].AddressV4, 80)));

    private static Task<byte[]> ServeBy(SimulatedNetwork net, Means means)
    {
        if (means is Means.Stream) return Serve(net);
        TcpListener listener = net["b"].Listen(Port);
        return net["b"].Run(async () =>
        {
            TcpDuplexPipe pipe = new(await listener.AcceptAsync());
            using MemoryStream text = new();
            await pipe.Input.CopyToAsync(text);
            await pipe.Output.CompleteAsync();
            await pipe.Input.CompleteAsync();
            return text.ToArray();
        });
    }
}
