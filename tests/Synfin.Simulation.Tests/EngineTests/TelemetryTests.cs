using System.Collections.Concurrent;
using System.Diagnostics;
using Synfin.Telemetry;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.EngineTests;

/// <summary>Simulated hosts are watched from the beginning, and their activities have virtual dates.</summary>
public sealed class TelemetryTests : EngineTest
{
    private const ushort OwnPort = 4_711; // other tests run meanwhile, and the listener hears them all

    [Fact]
    public void An_activity_has_the_dates_of_virtual_time()
    {
        ConcurrentQueue<Activity> ended = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == SynfinTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("server.port") is (int)OwnPort) ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        TcpListener server = net["b"].Tcp.Listen(null, OwnPort);
        net.RunUntilComplete(net["a"].Run(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), net.TimeProvider);
            TcpConnection connection = await net["a"].Tcp.ConnectAsync(net["b"].Address, OwnPort);
            await Task.Delay(TimeSpan.FromSeconds(1), net.TimeProvider);
            connection.Abort();
        }));
        net.RunUntilIdle();

        Activity client = Assert.Single(ended, a => a.Kind == ActivityKind.Client);
        Assert.Equal(VirtualTimeProvider.Epoch.UtcDateTime.AddHours(1), client.StartTimeUtc);
        Assert.Equal(1_020, client.Duration.TotalMilliseconds);
        Activity passive = Assert.Single(ended, a => a.Kind == ActivityKind.Server);
        Assert.Equal(VirtualTimeProvider.Epoch.UtcDateTime.AddHours(1).AddMilliseconds(10), passive.StartTimeUtc);
        Assert.Equal("connection_reset", passive.GetTagItem("error.type"));
        server.Close();
    }

    [Fact]
    public void A_stack_that_is_not_watched_has_no_epoch()
    {
        Synfin.Stack.NetworkStack stack = new(new(), new(1, 2), default);
        InvalidOperationException failure =
            Assert.Throws<InvalidOperationException>(() => SynfinTelemetry.SetEpoch(stack, VirtualTimeProvider.Epoch));
        Assert.Contains("Watch", failure.Message, StringComparison.Ordinal);
        SynfinTelemetry.Watch(stack);
        SynfinTelemetry.SetEpoch(stack, VirtualTimeProvider.Epoch);
    }
}
