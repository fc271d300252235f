using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp.CongestionControl;

/// <summary>HyStart++ (RFC 9406): when a round's shortest round trip has grown, slow start goes on at a quarter of its pace.</summary>
internal sealed class HyStartPlusPlus : ISlowStartExit
{
    // RFC 9406 4.3.
    private const int Samples = 8;
    private const int Divisor = 8;
    private const int GrowthDivisor = 4;
    private const int ConservativeRounds = 5;

    /// <summary>L: an ACK counts for no more segments than this, since nothing paces what it lets out.</summary>
    private const int Limit = 8;

    private static readonly Duration LeastThreshold = Duration.FromMilliseconds(4);
    private static readonly Duration LargestThreshold = Duration.FromMilliseconds(16);

    private SequenceNumber _roundEnd;
    private Duration _lastRound = Duration.Infinite;
    private Duration _thisRound = Duration.Infinite;
    private Duration _baseline = Duration.Infinite;
    private int _samples;
    private int _rounds;
    private bool _started;
    private bool _conservative;

    /// <inheritdoc/>
    public bool Acknowledged(in AckSample sample, int window, ref int growth)
    {
        if (!_started)
        {
            _started = true;
            _roundEnd = sample.Next;
        }
        if (sample.RoundTrip > Duration.Zero)
        {
            _thisRound = Duration.Min(_thisRound, sample.RoundTrip);
            _samples++;
        }
        if (sample.WindowLimited) growth = Math.Min(growth, Limit * sample.Mss);
        if (_conservative) growth /= GrowthDivisor;
        if (_samples >= Samples) Judge();
        return sample.Una > _roundEnd - 1 && EndRound(in sample);
    }

    private void Judge()
    {
        if (_conservative)
        {
            if (_thisRound >= _baseline) return;
            _baseline = Duration.Infinite; // the delay was passing: slow start again
            _conservative = false;
        }
        else if (_lastRound.IsFinite)
        {
            Duration threshold = Duration.Max(LeastThreshold, Duration.Min(_lastRound / Divisor, LargestThreshold));
            if (_thisRound < _lastRound + threshold) return;
            _baseline = _thisRound;
            _conservative = true;
            _rounds = 0;
        }
    }

    private bool EndRound(in AckSample sample)
    {
        _roundEnd = sample.Next;
        _lastRound = _thisRound;
        _thisRound = Duration.Infinite;
        _samples = 0;
        return _conservative && ++_rounds >= ConservativeRounds;
    }
}
