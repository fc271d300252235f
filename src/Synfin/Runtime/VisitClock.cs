using Synfin.Timers;

namespace Synfin.Runtime;

/// <summary>A clock that is read once a visit at a gate: whatever happens in a visit happens at one time. To be used at the gate.</summary>
/// <param name="gate">The gate.</param>
/// <param name="clock">The time, monotonic.</param>
internal sealed class VisitClock(SharedGate gate, Func<Timestamp> clock)
{
    private Timestamp _now;
    private long _visit = -1;

    /// <summary>The time of the visit.</summary>
    public Timestamp Now()
    {
        if (_visit == gate.Visits) return _now;
        _visit = gate.Visits;
        return _now = clock();
    }
}
