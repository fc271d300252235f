using System.Diagnostics;
using System.Net.Sockets;
using Synfin.Cli.Bench.Yardsticks;

namespace Synfin.Cli.Bench.Tun;

/// <summary>yardstick.veth.bulk: what two kernels do over a virtual cable.</summary>
internal sealed class VethBulkYardstick : IBenchmark
{
    private const int Size = 256 * 1024;

    /// <inheritdoc/>
    public string Name => "yardstick.veth.bulk";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => "one kernel TCP connection between two network namespaces over veth, MTU 1500, two threads";

    /// <inheritdoc/>
    public string? Unavailable => TunWorld.Unavailable;

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using var pair = new VethPair();
        using Socket client = pair.Connect();
        using Socket server = pair.Listener.Accept();
        TunWorld.Configure(server);
        return LoopbackPair.RunBoth(() => Send(client, budget), () => Receive(server)) * 8 / 1e9;
    }

    private static void Send(Socket socket, TimeSpan budget)
    {
        byte[] text = new byte[Size];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < budget) socket.Send(text);
        socket.Shutdown(SocketShutdown.Send);
    }

    private static double Receive(Socket socket)
    {
        byte[] buffer = new byte[Size];
        int received = socket.Receive(buffer);
        long start = Stopwatch.GetTimestamp();
        long counted = 0;
        while (received > 0) counted += received = socket.Receive(buffer);
        return counted / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
