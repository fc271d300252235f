namespace Synfin.Cli.Bench.Memory;

/// <summary>memory.bulk.mtu1500 and memory.bulk.mtu65535.</summary>
internal sealed class BulkBenchmark(int mtu) : IBenchmark
{
    /// <inheritdoc/>
    public string Name => $"memory.bulk.mtu{mtu}";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => $"one flow between two hosts in memory, both on one core, MTU {mtu}, checksums computed and verified";

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => ["yardstick.copy64k", "yardstick.pipe64k", "yardstick.loopback.bulk"];

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        var transfer = new BulkTransfer(mtu);
        transfer.Megabyte();
        return Rate.PerSecond(budget, transfer.Megabyte) * 8 / 1e9;
    }
}
