using Synfin.Timers;

namespace Synfin.Tcp.CongestionControl;

/// <summary>
/// RFC 5681's slow start and congestion avoidance, counted in octets (RFC 3465), for the recovery of RFC 6582 and RFC 6675.
/// </summary>
public sealed class NewReno : ICongestionControl
{
    private const int MaximumWindow = 1 << 30;

    private int _acknowledgedInRound;

    /// <inheritdoc/>
    public string Name => "reno";

    /// <inheritdoc/>
    public int Window { get; set; }

    /// <inheritdoc/>
    public int SlowStartThreshold { get; private set; } = int.MaxValue;

    /// <inheritdoc/>
    public void Start(int initialWindow, int mss) => Window = initialWindow;

    /// <inheritdoc/>
    public void Acknowledged(in AckSample sample)
    {
        if (!sample.WindowLimited) return;
        int octets = sample.Octets;
        if (Window < SlowStartThreshold)
        {
            // What is acknowledged after an RTO may be one hole's worth of data that left long ago: one segment an ACK then (RFC 5681 3.1).
            int growth = sample.AfterTimeout ? Math.Min(octets, sample.Mss) : octets;
            growth = Math.Min(growth, SlowStartThreshold - Window);
            Grow(growth);
            octets -= growth;
            if (sample.AfterTimeout) return;
        }
        if (octets <= 0) return;
        _acknowledgedInRound += octets;
        if (_acknowledgedInRound < Window) return;
        _acknowledgedInRound -= Window;
        Grow(sample.Mss);
    }

    /// <inheritdoc/>
    public void EnterRecovery(int flightSize, int mss)
    {
        SlowStartThreshold = Math.Max(flightSize / 2, 2 * mss);
        Window = SlowStartThreshold;
        _acknowledgedInRound = 0;
    }

    /// <inheritdoc/>
    public void LeaveRecovery(int flightSize, int mss) =>
        Window = Math.Min(SlowStartThreshold, Math.Max(flightSize, mss) + mss); // RFC 6582 3.2 (3), option 1: no burst

    /// <inheritdoc/>
    public void TimedOut(int flightSize, int mss, bool first)
    {
        if (first) SlowStartThreshold = Math.Max(flightSize / 2, 2 * mss);
        Window = mss;
        _acknowledgedInRound = 0;
    }

    /// <inheritdoc/>
    public void RestartAfterIdle(int restartWindow) => Window = Math.Min(Window, restartWindow);

    /// <inheritdoc/>
    public void Undo(int window, int threshold)
    {
        Window = window;
        SlowStartThreshold = threshold;
    }

    /// <inheritdoc/>
    public void Resume(Timestamp now, Duration idle)
    {
        // time is nothing to it
    }

    private void Grow(int octets) => Window = (int)Math.Min((long)Window + octets, MaximumWindow);
}
