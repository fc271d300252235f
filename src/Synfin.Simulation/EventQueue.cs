using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>What is to happen, ordered by (time, number of insertion), so that equal times keep their order.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<SimulationEvent, (long Time, long Number)> _queue = new();
    private long _inserted;

    /// <summary>Events that wait, cancelled ones among them.</summary>
    public int Count => _queue.Count;

    /// <summary>The time of the next event, or <see cref="Timestamp.Never"/>.</summary>
    public Timestamp NextTime
    {
        get
        {
            // Cancelled timers must not move the clock, so they leave before anybody looks at their time.
            while (_queue.TryPeek(out SimulationEvent? next, out (long Time, long Number) order))
            {
                if (!next.IsCancelled) return new Timestamp(order.Time);
                _queue.Dequeue();
            }
            return Timestamp.Never;
        }
    }

    public void Add(SimulationEvent e, Timestamp at) => _queue.Enqueue(e, (at.Nanoseconds, _inserted++));

    /// <summary>Takes the next event, if its time is <paramref name="now"/> or earlier.</summary>
    public bool TryTake(Timestamp now, out SimulationEvent? e)
    {
        e = null;
        return NextTime <= now && _queue.TryDequeue(out e, out _);
    }
}
