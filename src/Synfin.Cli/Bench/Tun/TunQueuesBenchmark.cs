namespace Synfin.Cli.Bench.Tun;

/// <summary>tun.queues.send: what two queues with a shard each send, to what one sends; two flows either way.</summary>
internal sealed class TunQueuesBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "tun.queues.send";

    /// <inheritdoc/>
    public string Unit => "ratio";

    /// <inheritdoc/>
    public string What => "two flows from two queues and shards, to two flows from one; the kernel's half needs cores as well";

    /// <inheritdoc/>
    public string? Unavailable => TunWorld.Unavailable;

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => TwoFlows(2, budget / 2) / TwoFlows(1, budget / 2);

    private static double TwoFlows(int queues, TimeSpan budget)
    {
        using var world = new TunWorld(queues);
        Task<(double Rate, long)>[] flows =
        [
            .. Enumerable.Range(0, 2).Select(i => Task.Factory.StartNew(
                () => TunFlow.Send(world, world.Host.Sockets.Stacks[i % queues], budget),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        return Task.WhenAll(flows).GetAwaiter().GetResult().Sum(flow => flow.Rate);
    }
}
