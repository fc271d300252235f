using Synfin.Stack;
using Synfin.Testing.Soak;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.Storms;

/// <summary>Half an hour of virtual time, connections of all kinds, bad links: nothing is left over, and memory stays flat.</summary>
[Trait("Needs", "engine")]
[Trait("Kind", "soak")]
[Collection(nameof(SoakTests))]
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)] // it measures the process's memory
public sealed class SoakTests
{
    private const ushort Port = 7;
    private const int Clients = 12;
    private const int Samples = 6;
    private const long MemoryTolerance = 1_000_000;

    private static readonly Duration s_sampleTime = Duration.FromSeconds(300);

    // A peer that reset, and whose reset was lost, is found out by keep-alive.
    private static readonly TcpConnectionOptions s_options = new()
    {
        KeepAlive = true,
        KeepAliveTime = Duration.FromSeconds(20),
        KeepAliveInterval = Duration.FromSeconds(2),
        SendBuffer = 65_536,
        ReceiveBuffer = 65_536,
    };

    private int _connections;
    private bool _isOver;

    [Fact]
    public void Thirty_minutes_leave_nothing_and_memory_is_flat()
    {
        using SimulatedNetwork net = new(new SimulationOptions
        {
            Seed = 30,
            CheckInvariants = false,
            StackOptions = new StackOptions { ConnectionDefaults = s_options },
        });
        SimulatedHost server = net.AddHost("server");
        for (int i = 0; i < Clients; i++) AddClient(net, server, i);
        TcpListener listener = server.Tcp.Listen(Port);
        server.Run(() => ServeAsync(server, listener));

        long[] memory = new long[Samples];
        for (int sample = 0; sample < Samples; sample++)
        {
            int before = _connections;
            net.RunFor(s_sampleTime);
            Assert.InRange(_connections - before, 500, int.MaxValue);
            memory[sample] = GC.GetTotalMemory(forceFullCollection: true);
        }
        string figures = $"{_connections} connections; octets in use every five minutes: {string.Join(", ", memory)}";
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        // The first sample has the pools still growing; TIME-WAIT is in balance from the first minute on.
        Assert.True(memory[^1] <= memory[1] + MemoryTolerance, figures);

        _isOver = true;
        net.RunUntilIdle();
        foreach (SimulatedLink link in net.Links) Assert.True(link.Forward.LostByChance > 0 && link.Backward.LostByChance > 0);
        foreach (SimulatedHost host in net.Hosts)
        {
            Assert.Equal((0, 0, 0), (host.Stack.ConnectionCount, host.Stack.TimeWaitCount, host.Stack.SynQueueCount));
            Assert.Equal((0, 0), (host.Stack.PagesInUse, host.Stack.OrphanCount));
        }
    }

    private void AddClient(SimulatedNetwork net, SimulatedHost server, int number)
    {
        SimulatedHost client = net.AddHost($"client{number}");
        net.Connect(client, server, new SimulatedLinkOptions
        {
            Delay = Duration.FromMilliseconds(5 + 10 * number),
            Jitter = Duration.FromMilliseconds(number),
            Loss = 0.02,
            Duplicate = 0.005,
            Reorder = 0.01,
        });
        client.Run(() => AskAsync(net, client, server, net.Random.Fork(client.Name)));
    }

    private async Task AskAsync(SimulatedNetwork net, SimulatedHost client, SimulatedHost server, DeterministicRandom random)
    {
        while (!_isOver)
        {
            var kind = (SoakKind)random.Next(6);
            int length = (int)random.Next(random.Chance(0.05) ? 500_000 : 20_000);
            if (kind is SoakKind.ServerAborts) length += 2;
            TcpConnection connection = await client.Tcp.ConnectAsync(server.Address, Port);
            _connections++;
            await SoakTalk.AskAsync(new SynfinEnd(connection), kind, length);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(3_000)), net.TimeProvider);
        }
    }

    /// <summary>Serves whoever asks. A conversation that fails fails the network, and so the test.</summary>
    private static async Task ServeAsync(SimulatedHost server, TcpListener listener)
    {
        while (true)
        {
            TcpConnection connection = await listener.AcceptAsync();
            _ = server.Run(() => SoakTalk.ServeAsync(new SynfinEnd(connection)));
        }
    }
}
