using Synfin.Cli.Bench.Http;
using Synfin.Cli.Bench.Memory;
using Synfin.Cli.Bench.Streams;
using Synfin.Cli.Bench.Tun;
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
        new IdleStreamBenchmark(),
        new TimeWaitBenchmark(),
        new SegmentAllocationBenchmark(),
        new IdleCostBenchmark(),
        new LossGoodputBenchmark(),
        new StreamBulkBenchmark(),
        new PipeBulkBenchmark(),
        new StreamRoundTripsBenchmark(),
        new HttpBenchmark(
            "memory",
            "requests that Kestrel answers over TCP between two hosts in memory, 64 connections kept alive, small GET",
            () => new MemoryHttpTransport()) { ComparedTo = ["http.kestrel.pipe", "http.kestrel.loopback"] },
        new HttpBenchmark("pipe", "the same over pipes without any protocol: what Kestrel itself can do", () => new PipeHttpTransport()),
        new HttpBenchmark("loopback", "the same over kernel TCP on 127.0.0.1", () => new LoopbackHttpTransport()),
        new TunBulkBenchmark(sends: true),
        new TunBulkBenchmark(sends: false),
        new TunConnectionsBenchmark(),
        new WrkBenchmark(overTun: true),
        new TunQueuesBenchmark(),
        new TunCpuBenchmark(sends: true, ofKernel: false),
        new TunCpuBenchmark(sends: true, ofKernel: true),
        new TunCpuBenchmark(sends: false, ofKernel: false),
        new TunCpuBenchmark(sends: false, ofKernel: true),
        new TunRoundTripBenchmark(50),
        new TunRoundTripBenchmark(99),
        new VethBulkYardstick(),
        new WrkBenchmark(overTun: false),
        new VethRoundTripYardstick(50),
        new VethRoundTripYardstick(99),
        new Copy64KYardstick(),
        new Pipe64KYardstick(),
        new LoopbackBulkYardstick(),
        new LoopbackConnectionsYardstick(),
        new LoopbackRoundTripsYardstick(),
    ];
}
