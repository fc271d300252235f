using Synfin.Stack;

namespace Synfin.Telemetry;

/// <summary>The sums over all stacks.</summary>
internal struct CounterTotals
{
    public long SegmentsSent;
    public long SegmentsReceived;
    public long SegmentsRetransmitted;
    public long OctetsSent;
    public long OctetsReceived;
    public long ResetsSent;
    public long ResetsReceived;
    public long Opens;
    public long FailedOpens;

    /// <summary>Adds one stack's. Its owner may be counting meanwhile: each number is of about now.</summary>
    public void Add(Counters counters)
    {
        SegmentsSent += Volatile.Read(ref counters.SegmentsSent);
        SegmentsReceived += Volatile.Read(ref counters.SegmentsReceived);
        SegmentsRetransmitted += Volatile.Read(ref counters.SegmentsRetransmitted);
        OctetsSent += Volatile.Read(ref counters.OctetsSent);
        OctetsReceived += Volatile.Read(ref counters.OctetsReceived);
        ResetsSent += Volatile.Read(ref counters.ResetsSent);
        ResetsReceived += Volatile.Read(ref counters.ResetsReceived);
        Opens += Volatile.Read(ref counters.ActiveOpens) + Volatile.Read(ref counters.PassiveOpens);
        FailedOpens += Volatile.Read(ref counters.FailedOpens);
    }
}
