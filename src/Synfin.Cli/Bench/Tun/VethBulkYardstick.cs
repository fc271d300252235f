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
        return LoopbackPair.RunBoth(
            () => SocketFlow.Send(client, budget, Size), () => SocketFlow.Receive(server, Size).Rate) * 8 / 1e9;
    }
}
