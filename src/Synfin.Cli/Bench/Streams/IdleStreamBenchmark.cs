using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.Cli.Bench.Streams;

/// <summary>memory.idle-stream-bytes: what an application's idle stream costs, with all that is behind it.</summary>
internal sealed class IdleStreamBenchmark : IBenchmark
{
    private const int Connections = 10_000;
    private const int Warmup = 100;
    private const int PortsAListener = 5_000;

    /// <inheritdoc/>
    public string Name => "memory.idle-stream-bytes";

    /// <inheritdoc/>
    public string Unit => "bytes";

    /// <inheritdoc/>
    public string What => "heap of an idle TcpStream and its ESTABLISHED connection that has carried data both ways, of 20,000";

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => RunAsync().GetAwaiter().GetResult();

    private static async Task<double> RunAsync()
    {
        // ACKs at once: idle means that nothing is on its way.
        using MemoryNetwork network = new(new StackOptions { ConnectionDefaults = new TcpConnectionOptions { QuickAck = true } });
        TcpListener[] listeners = [network.Server.Listen(80), network.Server.Listen(81), network.Server.Listen(82)];
        TcpStream[] streams = new TcpStream[2 * (Connections + Warmup)];
        for (int i = 0; i < Warmup; i++) await Open(network, listeners[0], streams, i);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = Warmup; i < Connections + Warmup; i++) await Open(network, listeners[i / PortsAListener], streams, i);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(streams);
        return (after - before) / (2.0 * Connections);
    }

    private static async Task Open(MemoryNetwork network, TcpListener listener, TcpStream[] streams, int index)
    {
        byte[] message = new byte[64];
        TcpStream client = new(await network.Client.ConnectAsync(network.ServerAddresses[0], listener.LocalPort));
        TcpStream server = new(await listener.AcceptAsync());
        await client.WriteAsync(message);
        await server.ReadExactlyAsync(message);
        await server.WriteAsync(message);
        await client.ReadExactlyAsync(message);
        streams[2 * index] = client;
        streams[2 * index + 1] = server;
    }
}
