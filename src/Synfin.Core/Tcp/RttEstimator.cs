using Synfin.Stack;
using Synfin.Timers;

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
    private long _rto;
    private byte _backOffs;
    private bool _hasSample;
    private bool _synLost;
    private readonly bool _minimumOnVariation;

    /// <summary>An estimator that knows nothing: its RTO is the initial one (RFC 6298 2.1).</summary>
    /// <param name="profile">Gives the initial RTO.</param>
    /// <param name="minimumOnVariation">
    /// RTO = SRTT + max(minimum, 4 * RTTVAR), as in Linux, and not max(minimum, SRTT + max(G, 4 * RTTVAR)), as in RFC 6298 2.4. On a path
    /// that is longer than the minimum and does not vary, the RFC's rule leaves a delayed ACK no time.
    /// </param>
    public RttEstimator(TcpProfile profile, bool minimumOnVariation = false)
    {
        _minimumOnVariation = minimumOnVariation;
        _rto = Unbacked(profile);
    }

    /// <summary>Whether there was a sample.</summary>
    public readonly bool HasSample => _hasSample;

    /// <summary>The smoothed round-trip time; zero before the first sample.</summary>
    public readonly Duration Srtt => new(_srtt);

    /// <summary>The round-trip time's variation; zero before the first sample.</summary>
    public readonly Duration Rttvar => new(_rttvar);

    /// <summary>The time-out for what is sent now: within the profile's limits, with the back-off.</summary>
    public readonly Duration Rto => new(_rto);

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

    /// <summary>Doubles the time-out when it ran out (RFC 6298 5.5), up to the largest one.</summary>
    public void BackOff(TcpProfile profile)
    {
        if (_backOffs < byte.MaxValue) _backOffs++;
        long largest = profile.MaximumRto.Nanoseconds;
        _rto = _rto > largest / 2 ? largest : _rto * 2;
    }

    /// <summary>Ends the back-off without a sample, for instance when a retransmission proved needless.</summary>
    public void ResetBackOff(TcpProfile profile)
    {
        _backOffs = 0;
        _rto = Unbacked(profile);
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

    private readonly long Unbacked(TcpProfile profile)
    {
        long smallest = profile.MinimumRto.Nanoseconds;
        long rto = profile.InitialRto.Nanoseconds;
        if (_hasSample)
        {
            long floor = _minimumOnVariation ? smallest : ClockGranularity.Nanoseconds;
            rto = _srtt + Math.Max(floor, RttvarFactor * _rttvar);
        }
        else if (_synLost)
        {
            rto = Math.Max(rto, profile.RtoAfterSynLoss.Nanoseconds);
        }
        return Math.Min(Math.Max(rto, smallest), profile.MaximumRto.Nanoseconds);
    }
}
