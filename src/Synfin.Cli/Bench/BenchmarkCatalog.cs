using Synfin.Cli.Bench.Memory;
using Synfin.Cli.Bench.Yardsticks;

namespace Synfin.Cli.Bench;

/// <summary>All figures of <c>synfin bench</c>.</summary>
internal static class BenchmarkCatalog
{
    /// <summary>In the order of <c>--list</c> and of the report.</summary>
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new BulkBenchmark(1500),
        new BulkBenchmark(65535),
        new ConnectionsBenchmark(),
        new IdleEndpointBenchmark(),
        new TimeWaitBenchmark(),
        new SegmentAllocationBenchmark(),
        new IdleCostBenchmark(),
        new LossGoodputBenchmark(),
        new Copy64KYardstick(),
        new Pipe64KYardstick(),
        new LoopbackBulkYardstick(),
        new LoopbackConnectionsYardstick(),
    ];
}
