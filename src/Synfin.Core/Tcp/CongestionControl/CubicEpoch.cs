using Synfin.Timers;

namespace Synfin.Tcp.CongestionControl;

/// <summary>RFC 9438's variables of congestion avoidance, in segments and seconds; without a loss there are none.</summary>
internal sealed class CubicEpoch
{
    /// <summary>C (RFC 9438 4.1).</summary>
    public const double C = 0.4;

    /// <summary>beta_cubic (RFC 9438 4.6).</summary>
    public const double Beta = 0.7;

    /// <summary>alpha_cubic (RFC 9438 4.3).</summary>
    public const double Alpha = 3 * (1 - Beta) / (1 + Beta);

    private double _k;
    private double _origin;
    private double _estimate;
    private double _priorWindow;
    private double _windowMax;
    private double _windowMaxBefore;
    private double _credit;
    private Timestamp _start;
    private bool _running;

    /// <summary>W_max in segments; 0 if there is none.</summary>
    public double WindowMax => _windowMax;

    /// <summary>K in seconds.</summary>
    public double K => _k;

    /// <summary>A congestion event at <paramref name="window"/> segments (RFC 9438 4.6, 4.7).</summary>
    public void Reduced(double window)
    {
        _windowMaxBefore = _windowMax;
        _credit = 0;
        _priorWindow = window;
        _windowMax = window < _windowMax ? window * (1 + Beta) / 2 : window; // fast convergence
        _running = false;
    }

    /// <summary>RFC 9438 4.8: after a time-out the next epoch begins at its own cwnd.</summary>
    public void TimedOut()
    {
        _windowMax = 0;
        _running = false;
    }

    /// <summary>The event was none (RFC 9438 4.9.2).</summary>
    public void Undo()
    {
        _windowMax = _windowMaxBefore;
        _running = false;
    }

    /// <summary>While nothing was sent no time passes (RFC 9438 5.8).</summary>
    public void Skip(Duration idle)
    {
        if (_running) _start += idle;
    }

    /// <summary>By how many segments a window of <paramref name="window"/> segments grows for so many acknowledged ones.</summary>
    /// <param name="window">cwnd.</param>
    /// <param name="acknowledged">Segments acknowledged.</param>
    /// <param name="now">The time.</param>
    /// <param name="roundTrip">The smoothed round trip.</param>
    public double Growth(double window, double acknowledged, Timestamp now, Duration roundTrip)
    {
        if (!_running) Begin(window, now);
        double elapsed = Math.Max(0, (now - _start).Seconds);
        _estimate += (_estimate >= _priorWindow ? 1 : Alpha) * acknowledged / window; // 4.3
        if (At(elapsed) < _estimate) return Math.Max(0, _estimate - window); // the Reno-friendly region
        double target = Math.Clamp(At(elapsed + roundTrip.Seconds), window, 1.5 * window); // 4.4, 4.5
        return (target - window) / window * acknowledged;
    }

    /// <summary>Adds octets to what is owed and takes the whole ones of it.</summary>
    public int Take(double octets)
    {
        _credit = Math.Min(_credit + octets, 1 << 30);
        int whole = (int)_credit;
        _credit -= whole;
        return whole;
    }

    /// <summary>W_cubic(t) (RFC 9438 4.2, figure 1).</summary>
    public double At(double seconds)
    {
        double t = seconds - _k;
        return C * t * t * t + _origin;
    }

    private void Begin(double window, Timestamp now)
    {
        _running = true;
        _start = now;
        _estimate = window;
        if (_windowMax > window)
        {
            _origin = _windowMax;
            _k = CubeRoot((_windowMax - window) / C);
        }
        else
        {
            _origin = window;
            _k = 0;
            _priorWindow = Math.Max(_priorWindow, window);
        }
    }

    /// <summary>By Newton's method: the same on every machine, unlike the C library's.</summary>
    private static double CubeRoot(double value)
    {
        if (value <= 0) return 0;
        double root = 1;
        while (root * root * root < value) root *= 2;
        for (int i = 0; i < 12; i++) root -= (root * root * root - value) / (3 * root * root);
        return root;
    }
}
