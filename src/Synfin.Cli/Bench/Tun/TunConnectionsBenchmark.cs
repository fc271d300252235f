using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Cli.Bench.Tun;

/// <summary>tun.connections: kernel clients open, exchange 64 octets and close.</summary>
internal sealed class TunConnectionsBenchmark : IBenchmark
{
    private const int Clients = 4;
    private const int MessageSize = 64;
    private const int Port = 7;

    /// <inheritdoc/>
    public string Name => "tun.connections";

    /// <inheritdoc/>
    public string Unit => "1/s";

    /// <inheritdoc/>
    public string What => "connections that kernel clients open, exchange 64 octets over and close; 4 at a time, Synfin echoes";

    /// <inheritdoc/>
    public string? Unavailable => TunWorld.Unavailable;

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using var world = new TunWorld();
        using TcpListenerGroup listener = world.Host.Sockets.Listen(new IPEndPoint(TunWorld.HostAddress, Port), backlog: 1024);
        Task serving = TunEcho.Serve(listener);
        long start = Stopwatch.GetTimestamp();
        Task<long>[] clients =
        [
            .. Enumerable.Range(0, Clients).Select(_ => Task.Factory.StartNew(
                () => Converse(world, start, budget), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
        long count = Task.WhenAll(clients).GetAwaiter().GetResult().Sum();
        double rate = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        listener.Close();
        serving.GetAwaiter().GetResult();
        return rate;
    }

    private static long Converse(TunWorld world, long start, TimeSpan budget)
    {
        var server = new IPEndPoint(TunWorld.HostAddress, Port);
        byte[] message = new byte[MessageSize];
        long count = 0;
        while (Stopwatch.GetElapsedTime(start) < budget)
        {
            using Socket socket = world.KernelSocket();
            socket.Connect(server);
            socket.Send(message);
            for (int received = 0; received < MessageSize;)
            {
                int more = socket.Receive(message.AsSpan(received));
                if (more == 0) throw new IOException("the connection ended before its echo");
                received += more;
            }
            socket.Shutdown(SocketShutdown.Send);
            if (socket.Receive(message) != 0) throw new IOException("more came back than was sent");
            count++;
        }
        return count;
    }
}
