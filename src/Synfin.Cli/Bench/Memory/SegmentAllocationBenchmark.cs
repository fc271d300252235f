namespace Synfin.Cli.Bench.Memory;

/// <summary>memory.segment-allocated-bytes.</summary>
internal sealed class SegmentAllocationBenchmark : IBenchmark
{
    private const int Megabytes = 64;

    /// <inheritdoc/>
    public string Name => "memory.segment-allocated-bytes";

    /// <inheritdoc/>
    public string Unit => "bytes";

    /// <inheritdoc/>
    public string What => "managed memory allocated for each wire segment of a bulk transfer, MTU 1500";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        var transfer = new BulkTransfer(1500);
        for (int i = 0; i < 8; i++) transfer.Megabyte();
        long frames = transfer.Hosts.Frames;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Megabytes; i++) transfer.Megabyte();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / (transfer.Hosts.Frames - frames);
    }
}
