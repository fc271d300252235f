using System.Diagnostics;
using System.Net.Sockets;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>How long an answer takes over the kernel's TCP, for .NET's asynchronous sockets.</summary>
internal sealed class LoopbackRoundTripsYardstick : IBenchmark
{
    private const int MessageSize = 64;

    /// <inheritdoc/>
    public string Name => "yardstick.loopback.roundtrips";

    /// <inheritdoc/>
    public string Unit => "1/s";

    /// <inheritdoc/>
    public string What => "64-octet echoes, one after the other, SendAsync and ReceiveAsync over kernel TCP on 127.0.0.1";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using Socket listener = LoopbackPair.Listen();
        using Socket client = LoopbackPair.Connect(listener);
        using Socket server = LoopbackPair.Accept(listener);
        Task echo = Task.Run(() => SocketEcho.Serve(server));
        double rate = Task.Run(() => Ask(client, budget)).GetAwaiter().GetResult();
        echo.GetAwaiter().GetResult();
        return rate;
    }

    private static async Task<double> Ask(Socket socket, TimeSpan budget)
    {
        byte[] message = new byte[MessageSize];
        long start = Stopwatch.GetTimestamp();
        long done = 0;
        TimeSpan elapsed;
        do
        {
            await socket.SendAsync(message);
            for (int received = 0; received < MessageSize;)
            {
                int more = await socket.ReceiveAsync(message.AsMemory(received));
                if (more == 0) throw new IOException("the connection ended before its echo");
                received += more;
            }
            done++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < budget);
        socket.Shutdown(SocketShutdown.Send);
        return done / elapsed.TotalSeconds;
    }
}
