namespace Synfin.Runtime.Tests;

/// <summary>Time that a test moves, and its timers.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;

    /// <summary>When the next timer fires, or null.</summary>
    public TimeSpan? Due => Next?.Due;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private ManualTimer? Next => _timers.Where(timer => timer.Due is not null).MinBy(timer => timer.Due);

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Time goes on, and the timers fire when they are due.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan end = _now + by;
        while (Next is { } timer && timer.Due <= end)
        {
            _now = timer.Due.Value;
            timer.Fire();
        }
        _now = end;
    }

    private sealed class ManualTimer(ManualTimeProvider time, Action callback) : ITimer
    {
        public TimeSpan? Due { get; private set; }

        public void Fire()
        {
            Due = null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            return true;
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
