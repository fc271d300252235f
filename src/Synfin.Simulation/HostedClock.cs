using Synfin.Runtime;
using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>
/// Virtual time in hosted mode, on a thread of its own. Time goes on to the next event when nothing can happen at the present instant and
/// the applications are quiet: since they were last told something, or last called, <see cref="SimulationOptions.QuietTime"/> has passed
/// without a call, and the process is at rest (<see cref="Quietness"/>). An event that tells no application anything, such as most ACKs,
/// needs no such pause.
/// </summary>
internal sealed class HostedClock : IDisposable
{
    /// <summary>How many times the quiet time may lie between two looks at a process that is not at rest.</summary>
    private const int LongestPause = 8;

    /// <summary>How many looks in a row must find nothing before it is said that nothing is left to happen.</summary>
    private const int LooksForIdle = 2;

    /// <summary>The same, where somebody waits for something that would then never come: a mistake would be a failure.</summary>
    private const int LooksForStall = 10;

    private const string NothingLeft = "nothing is left to happen, and what is waited for has not come";

    private readonly SimulatedNetwork _network;
    private readonly SharedGate _gate;
    private readonly Thread _thread;
    private readonly AutoResetEvent _poked = new(false);
    private readonly TimeSpan _quietTime;
    private readonly TimeSpan _maxQuietTime;
    private readonly List<TaskCompletionSource> _awaitingIdle = [];
    private readonly List<TaskCompletionSource> _awaitingTime = [];
    private readonly List<(Func<bool> Condition, Timestamp End, TaskCompletionSource Source)> _conditions = [];
    private Exception? _failure;
    private Timestamp _limit;
    private TimeSpan _pause;
    private int _holds;
    private int _looksAtIdle;
    private bool _isQuiet;
    private bool _hasEnded;
    private volatile bool _isParked;
    private volatile bool _isStopped;

    public HostedClock(SimulatedNetwork network, SharedGate gate)
    {
        _network = network;
        _gate = gate;
        _quietTime = network.Options.QuietTime;
        _maxQuietTime = network.Options.MaxQuietTime;
        _pause = _quietTime;
        _limit = network.Now + network.Options.MaxVirtualTime;
        _thread = new Thread(Run) { IsBackground = true, Name = "synfin clock" };
        _thread.Start();
    }

    /// <summary>At the gate: something happened; a clock that stands looks again.</summary>
    public void Poke()
    {
        if (_isParked) _poked.Set();
    }

    /// <summary>Whether it waits for somebody to come.</summary>
    public bool IsParked => _isParked;

    /// <summary>Completes when nothing is left to happen and the applications are quiet.</summary>
    public Task WhenIdle() => Await(_awaitingIdle.Add);

    /// <summary>
    /// Completes when a condition holds, which is asked at the gate whenever all is quiet and before time goes on; fails if nothing is left
    /// to happen, or at the end.
    /// </summary>
    public Task WhenTrue(Func<bool> condition, Timestamp end) => Await(source => _conditions.Add((condition, end, source)));

    /// <summary>Completes when it is that time.</summary>
    public Task WhenPassed(Timestamp time) => Await(source =>
    {
        _awaitingTime.Add(source);
        _network.At(time, () =>
        {
            _awaitingTime.Remove(source);
            source.TrySetResult();
        });
    });

    /// <summary>At the gate: time stands still.</summary>
    public IDisposable Hold()
    {
        _holds++;
        return new TimeHold(Release);
    }

    public void Dispose()
    {
        _isStopped = true;
        _poked.Set();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _poked.Dispose();
    }

    private void Release()
    {
        using StackGate.Visit visit = _gate.Enter("HoldTime");
        _holds--;
        Poke();
    }

    private void Run()
    {
        Quietness quietness = new();
        while (!_isStopped)
        {
            bool parks;
            using (_gate.EnterUnnoticed())
            {
                if (_gate.TakeNotice()) NoticeActivity(quietness);
                parks = TryAdvance();
                _isParked = parks && _isQuiet && !_isStopped;
            }
            if (_isParked)
            {
                // A condition may come true without a call to the network.
                _poked.WaitOne(_conditions.Count > 0 ? _maxQuietTime : Timeout.InfiniteTimeSpan);
                _isParked = false;
            }
            else if (!_isQuiet)
            {
                _poked.WaitOne(_pause);
                // Whoever came meanwhile has left notice.
                _isQuiet = !_gate.HasNotice && quietness.Check(_quietTime, _maxQuietTime, _gate.Owed);
                // A process that goes on for longer is not to be disturbed by who watches it.
                _pause = _pause < LongestPause * _quietTime ? 2 * _pause : _pause;
            }
        }
        End();
    }

    private void NoticeActivity(Quietness quietness)
    {
        _isQuiet = false;
        _looksAtIdle = 0;
        _pause = _quietTime;
        _limit = _network.Now + _network.Options.MaxVirtualTime;
        quietness.Restart();
    }

    /// <summary>A fault of the network itself ends it, and is thrown where somebody waits for the network.</summary>
    private bool TryAdvance()
    {
        try
        {
            return Advance();
        }
        catch (Exception failure)
        {
            _isStopped = true;
            _failure = failure;
            _network.Fail(failure);
            return true;
        }
    }

    /// <summary>Goes on as far as nobody is told anything.</summary>
    /// <returns>Whether nothing is to be done until somebody comes.</returns>
    private bool Advance()
    {
        while (_isQuiet && !_isStopped)
        {
            Timestamp next = _network.NextEvent;
            bool isTooLate = next.IsSet && next > _limit;
            if (AnswerConditions(next, isTooLate)) return false;
            if (!next.IsSet && ++_looksAtIdle < (_conditions.Count > 0 ? LooksForStall : LooksForIdle))
            {
                _isQuiet = false;
                return false;
            }
            if (!next.IsSet || isTooLate)
            {
                EndWaits(isTooLate ? _network.StalledHosted(TooLate(next)) : null);
                return true;
            }
            if (_holds > 0) return true;
            _looksAtIdle = 0;
            _network.StepTo(next);
            if (_gate.HasNotice) return false;
        }
        return false;
    }

    /// <returns>Whether somebody was told something.</returns>
    private bool AnswerConditions(Timestamp next, bool isTooLate)
    {
        bool told = false;
        for (int i = _conditions.Count - 1; i >= 0; i--)
        {
            (Func<bool> condition, Timestamp end, TaskCompletionSource source) = _conditions[i];
            if (condition()) source.TrySetResult();
            else if (!next.IsSet && _looksAtIdle + 1 >= LooksForStall) source.TrySetException(_network.StalledHosted(NothingLeft));
            else if (isTooLate || (next.IsSet && next > end)) source.TrySetException(_network.StalledHosted(TooLate(next)));
            else continue;
            _conditions.RemoveAt(i);
            told = true;
        }
        if (told) _gate.LeaveNotice();
        return told;
    }

    private void EndWaits(Exception? failure)
    {
        foreach (TaskCompletionSource source in _awaitingIdle)
        {
            if (failure is null) source.TrySetResult();
            else source.TrySetException(failure);
        }
        _awaitingIdle.Clear();
        if (failure is null) return;
        foreach (TaskCompletionSource source in _awaitingTime) source.TrySetException(failure);
        _awaitingTime.Clear();
    }

    private static string TooLate(Timestamp next) => $"the limit of virtual time passed; the next event is due at {next}";

    /// <summary>The thread is done: nobody is to wait for it, now or later.</summary>
    private void End()
    {
        using StackGate.Visit visit = _gate.EnterUnnoticed();
        _failure ??= new ObjectDisposedException(nameof(SimulatedNetwork));
        _hasEnded = true;
        EndWaits(_failure);
        foreach ((_, _, TaskCompletionSource source) in _conditions) source.TrySetException(_failure);
        _conditions.Clear();
    }

    private Task Await(Action<TaskCompletionSource> enter)
    {
        using StackGate.Visit visit = _gate.Enter("clock");
        if (_hasEnded) return Task.FromException(_failure!);
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        enter(source);
        Poke();
        return source.Task;
    }
}
