using Synfin.Runtime;

namespace Synfin.Simulation;

/// <summary>
/// The simulation's clock for application code: <c>Task.Delay(time, provider)</c>, <c>new CancellationTokenSource(time, provider)</c>,
/// <c>PeriodicTimer</c> and all else that takes a <see cref="System.TimeProvider"/> waits in virtual time. Callbacks run on the
/// simulation's scheduler.
/// </summary>
public sealed class VirtualTimeProvider : TimeProvider
{
    private readonly SimulatedNetwork _network;

    internal VirtualTimeProvider(SimulatedNetwork network) => _network = network;

    /// <summary>The date at the virtual time zero: 2026-01-01T00:00:00Z.</summary>
    public static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>UTC, so that runs do not depend on where they run.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Nanoseconds.</summary>
    public override long TimestampFrequency => 1_000_000_000;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(_network.Now.Nanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>Nanoseconds since the virtual time zero.</summary>
    public override long GetTimestamp() => _network.Now.Nanoseconds;

    /// <summary>As <see cref="TimeProvider.System"/> does, but in virtual time, exactly, and on the simulation's scheduler.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time other than infinite, or more than 4,294,967,294 ms.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        using StackGate.Visit visit = _network.Enter(nameof(CreateTimer));
        VirtualTimer timer = new(_network, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
