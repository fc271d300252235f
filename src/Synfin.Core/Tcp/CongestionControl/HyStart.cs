using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp.CongestionControl;

/// <summary>
/// HyStart (Ha and Rhee 2008) as in Linux: slow start is over when a round's ACKs have come in a train as long as half of the shortest
/// round trip, or when the round trip has grown by an eighth.
/// </summary>
internal sealed class HyStart : ISlowStartExit
{
    private const int LowWindow = 16;
    private const int Samples = 8;

    private static readonly Duration Spacing = Duration.FromMilliseconds(2);
    private static readonly Duration LeastThreshold = Duration.FromMilliseconds(4);
    private static readonly Duration LargestThreshold = Duration.FromMilliseconds(16);

    private SequenceNumber _roundEnd;
    private Timestamp _roundStart;
    private Timestamp _lastAck;
    private Duration _thisRound = Duration.Infinite;
    private Duration _shortest = Duration.Infinite;
    private int _samples;
    private bool _started;

    /// <inheritdoc/>
    public bool Acknowledged(in AckSample sample, int window, ref int growth)
    {
        if (sample.RoundTrip <= Duration.Zero) return false;
        _shortest = Duration.Min(_shortest, sample.RoundTrip);
        if (!_started || sample.Una > _roundEnd) StartRound(in sample);
        if (window < LowWindow * sample.Mss) return false;
        if (sample.Now - _lastAck <= Spacing)
        {
            _lastAck = sample.Now;
            if (sample.Now - _roundStart > _shortest / 2) return true;
        }
        _thisRound = Duration.Min(_thisRound, sample.RoundTrip);
        if (_samples < Samples)
        {
            _samples++;
            return false;
        }
        return _thisRound > _shortest + Duration.Max(LeastThreshold, Duration.Min(_shortest / 8, LargestThreshold));
    }

    private void StartRound(in AckSample sample)
    {
        _started = true;
        _roundStart = sample.Now;
        _lastAck = sample.Now;
        _roundEnd = sample.Next;
        _thisRound = Duration.Infinite;
        _samples = 0;
    }
}
