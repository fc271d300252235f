using Synfin.Runtime;
using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>A timer of <see cref="VirtualTimeProvider"/>.</summary>
internal sealed class VirtualTimer(SimulatedNetwork network, TimerCallback callback, object? state) : ITimer
{
    private const long LongestMilliseconds = 0xFFFF_FFFE;

    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private TimeSpan _period;
    private Firing? _next;
    private bool _isDisposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        VerifyRange(dueTime, nameof(dueTime));
        VerifyRange(period, nameof(period));
        using StackGate.Visit visit = network.Enter("a timer's Change");
        if (_isDisposed) return false;
        _period = period;
        Cancel();
        if (IsFinite(dueTime)) Plan(network.Now + Duration.FromTimeSpan(dueTime));
        return true;
    }

    public void Dispose()
    {
        using StackGate.Visit visit = network.Enter("a timer's Dispose");
        _isDisposed = true;
        Cancel();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private static bool IsFinite(TimeSpan time) => time >= TimeSpan.Zero;

    /// <summary>The limits of System.Threading.Timer, which cuts to whole milliseconds before it looks.</summary>
    private static void VerifyRange(TimeSpan time, string name)
    {
        long milliseconds = (long)time.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, LongestMilliseconds, name);
    }

    private void Plan(Timestamp at)
    {
        _next = new Firing(this);
        network.Schedule(_next, at);
    }

    private void Cancel()
    {
        _next?.Cancel();
        _next = null;
    }

    private void Fire()
    {
        _next = null;
        if (_period > TimeSpan.Zero) Plan(network.Now + Duration.FromTimeSpan(_period));
        network.Gate.Post(static timer => ((VirtualTimer)timer!).Call(), this);
    }

    private void Call()
    {
        if (_context is null) callback(state);
        else ExecutionContext.Run(_context, static timer => ((VirtualTimer)timer!).CallInContext(), this);
    }

    private void CallInContext() => callback(state);

    /// <summary>One expiry. A changed or disposed timer leaves a cancelled one behind, which does not move the clock.</summary>
    private sealed class Firing(VirtualTimer timer) : SimulationEvent
    {
        private bool _isCancelled;

        public override bool IsCancelled => _isCancelled;

        public void Cancel() => _isCancelled = true;

        public override void Happen() => timer.Fire();

        public override string Describe() => "timer";
    }
}
