using Synfin.Stack;
using Synfin.Tcp;

namespace Synfin.Telemetry;

/// <summary>
/// The stacks that are watched, held weakly. The counters of one that was collected are added up before they are forgotten, or what a
/// collector sees as ever growing would shrink.
/// </summary>
internal sealed class StackRegistry
{
    private const int FirstSweep = 16;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private CounterTotals _gone;
    private int _sweepAt = FirstSweep;

    public void Add(StackTelemetry telemetry)
    {
        lock (_lock)
        {
            _entries.Add(new Entry(new WeakReference<StackTelemetry>(telemetry), telemetry.Stack.Counters));
            if (_entries.Count < _sweepAt) return;
            Sweep();
            _sweepAt = Math.Max(FirstSweep, _entries.Count * 2);
        }
    }

    /// <summary>What watches a stack, or null.</summary>
    public StackTelemetry? Find(NetworkStack stack)
    {
        lock (_lock)
        {
            for (int i = _entries.Count - 1; i >= 0; i--)
            {
                if (_entries[i].Telemetry.TryGetTarget(out StackTelemetry? telemetry) && telemetry.Stack == stack) return telemetry;
            }
            return null;
        }
    }

    /// <summary>The sums over all stacks that ever were.</summary>
    public CounterTotals Totals()
    {
        lock (_lock)
        {
            Sweep();
            CounterTotals totals = _gone;
            foreach (Entry entry in _entries) totals.Add(entry.Counters);
            return totals;
        }
    }

    /// <summary>How many listeners, connections and compact entries are in a state, over all stacks that are.</summary>
    public long InState(TcpState state)
    {
        lock (_lock)
        {
            Sweep();
            long sum = 0;
            foreach (Entry entry in _entries) sum += Math.Max(0, entry.Counters.InState(state));
            return sum;
        }
    }

    private void Sweep()
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Telemetry.TryGetTarget(out _)) continue;
            _gone.Add(_entries[i].Counters);
            _entries.RemoveAt(i);
        }
    }

    private readonly record struct Entry(WeakReference<StackTelemetry> Telemetry, Counters Counters);
}
