using System.Globalization;
using System.Text;
using Synfin.Runtime;
using Synfin.Timers;

namespace Synfin.Simulation;

public sealed partial class SimulatedNetwork
{
    private readonly EventQueue _events = new();
    private readonly EventTrail _trail;
    private readonly List<Exception> _expected = [];
    private int _failuresSeen;
    private int _happenedNow;
    private int? _thread;

    /// <summary>Starts application code that belongs to no host; see <see cref="SimulatedHost.Run(Func{Task})"/>.</summary>
    public Task Start(Func<Task> body)
    {
        using StackGate.Visit visit = Enter(nameof(Start));
        return Launch(body);
    }

    /// <summary>Starts application code that belongs to no host and has a result.</summary>
    public Task<T> Start<T>(Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        TaskCompletionSource<T> result = new();
        Observe(result.Task);
        Start(() => Complete(result, body));
        return result.Task;
    }

    /// <summary>Starts application code of a host; the same as <see cref="SimulatedHost.Run(Func{Task})"/>.</summary>
    public Task Start(SimulatedHost host, Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Network != this) throw new ArgumentException($"host {host.Name} belongs to another network", nameof(host));
        return host.Run(body);
    }

    /// <summary>
    /// Runs until nothing is left to happen: no packet, no timer, no application work. Time advances only when all that can happen now has
    /// happened.
    /// </summary>
    /// <param name="limit">Virtual time that this may take; null for <see cref="SimulationOptions.MaxVirtualTime"/>.</param>
    /// <exception cref="SimulationStalledException">The limit passed.</exception>
    /// <exception cref="AggregateException">Application code failed.</exception>
    public void RunUntilIdle(Duration? limit = null) => Drive(static () => false, limit, mustFinish: true, expectDone: false);

    /// <summary>Runs until a condition holds; it is asked whenever all that can happen at an instant has happened.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="limit">Virtual time that this may take; null for <see cref="SimulationOptions.MaxVirtualTime"/>.</param>
    /// <exception cref="SimulationStalledException">The limit passed, or nothing is left to happen.</exception>
    /// <exception cref="AggregateException">Application code failed.</exception>
    public void RunUntil(Func<bool> condition, Duration? limit = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        Drive(condition, limit, mustFinish: true, expectDone: true);
    }

    /// <summary>Runs for a time and leaves the clock at its end, whatever is left to happen.</summary>
    /// <exception cref="AggregateException">Application code failed.</exception>
    public void RunFor(Duration time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Duration.Zero);
        Timestamp end = Now + time;
        Drive(static () => false, time, mustFinish: false, expectDone: false);
        Now = Timestamp.Max(Now, end);
    }

    /// <summary>Runs until a task is complete, and throws what it threw.</summary>
    /// <param name="task">A task that was started here: an async method called directly would continue on other threads.</param>
    /// <param name="limit">Virtual time that this may take; null for <see cref="SimulationOptions.MaxVirtualTime"/>.</param>
    /// <exception cref="SimulationStalledException">The limit passed, or nothing is left to happen.</exception>
    /// <exception cref="AggregateException">Other application code failed.</exception>
    public void RunUntilComplete(Task task, Duration? limit = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        try
        {
            Drive(IsDone, limit, mustFinish: true, expectDone: true);
        }
        finally
        {
            ExpectFailureOf(task);
        }
        task.GetAwaiter().GetResult();

        bool IsDone()
        {
            ExpectFailureOf(task);
            return task.IsCompleted;
        }
    }

    /// <summary>Runs until a task is complete, and returns its result or throws what it threw.</summary>
    public T RunUntilComplete<T>(Task<T> task, Duration? limit = null)
    {
        RunUntilComplete((Task)task, limit);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Starts application code, runs until it is complete, and throws what it threw.</summary>
    public void RunUntilComplete(Func<Task> body, Duration? limit = null) => RunUntilComplete(Start(body), limit);

    /// <summary>Starts application code, runs until it is complete, and returns its result or throws what it threw.</summary>
    public T RunUntilComplete<T>(Func<Task<T>> body, Duration? limit = null) => RunUntilComplete(Start(body), limit);

    /// <summary>The time, the hosts with their connections and what is pending, for people.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"seed {Options.Seed}, time {Now}, events pending {_events.Count}").AppendLine();
        foreach (SimulatedHost host in _hosts) host.Describe(text);
        foreach (Faults.IFault fault in AllFaults) text.AppendLine(fault.Tally);
        text.AppendLine("last events:");
        _trail.WriteTo(text);
        return text.ToString();
    }

    /// <summary>Comes to the network, for as long as the visit lasts. In strict mode nobody else may run it meanwhile.</summary>
    internal StackGate.Visit Enter(string call)
    {
        if (Gate.IsShared) return Gate.Enter(call);
        VerifyThread(call);
        return new StackGate.Visit(Gate);
    }

    private void VerifyThread(string call)
    {
        if (_thread is not { } thread || thread == Environment.CurrentManagedThreadId) return;
        throw new InvalidOperationException(
            $"{call}: the simulation runs on another thread. Application code has left the simulation's scheduler: look for Task.Run, and "
            + "for ConfigureAwait(false) on a Channel, a SemaphoreSlim or a task that was completed by plain awaiting code.");
    }

    /// <summary>Runs code with a result as code without one, for the scheduler.</summary>
    internal static async Task Complete<T>(TaskCompletionSource<T> result, Func<Task<T>> body)
    {
        try
        {
            result.SetResult(await body().ConfigureAwait(true));
        }
        catch (OperationCanceledException e)
        {
            result.SetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            result.SetException(e);
            throw;
        }
    }

    internal void Schedule(SimulationEvent e, Timestamp at)
    {
        _events.Add(e, Timestamp.Max(at, Now));
        // A clock that stands because nothing is left to happen is to look again.
        if (Gate.IsShared && !_isDisposed) (_clock ?? Clock()).Poke();
    }

    /// <summary>An exception that is not to surface from Run methods: its task belongs to a crashed host.</summary>
    internal void Expect(Exception exception)
    {
        using StackGate.Visit visit = Enter("an expected failure");
        _expected.Add(exception);
    }

    private void Drive(Func<bool> isDone, Duration? limit, bool mustFinish, bool expectDone)
    {
        if (Gate.IsShared)
        {
            DriveHosted(isDone, limit, mustFinish, expectDone);
            return;
        }
        if (_thread is not null) throw new InvalidOperationException("the network runs already; application code awaits instead");
        Timestamp end = Now + (limit ?? Options.MaxVirtualTime);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            Scheduler.Run(() => Loop(isDone, end, mustFinish, expectDone));
        }
        finally
        {
            _thread = null;
        }
    }

    private void Loop(Func<bool> isDone, Timestamp end, bool mustFinish, bool expectDone)
    {
        while (true)
        {
            Settle();
            bool done = isDone();
            ThrowFailures();
            if (done) return;
            Timestamp next = NextTime();
            if (!next.IsSet)
            {
                if (expectDone) throw Stalled("nothing is left to happen, and what is waited for has not come");
                return;
            }
            if (next > end)
            {
                if (mustFinish) throw Stalled($"the limit of virtual time ({end}) passed; the next event is due at {next}");
                return;
            }
            if (next > Now)
            {
                Now = next;
                _happenedNow = 0;
            }
            DispatchEvents();
        }
    }

    /// <summary>All that is due now. Hosts only take their packets in; their turn comes when all have arrived.</summary>
    private void DispatchEvents()
    {
        while (_events.TryTake(Now, out SimulationEvent? e))
        {
            _trail.Add(Now, e!);
            e!.Happen();
            CountHappening();
        }
    }

    /// <summary>
    /// Turns as a shard runs them (deadlines, signals, application, output), until nobody has anything left to do at this instant.
    /// </summary>
    private void Settle()
    {
        bool isBusy = true;
        while (isBusy)
        {
            isBusy = false;
            for (int i = 0; i < _hosts.Count; i++) isBusy |= _hosts[i].BeginTurn(Now);
            if (!Gate.IsShared) isBusy |= Scheduler.RunReady();
            for (int i = 0; i < _hosts.Count; i++) isBusy |= _hosts[i].EndTurn(Now);
            if (!Gate.IsShared) isBusy |= Scheduler.HasWork;
            if (isBusy) CountHappening();
        }
    }

    private Timestamp NextTime()
    {
        Timestamp next = _events.NextTime;
        foreach (SimulatedHost host in _hosts) next = Timestamp.Min(next, host.NextDeadline);
        return next;
    }

    private void CountHappening()
    {
        if (++_happenedNow > Options.MaxEventsPerInstant)
        {
            throw Stalled($"more than {Options.MaxEventsPerInstant} events at the same instant: something goes round in circles");
        }
    }

    private SimulationStalledException Stalled(string what) => new($"{what}\n{Describe()}");

    private void ExpectFailureOf(Task task)
    {
        if (task.Exception is not { } exception) return;
        using StackGate.Visit visit = Enter("an expected failure");
        _expected.AddRange(exception.InnerExceptions);
    }

    private void ThrowFailures()
    {
        List<Exception>? failures = null;
        IReadOnlyList<Exception> all = Gate.IsShared ? _hostedFailures : Scheduler.Failures;
        for (; _failuresSeen < all.Count; _failuresSeen++)
        {
            Exception failure = all[_failuresSeen];
            if (!_expected.Exists(expected => ReferenceEquals(expected, failure))) (failures ??= []).Add(failure);
        }
        if (failures is not null) throw new AggregateException($"application code failed at {Now} (seed {Options.Seed})", failures);
    }
}
