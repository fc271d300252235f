using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Synfin.Runtime;

/// <summary>
/// Runs application code on the one thread that owns a stack: a task scheduler, and two pipe schedulers, over one FIFO queue that the
/// owner's loop empties with <see cref="RunReady"/>.
/// </summary>
/// <remarks>
/// <para>A plain <c>await</c> in code that runs here comes back here, whatever it waits for. After <c>ConfigureAwait(false)</c> code goes
/// on outside of the scheduler's context, on the same thread, as long as what it waits for completes there: Synfin's own awaitables
/// always do, and so do async methods that await those in the same way.</para>
/// <para>What leaves the thread: <c>ConfigureAwait(false)</c> over a task that is completed inside the scheduler's context (.NET then
/// queues the continuation to the thread pool), such as a library's over an application's callback; and over <c>Channel</c>,
/// <c>SemaphoreSlim</c> and other sources that run continuations asynchronously. A socket call that arrives that way throws and says
/// so.</para>
/// <para>Nothing runs inline: the continuation of a task that is completed here is queued behind what is queued already, so that the order
/// depends on nothing but the order of the calls.</para>
/// </remarks>
public sealed class OwnerScheduler : TaskScheduler
{
    /// <summary>The default of <see cref="MaxItemsPerRun"/>.</summary>
    public const int DefaultMaxItemsPerRun = 1_024;

    private static readonly Action<object?> _invoke = static action => ((Action)action!)();

    private readonly Queue<WorkItem> _ready = new();
    private readonly ConcurrentQueue<WorkItem> _fromOutside = new();
    private readonly List<Exception> _failures = [];
    private volatile int _ownerThread = Environment.CurrentManagedThreadId;
    private int _rung;
    private int _loops;
    private int _budget;
    private bool _draining;
    private Task? _frame;

    /// <summary>
    /// A scheduler owned by the thread that creates it, until another one calls <see cref="Run"/> or <see cref="TakeOwnership"/>.
    /// </summary>
    /// <param name="wake">See <see cref="Wake"/>.</param>
    public OwnerScheduler(Action? wake = null)
    {
        Wake = wake;
        Pipe = new OwnerPipeScheduler(this, contextFree: false);
        ContextFreePipe = new OwnerPipeScheduler(this, contextFree: true);
    }

    /// <summary>
    /// The same queue as a <see cref="PipeScheduler"/>: what it runs finds <see cref="TaskScheduler.Current"/> to be this scheduler.
    /// </summary>
    public PipeScheduler Pipe { get; }

    /// <summary>
    /// The same queue for continuations after <c>ConfigureAwait(false)</c>: what it runs finds the default scheduler, which lets .NET
    /// continue the callers on this thread instead of on the thread pool.
    /// </summary>
    public PipeScheduler ContextFreePipe { get; }

    /// <summary>
    /// The most items that one <see cref="RunReady"/> runs, so that busy application code cannot starve the network; at least 1.
    /// </summary>
    public int MaxItemsPerRun { get; init; } = DefaultMaxItemsPerRun;

    /// <summary>Called on another thread when it queued something and the owner may be asleep; rings once until the owner looks.</summary>
    public Action? Wake { get; set; }

    /// <summary>Whether the calling thread is the owner.</summary>
    public bool IsOwnerThread => Environment.CurrentManagedThreadId == _ownerThread;

    /// <summary>Whether <see cref="RunReady"/> has something to run.</summary>
    public bool HasWork => _ready.Count != 0 || !_fromOutside.IsEmpty;

    /// <summary>
    /// What the bodies of <see cref="Start"/> and posted actions threw, in order, cancellation apart; whether somebody awaits a started
    /// task or not. An exception that is expected is to be caught inside the body.
    /// </summary>
    public IReadOnlyList<Exception> Failures => _failures;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Makes the calling thread the owner.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside <see cref="Run"/>.</exception>
    public void TakeOwnership()
    {
        if (IsOwnerThread) return;
        if (Volatile.Read(ref _loops) != 0)
            throw new InvalidOperationException($"Thread {_ownerThread} runs this scheduler's loop. Stop that before another takes over.");
        _ownerThread = Environment.CurrentManagedThreadId;
    }

    /// <summary>
    /// Runs <paramref name="loop"/> on the calling thread, which becomes the owner, as a task of this scheduler; returns when it returns
    /// and throws what it throws.
    /// </summary>
    public void Run(Action loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        TakeOwnership();
        _loops++;
        try
        {
            Task task = new(loop, TaskCreationOptions.DenyChildAttach);
            RunFrame(task);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            _loops--;
        }
    }

    /// <summary>Runs what is queued, and what that queues, up to <see cref="MaxItemsPerRun"/> items.</summary>
    /// <returns>Whether something is left.</returns>
    public bool RunReady()
    {
        VerifyOwner(nameof(RunReady));
        if (_draining) throw new InvalidOperationException("RunReady was called by something that it runs. Await instead.");
        AdmitFromOutside();
        if (_ready.Count == 0) return false;
        _draining = true;
        _budget = MaxItemsPerRun;
        try
        {
            if (ReferenceEquals(Current, this)) RunItems();
            else RunFrame(new Task(static s => ((OwnerScheduler)s!).RunItems(), this, TaskCreationOptions.DenyChildAttach));
        }
        finally
        {
            _draining = false;
        }
        return HasWork;
    }

    /// <summary>Starts application code as a task of this scheduler; callable on any thread.</summary>
    /// <returns>The task, which ends as <paramref name="body"/> ends. See <see cref="Failures"/>.</returns>
    public Task Start(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Task.Factory.StartNew(() => Watch(body), CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();
    }

    /// <summary>Queues an action; callable on any thread.</summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Enqueue(new WorkItem(_invoke, action, ContextFree: false));
    }

    /// <summary>Queues an action with its argument; callable on any thread.</summary>
    public void Post(Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(action);
        Enqueue(new WorkItem(action, state, ContextFree: false));
    }

    internal void Post(Action<object?> action, object? state, bool contextFree) => Enqueue(new WorkItem(action, state, contextFree));

    /// <summary>Throws unless the calling thread is the owner.</summary>
    internal void VerifyOwner(string call)
    {
        if (IsOwnerThread) return;
        throw new InvalidOperationException(
            $"{call} was called on thread {Environment.CurrentManagedThreadId}, but the stack belongs to thread {_ownerThread}. "
            + "A stack is single-threaded: in strict mode only its owner may call it. Call from code begun with OwnerScheduler.Start, or "
            + "hand the call over with OwnerScheduler.Post. If that code was begun so, a ConfigureAwait(false) on the way, or something "
            + "that resumes on the thread pool, has left the owner's thread.");
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => Enqueue(new WorkItem(task, null, ContextFree: false));

    /// <summary>Only the frames of this scheduler itself run inline; see the remarks of the class.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        ReferenceEquals(task, _frame) && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        foreach (WorkItem item in _ready)
        {
            if (item.Target is Task task) yield return task;
        }
    }

    private void Enqueue(WorkItem item)
    {
        if (IsOwnerThread)
        {
            _ready.Enqueue(item);
            return;
        }
        _fromOutside.Enqueue(item);
        if (Interlocked.Exchange(ref _rung, 1) == 0) Wake?.Invoke();
    }

    /// <summary>Looks at the doorbell before the queue: what is queued later rings again.</summary>
    private void AdmitFromOutside()
    {
        if (Interlocked.Exchange(ref _rung, 0) == 0 && _fromOutside.IsEmpty) return;
        for (int count = _fromOutside.Count; count > 0 && _fromOutside.TryDequeue(out WorkItem item); count--) _ready.Enqueue(item);
    }

    /// <summary>Runs a task of our own at once. A synchronisation context, as test runners have, would lead continuations away.</summary>
    private void RunFrame(Task frame)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _frame = frame;
        try
        {
            frame.RunSynchronously(this);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void RunItems()
    {
        while (_budget > 0 && _ready.TryPeek(out WorkItem item))
        {
            if (item.ContextFree)
            {
                const TaskCreationOptions Options = TaskCreationOptions.HideScheduler | TaskCreationOptions.DenyChildAttach;
                RunFrame(new Task(static s => ((OwnerScheduler)s!).RunContextFreeItems(), this, Options));
                continue;
            }
            Execute(_ready.Dequeue());
        }
    }

    private void RunContextFreeItems()
    {
        while (_budget > 0 && _ready.TryPeek(out WorkItem item) && item.ContextFree) Execute(_ready.Dequeue());
    }

    private void Execute(WorkItem item)
    {
        _budget--;
        if (item.Target is Task task)
        {
            TryExecuteTask(task);
            return;
        }
        try
        {
            ((Action<object?>)item.Target)(item.State);
        }
        catch (Exception e)
        {
            _failures.Add(e);
        }
    }

    private async Task Watch(Func<Task> body)
    {
        try
        {
            // The context is captured on purpose: the failure is recorded on the owner's thread.
            await body().ConfigureAwait(true);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _failures.Add(e);
            throw;
        }
    }

    private readonly record struct WorkItem(object Target, object? State, bool ContextFree);
}
