using System.Diagnostics.Tracing;
using Synfin.Tcp;

namespace Synfin.Telemetry;

/// <summary>The same counters for tools that speak EventSource; they exist from the first time that somebody switches them on.</summary>
[EventSource(Name = SynfinTelemetry.EventSourceName)]
internal sealed class SynfinEventSource : EventSource
{
    private DiagnosticCounter[]? _counters;

    private SynfinEventSource()
    {
    }

    public static SynfinEventSource Log { get; } = new();

    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command is not EventCommand.Enable || _counters is not null) return;
        _counters =
        [
            new PollingCounter("current-connections", this, static () => CurrentConnections()) { DisplayName = "Current Connections" },
            Rate("opened-connections", "Connections Opened", static t => t.Opens),
            Rate("failed-opens", "Failed Opens", static t => t.FailedOpens),
            Rate("resets-sent", "Resets Sent", static t => t.ResetsSent),
            Rate("resets-received", "Resets Received", static t => t.ResetsReceived),
            Rate("retransmissions", "Segments Retransmitted", static t => t.SegmentsRetransmitted),
            Rate("bytes-sent", "Bytes Sent", static t => t.OctetsSent),
            Rate("bytes-received", "Bytes Received", static t => t.OctetsReceived),
        ];
    }

    /// <summary>Connections that are open or opening or closing: neither LISTEN nor TIME-WAIT.</summary>
    private static double CurrentConnections()
    {
        long sum = 0;
        for (TcpState state = TcpState.SynSent; state < TcpState.TimeWait; state++) sum += TelemetryHub.Default.Registry.InState(state);
        return sum;
    }

    private IncrementingPollingCounter Rate(string name, string displayName, Func<CounterTotals, long> of) =>
        new(name, this, () => of(TelemetryHub.Default.Registry.Totals()))
        {
            DisplayName = displayName,
            DisplayRateTimeScale = TimeSpan.FromSeconds(1),
        };
}
