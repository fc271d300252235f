using Synfin.Stack;

namespace Synfin.Telemetry;

/// <summary>
/// The names under which Synfin tells what it does: to <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry, to <c>dotnet-counters</c>, to
/// any listener of System.Diagnostics. Nothing has to be switched on: who listens is told. See docs/telemetry.md for what and for what it
/// costs.
/// </summary>
public static class SynfinTelemetry
{
    /// <summary>The meter.</summary>
    public const string MeterName = "Synfin";

    /// <summary>The source of the activities.</summary>
    public const string ActivitySourceName = "Synfin";

    /// <summary>The event source, for counters.</summary>
    public const string EventSourceName = "Synfin";

    /// <summary>The name of the one kind of activity: a connection.</summary>
    public const string ConnectionActivityName = "synfin.tcp.connection";

    /// <summary>
    /// The most connections of one stack, half-open ones included, whose durations are measured and which have an activity at a time.
    /// Those beyond it are counted like all others, but have neither.
    /// </summary>
    public const int MaxTrackedConnections = 65_536;

    /// <summary>
    /// Makes a stack part of what is told. <see cref="Sockets.TcpStack"/> does it for its own; a second time does nothing. The stack is
    /// held weakly: it leaves the gauges when it is collected, and what it counted stays in the sums.
    /// </summary>
    /// <param name="stack">The stack; call it on its owner's thread.</param>
    public static void Watch(NetworkStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        TelemetryHub.Default.Watch(stack);
    }

    /// <summary>
    /// Tells that a stack's time is virtual: the activities of its connections then have dates counted from here. Without it they have the
    /// date of the system's clock.
    /// </summary>
    /// <param name="stack">The stack, watched.</param>
    /// <param name="epoch">The date at the stack's time zero.</param>
    /// <exception cref="InvalidOperationException">The stack is not watched.</exception>
    public static void SetEpoch(NetworkStack stack, DateTimeOffset epoch)
    {
        ArgumentNullException.ThrowIfNull(stack);
        TelemetryHub.Default.SetEpoch(stack, epoch);
    }
}
