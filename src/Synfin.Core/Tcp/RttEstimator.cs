using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// SRTT, RTTVAR and the retransmission time-out (RFC 6298; MUST-18, MUST-19), in whole nanoseconds. Who takes the samples keeps Karn's
/// rule: none from a segment that was sent twice, unless a timestamp tells which of the two was acknowledged.
/// </summary>
internal struct RttEstimator
{
    /// <summary>G: timers and timestamps have a grain of 1 ms.</summary>
    public static Duration ClockGranularity => Duration.FromMilliseconds(1);

    // No sample is longer than 417 days, so that no sum below can overflow.
    private const long LongestSample = 1L << 55;
    private const int SrttDivisor = 8;
    private const int RttvarDivisor = 4;
    private const int RttvarFactor = 4;

    private long _srtt;
    private long _rttvar;

    // In microseconds, at most 71 minutes: an idle connection pays for each octet.
    private uint _timeout;
    private byte _backOffs;
    private bool _hasSample;
    private bool _synLost;
    private readonly bool _minimumOnVariation;
    private bool _atOnce;
    private uint _deviation;
    private uint _largestDeviation;
    private SequenceNumber _roundEnd;

    /// <summary>An estimator that knows nothing: its RTO is the initial one (RFC 6298 2.1).</summary>
    /// <param name="profile">Gives the initial RTO.</param>
    /// <param name="minimumOnVariation">
    /// RTO = SRTT + max(minimum, 4 * RTTVAR), as in Linux, and not max(minimum, SRTT + max(G, 4 * RTTVAR)), as in RFC 6298 2.4. On a path
    /// that is longer than the minimum and does not vary, the RFC's rule leaves a delayed ACK no time.
    /// </param>
    public RttEstimator(TcpProfile profile, bool minimumOnVariation = false)
    {
        _minimumOnVariation = minimumOnVariation;
        SetTimeout(Unbacked(profile));
    }

    /// <summary>Whether there was a sample.</summary>
    public readonly bool HasSample => _hasSample;

    /// <summary>The smoothed round-trip time; zero before the first sample.</summary>
    public readonly Duration Srtt => new(_srtt);

    /// <summary>The round-trip time's variation; zero before the first sample.</summary>
    public readonly Duration Rttvar => new(_rttvar);

    /// <summary>The time-out for what is sent now: within the profile's limits, with the back-off.</summary>
    public readonly Duration Rto => Duration.FromMicroseconds(_timeout);

    /// <summary>How often the time-out was doubled since the last sample; stays at 255.</summary>
    public readonly int BackOffs => _backOffs;

    /// <summary>Takes a sample (RFC 6298 2.2, 2.3) and ends the back-off.</summary>
    /// <param name="rtt">The round-trip time R'; a negative one counts as zero.</param>
    /// <param name="profile">Gives the limits of the RTO.</param>
    /// <param name="expectedSamples">
    /// How many samples a round trip brings, at least 1: each counts that much less (RFC 7323 appendix G:
    /// ExpectedSamples = ceiling(FlightSize / (SMSS * 2))).
    /// </param>
    public void Sample(Duration rtt, TcpProfile profile, int expectedSamples = 1)
    {
        Debug.Assert(expectedSamples >= 1, "a sample counts as one of at least one");
        long r = Math.Clamp(rtt.Nanoseconds, 0, LongestSample);
        if (_hasSample)
        {
            long error = r - _srtt;
            _rttvar += (Math.Abs(error) - _rttvar) / ((long)RttvarDivisor * expectedSamples);
            _srtt += error / ((long)SrttDivisor * expectedSamples);
        }
        else
        {
            _srtt = r;
            _rttvar = r / 2;
            _hasSample = true;
        }
        ResetBackOff(profile);
    }

    /// <summary>
    /// Takes one of many samples of a round trip, as Linux does: the variation is the largest mean deviation of the round trip, at least a
    /// quarter of the minimum RTO; a larger one counts at once, a smaller one when a round trip has passed.
    /// </summary>
    /// <param name="rtt">The round-trip time; a negative one counts as zero.</param>
    /// <param name="profile">Gives the limits of the RTO.</param>
    /// <param name="una">SND.UNA.</param>
    /// <param name="next">SND.NXT.</param>
    public void Sample(Duration rtt, TcpProfile profile, SequenceNumber una, SequenceNumber next)
    {
        long sample = Math.Clamp(rtt.Nanoseconds, 0, LongestSample);
        long least = profile.MinimumRto.Nanoseconds;
        _atOnce = true;
        if (!_hasSample)
        {
            _hasSample = true;
            _srtt = sample;
            BeginDeviation(2 * sample, least, next);
        }
        else
        {
            if (_largestDeviation == 0) BeginDeviation(2 * _srtt, least, next); // the first sample was the handshake's
            Deviate(sample - _srtt, least, una, next);
        }
        ResetBackOff(profile);
    }

    private void BeginDeviation(long deviation, long least, SequenceNumber next)
    {
        _deviation = Microseconds(deviation);
        _largestDeviation = Microseconds(Math.Max(deviation, least));
        _rttvar = Math.Max(deviation, least) / RttvarFactor;
        _roundEnd = next;
    }

    private void Deviate(long error, long least, SequenceNumber una, SequenceNumber next)
    {
        _srtt += error / SrttDivisor;
        long deviation = _deviation * 1_000L;
        long change = Math.Abs(error) - deviation / RttvarDivisor;
        if (error < 0 && change > 0) change /= 8; // the variation of a path that became shorter does not rise much (Ludwig's Eifel RTO)
        _deviation = Microseconds(deviation + change);
        _largestDeviation = Math.Max(_largestDeviation, _deviation);
        long largest = _largestDeviation * 1_000L;
        long variation = _rttvar * RttvarFactor;
        if (largest > variation) variation = largest;
        if (una > _roundEnd)
        {
            if (largest < variation) variation -= (variation - largest) / RttvarDivisor;
            _roundEnd = next;
            _largestDeviation = Microseconds(least);
        }
        _rttvar = variation / RttvarFactor;
    }

    private static uint Microseconds(long nanoseconds) => (uint)Math.Clamp(nanoseconds / 1_000, 0, uint.MaxValue);

    /// <summary>Doubles the time-out when it ran out (RFC 6298 5.5), up to the largest one.</summary>
    public void BackOff(TcpProfile profile)
    {
        if (_backOffs < byte.MaxValue) _backOffs++;
        long largest = profile.MaximumRto.Nanoseconds;
        long slop = profile.RtoSlop.Nanoseconds;
        long timeout = Rto.Nanoseconds;
        long doubled = _backOffs == 1 && !_hasSample ? timeout * 2 : (timeout - slop) * 2;
        SetTimeout(Math.Min(doubled + slop, largest));
    }

    /// <summary>Ends the back-off without a sample, for instance when a retransmission proved needless.</summary>
    public void ResetBackOff(TcpProfile profile)
    {
        _backOffs = 0;
        SetTimeout(Unbacked(profile));
    }

    /// <summary>
    /// To be called when the handshake is over and the SYN's timer had run out: ends the back-off, and without a sample the time-out falls
    /// back to a careful one (RFC 6298 5.7). If a timestamp gave a sample, we know better than that, as in Linux.
    /// </summary>
    public void AfterSynLoss(TcpProfile profile)
    {
        _synLost = true;
        ResetBackOff(profile);
    }

    private void SetTimeout(long nanoseconds) => _timeout = (uint)Math.Min((nanoseconds + 999) / 1_000, uint.MaxValue);

    private readonly long Unbacked(TcpProfile profile)
    {
        long smallest = profile.MinimumRto.Nanoseconds;
        long rto = profile.InitialRto.Nanoseconds;
        if (_hasSample)
        {
            long floor = _minimumOnVariation && !_atOnce ? smallest : ClockGranularity.Nanoseconds;
            rto = Math.Max(smallest, _srtt + Math.Max(floor, RttvarFactor * _rttvar)) + profile.RtoSlop.Nanoseconds;
        }
        else if (_synLost)
        {
            rto = Math.Max(rto, profile.RtoAfterSynLoss.Nanoseconds);
        }
        return Math.Min(Math.Max(rto, smallest), profile.MaximumRto.Nanoseconds);
    }
}
