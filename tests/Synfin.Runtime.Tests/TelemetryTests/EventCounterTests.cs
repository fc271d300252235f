using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Synfin.Telemetry;
using Xunit;

namespace Synfin.Runtime.Tests.TelemetryTests;

/// <summary>The event source is one for the process, and its counters come by real time: so this waits for them, with a limit.</summary>
public sealed class EventCounterTests : TelemetryTest
{
    private static readonly string[] Names =
    [
        "bytes-received", "bytes-sent", "current-connections", "failed-opens", "opened-connections", "resets-received", "resets-sent",
        "retransmissions",
    ];

    [Fact]
    public async Task Counters_come_while_somebody_listens()
    {
        Hosts.Run(async () => await ConnectAsync());
        using var listener = new CounterListener();
        await listener.Complete.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Names, listener.Values.Keys.Order(StringComparer.Ordinal));
        Assert.True(listener.Values["current-connections"] >= 2, "both ends of the connection of this test are open");
        GC.KeepAlive(Hosts);
    }

    private sealed class CounterListener : EventListener
    {
        public ConcurrentDictionary<string, double> Values { get; } = new();

        public TaskCompletionSource Complete { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name != SynfinTelemetry.EventSourceName) return;
            EnableEvents(eventSource, EventLevel.Informational, EventKeywords.All,
                new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.1" });
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName != "EventCounters" || eventData.Payload?[0] is not IDictionary<string, object?> counter) return;
            object? value = counter.TryGetValue("Mean", out object? mean) ? mean : counter["Increment"];
            Values[(string)counter["Name"]!] = (double)value!;
            if (Values.Count == Names.Length) Complete.TrySetResult();
        }
    }
}
