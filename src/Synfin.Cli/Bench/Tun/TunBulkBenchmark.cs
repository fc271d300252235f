namespace Synfin.Cli.Bench.Tun;

/// <summary>tun.send and tun.receive: one flow between Synfin and a kernel socket.</summary>
/// <param name="sends">Whether Synfin sends.</param>
internal sealed class TunBulkBenchmark(bool sends) : IBenchmark
{
    /// <inheritdoc/>
    public string Name => sends ? "tun.send" : "tun.receive";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => sends
        ? "one TcpStream of Synfin writes to a kernel socket, over TUN with offloads, MTU 1500"
        : "a kernel socket writes to one TcpStream of Synfin, over TUN with offloads, MTU 1500";

    /// <inheritdoc/>
    public string? Unavailable => TunWorld.Unavailable;

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => ["yardstick.veth.bulk"];

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using var world = new TunWorld();
        (double rate, _) = sends ? TunFlow.Send(world, world.Host.Tcp, budget) : TunFlow.Receive(world, world.Host.Tcp, budget);
        return rate * 8 / 1e9;
    }
}
