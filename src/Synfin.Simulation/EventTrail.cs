using System.Text;
using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>The last events, for the message of a stalled run.</summary>
internal sealed class EventTrail(int length)
{
    private readonly (Timestamp Time, SimulationEvent Event)[] _ring = new (Timestamp, SimulationEvent)[Math.Max(1, length)];
    private long _count;

    public void Add(Timestamp time, SimulationEvent e) => _ring[_count++ % _ring.Length] = (time, e);

    public void WriteTo(StringBuilder text)
    {
        for (long i = Math.Max(0, _count - _ring.Length); i < _count; i++)
        {
            (Timestamp time, SimulationEvent e) = _ring[i % _ring.Length];
            text.Append("  ").Append(time).Append("  ").AppendLine(e.Describe());
        }
    }
}
