using Synfin.Runtime;
using Synfin.Timers;

namespace Synfin.Simulation;

public sealed partial class SimulatedNetwork
{
    private readonly List<Exception> _hostedFailures = [];
    private HostedClock? _clock;
    private bool _isDisposed;

    /// <summary>
    /// A hosted network of two hosts; see <see cref="TwoHosts(ulong, SimulatedLinkOptions?)"/> and <see cref="SimulationMode"/>.
    /// </summary>
    public static SimulatedNetwork HostedTwoHosts(ulong seed = 1, SimulatedLinkOptions? link = null) =>
        TwoHosts(SimulationOptions.ForTests with { Seed = seed, Mode = SimulationMode.Hosted }, link);

    /// <summary>
    /// Hosted mode: virtual time stands still until the hold is disposed of, for work that the network does not see, such as a handler's
    /// query of a real database. Holds may overlap. In strict mode time stands still anyhow while code runs.
    /// </summary>
    public IDisposable HoldTime()
    {
        using StackGate.Visit visit = Enter(nameof(HoldTime));
        return Gate.IsShared ? Clock().Hold() : TimeHold.None;
    }

    /// <summary>
    /// Hosted mode: waits until nothing is left to happen and the applications are quiet; the strict-mode counterpart is
    /// <see cref="RunUntilIdle"/>, which hosted mode has too, as a call that blocks.
    /// </summary>
    /// <exception cref="SimulationStalledException">The limit of virtual time passed.</exception>
    /// <exception cref="AggregateException">Application code that was started here failed.</exception>
    public async Task RunUntilIdleAsync(CancellationToken ct = default)
    {
        if (!Gate.IsShared)
        {
            RunUntilIdle();
            return;
        }
        await Clock().WhenIdle().WaitAsync(ct).ConfigureAwait(false);
        CheckFailures();
    }

    /// <summary>
    /// Stops the network. Hosted mode: the clock's thread ends, and whatever an application still waits for on this network fails.
    /// </summary>
    public void Dispose()
    {
        HostedClock? clock;
        using (Enter(nameof(Dispose)))
        {
            if (_isDisposed) return;
            _isDisposed = true;
            clock = _clock;
            if (Gate.IsShared)
            {
                foreach (SimulatedHost host in _hosts) host.Stop();
            }
        }
        clock?.Dispose();
    }

    /// <summary>A host has something to do at this instant.</summary>
    internal void HasWork()
    {
        if (Gate is SharedGate gate) gate.AddWork();
    }

    /// <summary>Starts application code where the mode has it run.</summary>
    internal Task Launch(Func<Task> body)
    {
        if (Gate is SharedGate gate) gate.Told();
        Task task = Gate.IsShared ? Task.Run(() => WatchHosted(body)) : Scheduler.Start(body);
        Observe(task);
        return task;
    }

    /// <summary>
    /// A failure of application code surfaces from the Run methods: it is observed, whether anybody awaits its task or not.
    /// </summary>
    internal static void Observe(Task task) => task.ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Whether the hosted clock waits for somebody to come.</summary>
    internal bool ClockStands => _clock is { IsParked: true };

    /// <summary>When something happens next; for the clock, at the gate.</summary>
    internal Timestamp NextEvent => NextTime();

    /// <summary>Lets time come to the next event and that happen; for the clock, at the gate.</summary>
    internal void StepTo(Timestamp time)
    {
        Now = Timestamp.Max(Now, time);
        SettleHosted();
    }

    /// <summary>Something failed that no application called; for the clock, at the gate.</summary>
    internal void Fail(Exception failure) => _hostedFailures.Add(failure);

    internal SimulationStalledException StalledHosted(string what) => Stalled(what);

    /// <summary>All that can happen at this instant does.</summary>
    private void SettleHosted()
    {
        _happenedNow = 0;
        Settle();
        while (NextTime() <= Now)
        {
            DispatchEvents();
            Settle();
        }
        if (!_isDisposed) Clock().Poke();
    }

    private HostedClock Clock()
    {
        using StackGate.Visit visit = Enter("clock");
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _clock ??= new HostedClock(this, (SharedGate)Gate);
    }

    private async Task WatchHosted(Func<Task> body)
    {
        ((SharedGate)Gate).Heard();
        try
        {
            await body().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            using (Enter("an application's failure")) _hostedFailures.Add(e);
            throw;
        }
    }

    private void CheckFailures()
    {
        using StackGate.Visit visit = Enter("failures");
        ThrowFailures();
    }

    /// <summary>The Run methods in hosted mode: the clock runs by itself, so the caller just waits.</summary>
    private void DriveHosted(Func<bool> isDone, Duration? limit, bool mustFinish, bool expectDone)
    {
        Timestamp end = Now + (limit ?? Options.MaxVirtualTime);
        Task over = expectDone ? Clock().WhenTrue(isDone, end) : mustFinish ? Clock().WhenIdle() : Clock().WhenPassed(end);
        over.GetAwaiter().GetResult();
        CheckFailures();
    }
}
