using Synfin.Timers;

namespace Synfin.Tcp.CongestionControl;

/// <summary>
/// CUBIC's congestion avoidance (RFC 9438 4.2 to 4.5) as Linux computes it: in whole segments and 1/1024 s, anew at most every 31 ms while
/// cwnd stays; the result is how many acknowledged segments open cwnd by one.
/// </summary>
internal sealed class CubicInSegments
{
    /// <summary>C is 410/1024.</summary>
    private const long Scale = 410;

    private const int ScaleShift = 40;

    /// <summary>The Reno-friendly window grows by one for 15/8 of cwnd that are acknowledged: (1 + beta) / 3 (1 - beta).</summary>
    private const int FriendlyEighths = 15;

    private const int SegmentsWithoutMaximum = 20;

    private static readonly Duration Refresh = Duration.FromMilliseconds(31);

    private long _perGrowth;
    private long _maximum;
    private long _lastWindow;
    private Timestamp _lastTime = Timestamp.Never;
    private long _origin;
    private long _k;
    private Timestamp _start = Timestamp.Never;
    private long _acknowledged;
    private long _friendly;
    private long _credit;

    /// <summary>A congestion event at so many segments (RFC 9438 4.6, 4.7).</summary>
    /// <returns>ssthresh in segments.</returns>
    public int Reduced(int window)
    {
        _start = Timestamp.Never;
        _credit = 0;
        _maximum = window < _maximum ? window * (1024L + 717) / 2048 : window;
        return Math.Max((int)(window * 717L / 1024), 2);
    }

    /// <summary>RFC 9438 4.8: what was known of the path is forgotten.</summary>
    public void TimedOut()
    {
        _maximum = 0;
        _perGrowth = 0;
        _lastWindow = 0;
        _lastTime = Timestamp.Never;
        _start = Timestamp.Never;
        _credit = 0;
    }

    /// <summary>While nothing was sent no time passes (RFC 9438 5.8).</summary>
    public void Skip(Duration idle)
    {
        if (_start != Timestamp.Never) _start += idle;
    }

    /// <summary>So many segments were acknowledged.</summary>
    /// <param name="window">cwnd in segments.</param>
    /// <param name="segments">Segments acknowledged.</param>
    /// <param name="now">The time.</param>
    /// <param name="roundTrip">The smallest round trip.</param>
    /// <returns>By how many segments cwnd grows.</returns>
    public int Growth(int window, int segments, Timestamp now, Duration roundTrip)
    {
        Update(window, segments, now, roundTrip);
        int growth = 0;
        if (_credit >= _perGrowth)
        {
            _credit = 0;
            growth++;
        }
        _credit += segments;
        if (_credit >= _perGrowth)
        {
            growth += (int)(_credit / _perGrowth);
            _credit %= _perGrowth;
        }
        return growth;
    }

    private void Update(int window, int segments, Timestamp now, Duration roundTrip)
    {
        _acknowledged += segments;
        if (_lastTime != Timestamp.Never && _lastWindow == window && now - _lastTime <= Refresh) return;
        _lastWindow = window;
        _lastTime = now;
        if (_start == Timestamp.Never) Begin(window, segments, now);
        long time = Math.Max(0, ((now - _start) + roundTrip).Nanoseconds / 1_000_000) * 1024 / 1000;
        long off = Math.Min(Math.Abs(time - _k), 1 << 16);
        long delta = Scale * off * off * off >> ScaleShift;
        long target = time < _k ? _origin - delta : _origin + delta;
        _perGrowth = target > window ? window / (target - window) : 100L * window;
        if (_maximum == 0) _perGrowth = Math.Min(_perGrowth, SegmentsWithoutMaximum);
        BeFriendly(window);
        _perGrowth = Math.Max(_perGrowth, 2);
    }

    /// <summary>RFC 9438 4.3: never slower than Reno.</summary>
    private void BeFriendly(int window)
    {
        long share = Math.Max(1, (long)window * FriendlyEighths >> 3);
        if (_acknowledged > share)
        {
            long rounds = (_acknowledged - 1) / share;
            _acknowledged -= rounds * share;
            _friendly += rounds;
        }
        if (_friendly > window) _perGrowth = Math.Min(_perGrowth, window / (_friendly - window));
    }

    private void Begin(int window, int segments, Timestamp now)
    {
        _start = now;
        _acknowledged = segments;
        _friendly = window;
        _origin = Math.Max(_maximum, window);
        _k = CubeRoot(((1L << ScaleShift) / Scale) * (_origin - window));
    }

    private static long CubeRoot(long value)
    {
        long low = 0;
        long high = 1 << 20;
        while (low < high)
        {
            long middle = (low + high + 1) / 2;
            if (middle * middle <= value / middle) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
