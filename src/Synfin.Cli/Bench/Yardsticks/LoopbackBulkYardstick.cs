using System.Diagnostics;
using System.Net.Sockets;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>What the kernel's TCP does for .NET on one machine.</summary>
internal sealed class LoopbackBulkYardstick : IBenchmark
{
    private const int Size = 64 * 1024;

    private readonly byte[] _source = new byte[Size];
    private readonly byte[] _destination = new byte[Size];

    /// <inheritdoc/>
    public string Name => "yardstick.loopback.bulk";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => "send 64 KiB at a time over one kernel TCP connection on 127.0.0.1, two threads";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using Socket listener = LoopbackPair.Listen();
        using Socket client = LoopbackPair.Connect(listener);
        using Socket server = LoopbackPair.Accept(listener);
        return LoopbackPair.RunBoth(() => Send(server, budget), () => Receive(client)) * 8 / 1e9;
    }

    private void Send(Socket socket, TimeSpan budget)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < budget)
        {
            // Blocking: all of it is taken.
            int sent = socket.Send(_source);
            Debug.Assert(sent == Size, "A blocking send takes everything.");
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Bytes a second, from the first byte to the end of the stream.</summary>
    private double Receive(Socket socket)
    {
        long received = socket.Receive(_destination);
        long start = Stopwatch.GetTimestamp();
        long counted = 0;
        while (received > 0)
        {
            received = socket.Receive(_destination);
            counted += received;
        }

        return counted / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
