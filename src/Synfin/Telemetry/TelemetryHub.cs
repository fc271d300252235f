using System.Diagnostics;
using System.Diagnostics.Metrics;
using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.Telemetry;

/// <summary>
/// The meter, the source of activities, and the stacks that they tell of. A process has one; tests make their own, to count alone.
/// </summary>
internal sealed class TelemetryHub : IDisposable
{
    private static readonly KeyValuePair<string, object?> Sent = new(TagNames.Direction, TagNames.Transmit);
    private static readonly KeyValuePair<string, object?> Received = new(TagNames.Direction, TagNames.Receive);

    public TelemetryHub()
    {
        Meter = new Meter(SynfinTelemetry.MeterName);
        Source = new ActivitySource(SynfinTelemetry.ActivitySourceName);
        Meter.CreateObservableUpDownCounter("synfin.tcp.connections", Connections, "{connection}",
            "Listeners, connections and half-open or TIME-WAIT entries, by state.");
        Meter.CreateObservableCounter("synfin.tcp.segments", () => Both(t => t.SegmentsSent, t => t.SegmentsReceived), "{segment}",
            "TCP segments on the wire.");
        Meter.CreateObservableCounter("synfin.tcp.bytes", () => Both(t => t.OctetsSent, t => t.OctetsReceived), "By",
            "Octets of text sent, retransmissions included, and accepted in order.");
        Meter.CreateObservableCounter("synfin.tcp.resets", () => Both(t => t.ResetsSent, t => t.ResetsReceived), "{reset}",
            "RST sent, and received and believed.");
        Meter.CreateObservableCounter("synfin.tcp.retransmissions", () => Registry.Totals().SegmentsRetransmitted, "{segment}",
            "TCP segments that carried something again.");
        ConnectionDuration = Meter.CreateHistogram("synfin.tcp.connection.duration", "s",
            "From ESTABLISHED to the end: CLOSED or TIME-WAIT.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] });
        HandshakeDuration = Meter.CreateHistogram("synfin.tcp.handshake.duration", "s",
            "From the first SYN to ESTABLISHED, or to the failure of an active OPEN.", tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0001, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 3, 7, 15, 60],
            });
    }

    /// <summary>The process's own. Whoever has stacks also has the event source, or no tool could switch it on.</summary>
    public static TelemetryHub Default { get; } = NewDefault();

    public Meter Meter { get; }

    public ActivitySource Source { get; }

    public StackRegistry Registry { get; } = new();

    public Histogram<double> ConnectionDuration { get; }

    public Histogram<double> HandshakeDuration { get; }

    /// <summary>Whether somebody wants what only an observer can tell.</summary>
    public bool WantsObserver => ConnectionDuration.Enabled || HandshakeDuration.Enabled || Source.HasListeners();

    public void Watch(NetworkStack stack)
    {
        if (Registry.Find(stack) is null) Registry.Add(new StackTelemetry(this, stack));
    }

    public void SetEpoch(NetworkStack stack, DateTimeOffset epoch)
    {
        StackTelemetry telemetry = Registry.Find(stack)
            ?? throw new InvalidOperationException($"the stack is not watched: call {nameof(SynfinTelemetry.Watch)} first");
        telemetry.Epoch = epoch;
    }

    public void Dispose()
    {
        Meter.Dispose();
        Source.Dispose();
    }

    private static TelemetryHub NewDefault()
    {
        GC.KeepAlive(SynfinEventSource.Log);
        return new TelemetryHub();
    }

    private IEnumerable<Measurement<long>> Connections()
    {
        for (TcpState state = TcpState.Listen; state <= TcpState.TimeWait; state++)
        {
            KeyValuePair<string, object?> tag = new(TagNames.State, TagNames.Of(state));
            yield return new Measurement<long>(Registry.InState(state), tag);
        }
    }

    private Measurement<long>[] Both(Func<CounterTotals, long> sent, Func<CounterTotals, long> received)
    {
        CounterTotals totals = Registry.Totals();
        return [new Measurement<long>(sent(totals), Sent), new Measurement<long>(received(totals), Received)];
    }
}
