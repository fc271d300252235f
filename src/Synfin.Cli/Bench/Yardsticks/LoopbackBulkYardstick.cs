using System.Net.Sockets;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>What the kernel's TCP does for .NET on one machine.</summary>
internal sealed class LoopbackBulkYardstick : IBenchmark
{
    private const int Size = 64 * 1024;

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
        return LoopbackPair.RunBoth(
            () => SocketFlow.Send(server, budget, Size), () => SocketFlow.Receive(client, Size).Rate) * 8 / 1e9;
    }
}
