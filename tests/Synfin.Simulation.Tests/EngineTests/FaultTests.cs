using System.Net.Sockets;
using Synfin.Simulation.Faults;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.EngineTests;

public sealed class FaultTests : EngineTest
{
    [Theory]
    [InlineData("SYN from a")]
    [InlineData("SYN-ACK from b")]
    [InlineData("handshake ACK")]
    [InlineData("first data from a")]
    [InlineData("byte 10000 from a")]
    [InlineData("FIN from a")]
    [InlineData("FIN from b")]
    [InlineData("ACK of FIN from b")]
    [InlineData("ACK of FIN from a")]
    [InlineData("delay FIN from b by 3s")]
    [InlineData("delay byte 5000 from a by 3s")]
    [InlineData("duplicate SYN 3 times by 10ms")]
    [InlineData("duplicate FIN from b by 5s")]
    [InlineData("corrupt SYN-ACK")]
    [InlineData("corrupt third data from a")]
    public void A_single_fault_takes_place_and_costs_no_octet(string rule)
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        SegmentRule fault = net.AddRule(rule);
        Exchange(net, 30_000);
        Assert.Equal(1, fault.Applied);
    }

    [Fact]
    public void A_lost_SYN_is_sent_again_after_a_second()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        net.AddRule("SYN");
        _ = Serve(net);
        Task connecting = net["a"].Run(async () => await net["a"].Tcp.ConnectAsync(net["b"].Address, Port));
        net.RunUntilComplete(connecting);
        Assert.Equal(1_020, net.Now.Milliseconds);
    }

    [Fact]
    public void A_partition_that_heals_only_costs_time()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds with { BitsPerSecond = 1_000_000 });
        net.At(new Timestamp(50_000_000), () => net.Links[0].Partition());
        net.At(new Timestamp(5_050_000_000), () => net.Links[0].Heal());
        Exchange(net, 100_000);
        Assert.True(net.Now.Seconds > 5);
    }

    [Fact]
    public void A_peer_that_crashed_and_came_back_resets_what_it_forgot()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        SimulatedHost a = net["a"];
        SimulatedHost b = net["b"];
        (TcpConnection client, _) = Open(net);

        b.Crash();
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(TcpState.Established, client.State);

        b.Restart();
        Task writing = a.Run(async () =>
        {
            await client.WriteAsync("hello?"u8.ToArray());
            await client.ReadAsync(new byte[10]);
        });
        IOException reset = Assert.Throws<IOException>(() => net.RunUntilComplete(writing));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(reset.InnerException).SocketErrorCode);
        Assert.Equal(CloseReason.RemoteReset, client.CloseReason);
    }

    [Fact]
    public void A_crash_fails_what_the_hosts_code_waits_for_and_the_run_goes_on()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        (_, TcpConnection server) = Open(net);
        Task reading = net["b"].Run(async () => await server.ReadAsync(new byte[10]));
        net.RunFor(Duration.FromSeconds(1));
        net["b"].Crash();
        net.RunFor(Duration.FromSeconds(1));
        Assert.True(reading.IsFaulted);
        Assert.False(net["b"].IsUp);
    }

    [Fact]
    public void A_reset_that_nobody_sent_is_injected()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        (TcpConnection client, TcpConnection server) = Open(net);
        TcpStatus status = server.Status();
        FourTuple fromClient = client.Status().Tuple;
        net.Inject("attacker", net["b"], (RawSegment.From(in fromClient) with { Flags = TcpFlags.Rst, Seq = status.RcvNxt }).Build());
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(CloseReason.RemoteReset, server.CloseReason);
        Assert.Equal(TcpState.Established, client.State);
    }

    private static (TcpConnection Client, TcpConnection Server) Open(SimulatedNetwork net)
    {
        TcpListener listener = net["b"].Tcp.Listen(null, Port);
        Task<TcpConnection> accepting = net["b"].Run(async () => await listener.AcceptAsync());
        Task<TcpConnection> connecting = net["a"].Run(async () => await net["a"].Tcp.ConnectAsync(net["b"].Address, Port));
        return (net.RunUntilComplete(connecting), net.RunUntilComplete(accepting));
    }
}
