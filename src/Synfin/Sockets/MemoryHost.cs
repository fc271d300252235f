using Synfin.Links;
using Synfin.Runtime;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Sockets;

/// <summary>One of the two hosts of a <see cref="MemoryNetwork"/>, with its gate and its timer.</summary>
internal sealed class MemoryHost : IDisposable
{
    private readonly NetworkStack _engine;
    private readonly SharedGate _gate;
    private readonly FrameCable _arriving;
    private readonly FrameCable _leaving;
    private readonly SoftwareSegmentation _link;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly VisitClock _clock;
    private readonly ITimer _timer;
    private Timestamp _alarm = Timestamp.Never;
    private volatile bool _isStopped;

    /// <summary>A host.</summary>
    /// <param name="options">The stack's options.</param>
    /// <param name="timeProvider">Tells the time and has the timer.</param>
    /// <param name="arriving">The cable from the other host.</param>
    /// <param name="leaving">The cable to the other host.</param>
    /// <param name="addresses">The host's addresses.</param>
    /// <param name="left">Called when a visit is over and the gate is free: the other host may have something to do.</param>
    public MemoryHost(
        StackOptions options,
        TimeProvider timeProvider,
        FrameCable arriving,
        FrameCable leaving,
        InternetAddress[] addresses,
        Action left)
    {
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        _gate = new SharedGate(Settle) { Left = left };
        _clock = new VisitClock(_gate, ReadClock);
        _engine = new NetworkStack(options, RandomSecret.Next(), ReadClock());
        foreach (InternetAddress address in addresses) _engine.AddAddress(address);
        _arriving = arriving;
        _leaving = leaving;
        _link = new SoftwareSegmentation(leaving);
        Addresses = addresses;
        Tcp = new TcpStack(_engine, _clock.Now, _gate) { OutputReady = _gate.AddWork };
        _timer = timeProvider.CreateTimer(
            static h => ((MemoryHost)h!).AlarmRang(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IReadOnlyList<InternetAddress> Addresses { get; }

    public TcpStack Tcp { get; }

    /// <summary>Whether there is something to do that nobody at the gate may have seen: frames that arrived, or may leave by now.</summary>
    public bool IsCalled => !_isStopped && (_arriving.IsReady || _leaving.IsHeldUp);

    /// <summary>Does what there is to do.</summary>
    public void Visit()
    {
        using StackGate.Visit visit = _gate.EnterUnnoticed();
        _gate.AddWork();
    }

    /// <summary>All connections end, and whoever waits is told.</summary>
    public void Dispose()
    {
        using (_gate.Enter(nameof(Dispose)))
        {
            if (_isStopped) return;
            _isStopped = true;
            Tcp.OutputReady = null;
            _engine.AbortAll(_clock.Now());
            Tcp.Abandon();
            Tcp.DeliverSignals();
        }
        _timer.Dispose();
    }

    private Timestamp ReadClock()
    {
        long elapsed = _timeProvider.GetTimestamp() - _start;
        long frequency = _timeProvider.TimestampFrequency;
        return new Timestamp(frequency == 1_000_000_000 ? elapsed : (long)(elapsed * (1e9 / frequency)));
    }

    /// <summary>At the gate: does what there is to do at this time.</summary>
    private void Settle()
    {
        if (_isStopped) return;
        Timestamp now = _clock.Now();
        if (_engine.NextDeadline <= now) _engine.OnTime(now);
        do
        {
            while (_arriving.TryTake(out ReadOnlySpan<byte> frame)) _engine.Input(frame, default, now);
            if (_engine.HasSignals) Tcp.DeliverSignalsAtGate();
            if (_engine.HasOutput) _engine.Output(_link, now);
            if (_engine.HasSignals) Tcp.DeliverSignalsAtGate();
            if (_engine.NextDeadline <= now) _engine.OnTime(now); // packets to ourselves
            _leaving.HandOver();
        }
        while (_arriving.IsReady);
        Timestamp next = _engine.NextDeadline;
        if (next < _alarm) SetAlarm(next, now);
    }

    /// <summary>Deadlines mostly move to later: the timer is left as it is then, and looks again when it fires.</summary>
    private void SetAlarm(Timestamp next, Timestamp now)
    {
        _alarm = next;
        // Whole milliseconds, rounded up, are what timers can tell apart.
        long milliseconds = Math.Max(1, ((next - now).Nanoseconds + 999_999) / 1_000_000);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void AlarmRang()
    {
        using StackGate.Visit visit = _gate.Enter("timer");
        _alarm = Timestamp.Never;
        _gate.AddWork();
    }
}
