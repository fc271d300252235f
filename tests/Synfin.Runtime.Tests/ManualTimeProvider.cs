namespace Synfin.Runtime.Tests;

/// <summary>Time that a test moves, and one timer.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private TimeSpan _now;
    private Action? _callback;

    /// <summary>When the timer fires next, or null.</summary>
    public TimeSpan? Due { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (_callback is not null) throw new InvalidOperationException("there is one timer only");
        _callback = () => callback(state);
        return new OneTimer(this);
    }

    /// <summary>Time goes on, and the timer fires when it is due.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan end = _now + by;
        while (Due is { } due && due <= end)
        {
            _now = due;
            Due = null;
            _callback!();
        }
        _now = end;
    }

    private sealed class OneTimer(ManualTimeProvider time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            return true;
        }

        public void Dispose() => time.Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
