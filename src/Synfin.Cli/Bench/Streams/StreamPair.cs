using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.Cli.Bench.Streams;

/// <summary>A connection between the two hosts of a network in memory, both ends in hand.</summary>
internal sealed class StreamPair : IDisposable
{
    private static readonly TcpConnectionOptions _options = new() { NoDelay = true };

    private readonly MemoryNetwork _network;

    private StreamPair(MemoryNetwork network, TcpConnection client, TcpConnection server)
    {
        _network = network;
        Client = client;
        Server = server;
    }

    public TcpConnection Client { get; }

    public TcpConnection Server { get; }

    public static async Task<StreamPair> OpenAsync()
    {
        MemoryNetwork network = new();
        using TcpListener listener = network.Server.Listen(null, 80, options: _options);
        TcpConnection client = await network.Client.ConnectAsync(network.ServerAddresses[0], 80, options: _options);
        return new StreamPair(network, client, await listener.AcceptAsync());
    }

    public void Dispose() => _network.Dispose();
}
