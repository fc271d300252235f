using Synfin.Timers;

namespace Synfin.Tcp.CongestionControl;

/// <summary>CUBIC (RFC 9438): after a loss the window grows with the cube of time, first back to where it was, then beyond.</summary>
/// <param name="exit">What ends the first slow start.</param>
/// <param name="wholeSegments">
/// Counts in whole segments, and reduces from cwnd and not from what is in flight, as Linux does; its slow start counts all octets of an
/// ACK after a time-out, too.
/// </param>
public sealed class Cubic(SlowStartExit exit = SlowStartExit.HyStartPlusPlus, bool wholeSegments = false) : ICongestionControl
{
    /// <summary>No window grows beyond this.</summary>
    private const int MaximumWindow = 1 << 30;

    /// <summary>
    /// An <see cref="ISlowStartExit"/> in the first slow start, <see cref="CubicEpoch"/> or
    /// <see cref="CubicInSegments"/> after it: an idle connection has neither.
    /// </summary>
    private object? _stage;

    /// <inheritdoc/>
    public string Name => "cubic";

    /// <inheritdoc/>
    public int Window { get; set; }

    /// <inheritdoc/>
    public int SlowStartThreshold { get; private set; } = int.MaxValue;

    /// <inheritdoc/>
    public void Start(int initialWindow, int mss) => Window = initialWindow;

    /// <inheritdoc/>
    public void Acknowledged(in AckSample sample)
    {
        int octets = sample.Octets;
        if (Window < SlowStartThreshold) octets = SlowStart(in sample, octets);
        if (octets <= 0 || !sample.WindowLimited) return;
        if (wholeSegments)
        {
            int segments = Math.Max(1, (octets + sample.Mss / 2) / sample.Mss);
            Grow(Segments.Growth(Math.Max(1, Window / sample.Mss), segments, sample.Now, sample.MinimumRoundTrip) * sample.Mss);
            return;
        }
        double mss = sample.Mss;
        double growth = Epoch.Growth(Window / mss, octets / mss, sample.Now, sample.SmoothedRoundTrip);
        Grow(Epoch.Take(growth * mss));
    }

    /// <inheritdoc/>
    public void EnterRecovery(int flightSize, int mss)
    {
        Reduce(flightSize, mss);
        Window = SlowStartThreshold;
    }

    /// <inheritdoc/>
    public void LeaveRecovery(int flightSize, int mss) => Window = SlowStartThreshold;

    /// <inheritdoc/>
    public void TimedOut(int flightSize, int mss, bool first)
    {
        if (first) Reduce(flightSize, mss);
        if (wholeSegments) Segments.TimedOut();
        else Epoch.TimedOut();
        Window = mss;
    }

    /// <inheritdoc/>
    public void Undo(int window, int threshold)
    {
        (_stage as CubicEpoch)?.Undo();
        Window = window;
        SlowStartThreshold = threshold;
    }

    /// <inheritdoc/>
    public void RestartAfterIdle(int restartWindow) => Window = Math.Min(Window, restartWindow);

    /// <inheritdoc/>
    public void Resume(Timestamp now, Duration idle)
    {
        (_stage as CubicEpoch)?.Skip(idle);
        (_stage as CubicInSegments)?.Skip(idle);
    }

    private CubicInSegments Segments
    {
        get
        {
            if (_stage is CubicInSegments epoch) return epoch;
            epoch = new CubicInSegments();
            _stage = epoch;
            return epoch;
        }
    }

    private CubicEpoch Epoch
    {
        get
        {
            if (_stage is CubicEpoch epoch) return epoch;
            epoch = new CubicEpoch();
            _stage = epoch;
            return epoch;
        }
    }

    private void Reduce(int flightSize, int mss)
    {
        if (wholeSegments)
        {
            SlowStartThreshold = Segments.Reduced(Math.Max(1, Window / mss)) * mss;
            return;
        }
        Epoch.Reduced((double)Window / mss);
        int from = Math.Min(flightSize, Window); // RFC 9438 4.6
        SlowStartThreshold = Math.Max((int)(from * CubicEpoch.Beta), 2 * mss);
    }

    /// <returns>Octets that are left for congestion avoidance.</returns>
    private int SlowStart(in AckSample sample, int octets)
    {
        int growth = octets;
        // What is acknowledged after an RTO may be one hole's worth of data that left long ago: one segment an ACK then (RFC 5681 3.1).
        if (sample.AfterTimeout && !wholeSegments) growth = Math.Min(growth, sample.Mss);
        if (SlowStartThreshold == int.MaxValue && Exits(in sample, ref growth))
        {
            SlowStartThreshold = Window;
            _stage = null;
            return 0;
        }
        if (!sample.WindowLimited) return 0;
        growth = Math.Min(growth, SlowStartThreshold - Window);
        Grow(growth);
        return sample.AfterTimeout || SlowStartThreshold == int.MaxValue ? 0 : octets - growth;
    }

    private bool Exits(in AckSample sample, ref int growth)
    {
        if (exit is SlowStartExit.Loss) return false;
        if (_stage is null && sample.WindowLimited) _stage = exit is SlowStartExit.HyStart ? new HyStart() : new HyStartPlusPlus();
        return _stage is ISlowStartExit watch && watch.Acknowledged(in sample, Window, ref growth);
    }

    private void Grow(int octets)
    {
        Window = (int)Math.Min((long)Window + octets, MaximumWindow);
    }
}
