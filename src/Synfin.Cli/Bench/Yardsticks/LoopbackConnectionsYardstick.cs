using System.Net.Sockets;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>What a whole connection costs in the kernel: SYN to FIN, one after the other.</summary>
internal sealed class LoopbackConnectionsYardstick : IBenchmark
{
    private const int MessageSize = 64;
    private const int ConnectionsABatch = 16;

    // A first byte of 0 asks the server to stop.
    private const byte GoOn = 1;
    private const byte Stop = 0;

    /// <inheritdoc/>
    public string Name => "yardstick.loopback.connections";

    /// <inheritdoc/>
    public string Unit => "1/s";

    /// <inheritdoc/>
    public string What => "connect, echo 64 bytes and close with FINs, one connection after the other, kernel TCP on 127.0.0.1";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using Socket listener = LoopbackPair.Listen();
        return LoopbackPair.RunBoth(
            () => Serve(listener),
            () =>
            {
                double rate = Rate.PerSecond(budget, () => OpenAndCloseABatch(listener));
                Exchange(listener, Stop);
                return rate;
            });
    }

    /// <summary>
    /// The server closes first, as HTTP/1.0 servers do: TIME-WAIT stays on its side, on a port that it keeps, so the clients' ports are
    /// free again at once and do not run out. The listener's port changes from run to run, so no run meets the TIME-WAITs of another.
    /// </summary>
    private static void Serve(Socket listener)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        do
        {
            using Socket server = LoopbackPair.Accept(listener);
            ReceiveAll(server, message);
            server.Send(message);
        }
        while (message[0] != Stop);
    }

    private static long OpenAndCloseABatch(Socket listener)
    {
        for (int i = 0; i < ConnectionsABatch; i++) Exchange(listener, GoOn);
        return ConnectionsABatch;
    }

    private static void Exchange(Socket listener, byte first)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        message[0] = first;
        using Socket client = LoopbackPair.Connect(listener);
        client.Send(message);
        ReceiveAll(client, message);
        if (client.Receive(message) != 0) throw new IOException("the server sent more than its echo");
    }

    private static void ReceiveAll(Socket socket, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int received = socket.Receive(destination);
            if (received == 0) throw new IOException("the connection ended before its 64 bytes");
            destination = destination[received..];
        }
    }
}
