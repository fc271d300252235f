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

public sealed class StreamFaultTests : EngineTest
{
    [Fact]
    public void Only_the_second_connection_to_one_port_is_cut()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        StreamFault fault = net["b"].AddFault(StreamFault.ResetAfter(3).OnPort(80).OnConnection(2));
        foreach (ushort port in (ushort[])[80, 81]) _ = Greet(net, net["b"].Listen(port));
        string[] seen = net.RunUntilComplete(net["a"].Run(async () => (string[])
            [await Ask(net, 80), await Ask(net, 81), await Ask(net, 80), await Ask(net, 81), await Ask(net, 80)]));
        Assert.Equal(["5 FIN", "5 FIN", "3 RST", "5 FIN", "5 FIN"], seen);
        Assert.Equal((3, 1), (fault.Matched, fault.Applied));
        Assert.Equal("partial-rst 3 port 80 connection 2", fault.ToString());
    }

    [Fact]
    public void Of_two_faults_the_first_decides_and_both_count()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        StreamFault first = net["b"].AddFault("partial-fin 2 connection 2");
        StreamFault second = net["b"].AddFault("partial-rst 3");
        _ = Greet(net, net["b"].Listen(80));
        string[] seen = net.RunUntilComplete(net["a"].Run(async () => (string[])[await Ask(net, 80), await Ask(net, 80)]));
        Assert.Equal(["3 RST", "2 FIN"], seen);
        Assert.Equal((2, 1, 2, 1), (first.Matched, first.Applied, second.Matched, second.Applied));
    }

    [Fact]
    public void A_client_s_own_stream_is_cut_as_well()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        net["a"].AddFault("partial-fin 1000");
        Task<byte[]> served = Serve(net);
        byte[] text = TextOf(30_000);
        Upload(net, text);
        net.RunUntilIdle();
        Assert.Equal(text[..1000], net.RunUntilComplete(served));
    }

    [Fact]
    public void A_large_answer_is_truncated_beyond_the_send_buffer_too()
    {
        StackOptions small = new() { ConnectionDefaults = new TcpConnectionOptions { SendBuffer = 4096 } };
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(SimulationOptions.ForTests with { StackOptions = small }, TenMilliseconds);
        StreamFault fault = net["a"].AddFault(StreamFault.TruncateAt(0.5));
        Task<byte[]> served = Serve(net);
        byte[] text = TextOf(100_001);
        Upload(net, text);
        net.RunUntilIdle();
        Assert.Equal(text[..50_000], net.RunUntilComplete(served));
        Assert.Equal(1, fault.Applied);
        Assert.Equal((0, 0), (net["a"].Stack.ConnectionCount, net["b"].Stack.ConnectionCount));
    }

    [Fact]
    public void A_reset_waits_until_a_slow_peer_has_everything()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        net["b"].AddFault("partial-rst 4");
        net.AddRule("first data from b");
        _ = Greet(net, net["b"].Listen(80));
        Assert.Equal("4 RST", net.RunUntilComplete(net["a"].Run(() => Ask(net, 80))));
        Assert.True(net.Now.Milliseconds > 200, "the lost octets came with a retransmission");
    }

    [Fact]
    public void What_is_held_for_a_truncation_has_a_limit()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        net["b"].AddFault("truncate");
        TcpListener listener = net["b"].Listen(80);
        Task serving = net["b"].Run(async () =>
        {
            TcpConnection connection = await listener.AcceptAsync();
            byte[] megabyte = new byte[1024 * 1024];
            for (int i = 0; i < 17; i++) await connection.WriteAsync(megabyte);
        });
        net["a"].Run(async () => await net["a"].ConnectAsync("b", 80));
        InvalidOperationException tooMuch = Assert.Throws<InvalidOperationException>(() => net.RunUntilComplete(serving));
        Assert.Equal(
            "the fault 'truncate 50%' of host b holds what the application writes until that ends, and it wrote more than 16777216 octets "
            + "(StreamFault.MaxHeld): close the connection earlier, or cut at an octet with StreamFault.FinAfter",
            tooMuch.Message);
    }

    [Fact]
    public void After_a_hang_the_connection_is_held_open_whatever_the_application_does()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        net["b"].AddFault("partial-hang 2");
        TcpListener listener = net["b"].Listen(80);
        Task<TcpConnection> serving = net["b"].Run(async () =>
        {
            TcpConnection connection = await listener.AcceptAsync();
            await connection.WriteAsync("hello"u8.ToArray());
            await connection.CompleteWritesAsync();
            connection.Abort();
            return connection;
        });
        Task<TcpConnection> connecting = net["a"].Run(async () => await net["a"].ConnectAsync("b", 80));
        net.RunUntilIdle();
        TcpConnection client = net.RunUntilComplete(connecting), server = net.RunUntilComplete(serving);
        Assert.Equal((TcpState.Established, TcpState.Established), (client.State, server.State));
        Assert.Equal(2, client.Status().ReceiveQueue);
        Assert.Equal(
            SocketError.OperationAborted,
            Assert.IsType<SocketException>(Assert.Throws<IOException>(() => net.RunUntilComplete(
                net["b"].Run(async () => await server.WriteAsync("more"u8.ToArray())))).InnerException).SocketErrorCode);
    }

    [Fact]
    public void A_fault_that_was_taken_away_cuts_nothing()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        StreamFault fault = net["b"].AddFault("nothing-rst");
        Assert.True(net["b"].RemoveFault(fault));
        Assert.False(net["b"].RemoveFault(fault));
        _ = Greet(net, net["b"].Listen(80));
        Assert.Equal("5 FIN", net.RunUntilComplete(net["a"].Run(() => Ask(net, 80))));
        Assert.Equal(0, fault.Matched);
    }

    [Fact]
    public void A_fault_counts_for_one_host()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        StreamFault fault = net["b"].AddFault(StreamFault.HangAfter(5));
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => net["a"].AddFault(fault));
        Assert.Equal("the fault 'partial-hang 5' belongs to host b already, where it counts: make another for host a", e.Message);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_part_lies_between_nothing_and_all(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamFault.TruncateAt(fraction));

    [Fact]
    public void Octets_and_connections_are_counted_from_nothing_on()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamFault.FinAfter(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamFault.Full().OnConnection(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamFault.Full().OnPort(0));
    }

    /// <summary>On b: says hello to everybody.</summary>
    private static Task Greet(SimulatedNetwork net, TcpListener listener) => net["b"].Run(async () =>
    {
        while (true)
        {
            await using TcpConnection connection = await listener.AcceptAsync();
            await connection.WriteAsync("hello"u8.ToArray());
        }
    });

    /// <summary>On a: how many octets come, and how it ends.</summary>
    private static async Task<string> Ask(SimulatedNetwork net, int port)
    {
        await using TcpConnection connection = await net["a"].ConnectAsync("b", port);
        byte[] buffer = new byte[10];
        int total = 0;
        try
        {
            int count;
            while ((count = await connection.ReadAsync(buffer)) > 0) total += count;
            return $"{total} FIN";
        }
        catch (IOException)
        {
            return $"{total} RST";
        }
    }
}
