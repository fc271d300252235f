namespace Synfin.Runtime;

/// <summary>
/// The gate of hosted mode: a lock, which any thread may take for the length of a call. Whoever leaves work behind does it before it goes
/// (a turn of the stack), as a thread does that calls into a kernel; what waited is told when the lock is free again.
/// </summary>
public sealed class SharedGate : StackGate
{
    private readonly Lock _lock = new();
    private readonly Action _settle;
    private SharedWaiter? _firstEnded;
    private SharedWaiter? _lastEnded;
    private int _depth;
    private bool _hasWork;
    private volatile bool _hasNotice;
    private int _told;
    private int _heard;

    /// <summary>A gate.</summary>
    /// <param name="settle">Does what <see cref="AddWork"/> announced; runs at the gate, and calls no application code.</param>
    public SharedGate(Action settle)
    {
        ArgumentNullException.ThrowIfNull(settle);
        _settle = settle;
    }

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <summary>Whether somebody came, or was told something, since <see cref="TakeNotice"/>: for those who wait for quiet.</summary>
    internal bool HasNotice => _hasNotice;

    /// <summary>Changes whenever somebody comes: for what stays the same during a visit, such as the time.</summary>
    internal long Visits { get; private set; }

    /// <summary>
    /// Whether <see cref="Owed"/> is counted, for those who wait for quiet; it costs an interlocked operation a wait. Set before use.
    /// </summary>
    internal bool CountsOwed { get; init; }

    /// <summary>Called when a visit is over and the gate is free. Set before use.</summary>
    internal Action? Left { get; init; }

    /// <summary>How many waits are over, and how many actions posted, whose code has not run yet: the thread pool owes it.</summary>
    internal int Owed => Volatile.Read(ref _told) - Volatile.Read(ref _heard);

    /// <summary>Something is left to do before the present visit ends.</summary>
    public void AddWork() => _hasWork = true;

    /// <summary>Comes as <see cref="StackGate.Enter"/> does, without leaving notice.</summary>
    internal Visit EnterUnnoticed()
    {
        _lock.Enter();
        if (++_depth == 1) Visits++;
        return new Visit(this);
    }

    /// <summary>At the gate: says <see cref="HasNotice"/>, and forgets it.</summary>
    internal bool TakeNotice()
    {
        bool hasNotice = _hasNotice;
        _hasNotice = false;
        return hasNotice;
    }

    /// <summary>At the gate: somebody was told something.</summary>
    internal void LeaveNotice() => _hasNotice = true;

    internal override void Come(string call)
    {
        _lock.Enter();
        if (++_depth != 1) return;
        Visits++;
        _hasNotice = true;
    }

    internal override void Leave()
    {
        if (_depth > 1)
        {
            _depth--;
            _lock.Exit();
            return;
        }
        SharedWaiter? ended = null;
        try
        {
            while (_hasWork)
            {
                _hasWork = false;
                _settle();
            }
        }
        finally
        {
            ended = _firstEnded;
            _firstEnded = _lastEnded = null;
            _depth--;
            _lock.Exit();
            Publish(ended);
            Left?.Invoke();
        }
    }

    internal override void Post(Action<object?> action, object? state)
    {
        _hasNotice = true;
        if (!CountsOwed)
        {
            ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
            return;
        }
        Interlocked.Increment(ref _told);
        ThreadPool.UnsafeQueueUserWorkItem(
            static s =>
            {
                Interlocked.Increment(ref s.Gate._heard);
                s.Action(s.State);
            },
            (Gate: this, Action: action, State: state),
            preferLocal: false);
    }

    /// <summary>Counts code that was given to the thread pool by somebody else; <see cref="Heard"/> says that it runs.</summary>
    internal void Told() => Interlocked.Increment(ref _told);

    /// <summary>Code that was owed runs.</summary>
    internal void Heard()
    {
        if (CountsOwed) Interlocked.Increment(ref _heard);
    }

    /// <summary>Runs an action on the thread pool, at the gate.</summary>
    internal void PostAtGate(Action<object?> action, object state) => Post(
        static s =>
        {
            var (gate, action, state) = ((SharedGate, Action<object?>, object))s!;
            using Visit visit = gate.Enter("cancellation");
            action(state);
        },
        (this, action, state));

    /// <summary>A wait is over; it is published when the gate is free.</summary>
    internal void Ended(SharedWaiter waiter)
    {
        _hasNotice = true;
        if (CountsOwed) Interlocked.Increment(ref _told);
        if (_lastEnded is null) _firstEnded = waiter;
        else _lastEnded.Next = waiter;
        _lastEnded = waiter;
    }

    private protected override Waiter RentIdle() => SharedWaiter.Rent(this);

    private static void Publish(SharedWaiter? waiter)
    {
        while (waiter is not null)
        {
            var next = (SharedWaiter?)waiter.Next;
            waiter.Next = null;
            waiter.Publish();
            waiter = next;
        }
    }
}
