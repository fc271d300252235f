using Synfin.Cli.Scenarios;
using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Cli.Bench.Memory;

/// <summary>memory.loss.goodput: what recovery and congestion control make of a long, fast path that loses now and then.</summary>
internal sealed class LossGoodputBenchmark : IBenchmark
{
    private const int Octets = 40_000_000;
    private const ushort Port = 80;

    private ulong _seed;

    /// <inheritdoc/>
    public string Name => "memory.loss.goodput";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => "one flow in virtual time over 1 Gbit/s, 20 ms round trip, 0.1 % loss; each run has another seed";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        var link = new SimulatedLinkOptions { BitsPerSecond = 1_000_000_000, Delay = Duration.FromMilliseconds(10), Loss = 0.001 };
        var connection = new TcpConnectionOptions { SendBuffer = 8 << 20, ReceiveBuffer = 8 << 20 };
        var options = new SimulationOptions
        {
            Seed = ++_seed,
            CheckInvariants = false,
            StackOptions = new StackOptions { ConnectionDefaults = connection },
        };
        SimulatedNetwork network = SimulatedNetwork.TwoHosts(options, link);
        Task<int> received = network["b"].Run(() => Receive(network["b"]));
        network["a"].Run(() => Send(network["a"], network["b"]));
        int octets = network.RunUntilComplete(received);
        return octets * 8.0 / network.Now.Seconds / 1e9;
    }

    private static async Task<int> Receive(SimulatedHost host)
    {
        using TcpListener listener = host.Tcp.Listen(null, Port);
        TcpConnection connection = await listener.AcceptAsync();
        int total = await Stage.ReadToEnd(connection);
        connection.Close();
        return total;
    }

    private static async Task Send(SimulatedHost host, SimulatedHost to)
    {
        TcpConnection connection = await host.Tcp.ConnectAsync(to.Address, Port);
        byte[] block = new byte[64 * 1024];
        for (int sent = 0; sent < Octets; sent += block.Length) await connection.WriteAsync(block);
        await connection.CloseAsync();
    }
}
