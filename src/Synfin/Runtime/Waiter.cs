using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Synfin.Runtime;

/// <summary>
/// One wait, as the source of a <see cref="ValueTask"/>; reusable. Its continuation always goes through a pipe scheduler: never inline, and
/// never to the thread pool, whatever the awaiting code asked for. All but the cancellation happens on the owner's thread.
/// </summary>
internal sealed class Waiter(WaiterPool pool, PipeScheduler inContext, PipeScheduler contextFree) : IValueTaskSource<int>, IValueTaskSource
{
    private IWaiterOwner? _owner;
    private Action<object?>? _continuation;
    private object? _state;
    private ExecutionContext? _executionContext;
    private CancellationTokenRegistration _registration;
    private Exception? _error;
    private int _result;
    private short _version;
    private bool _completed;
    private bool _contextFree;

    /// <summary>Changes with each use.</summary>
    public short Version => _version;

    /// <summary>The wait as a task with a count.</summary>
    public ValueTask<int> Count => new(this, _version);

    /// <summary>The wait as a task.</summary>
    public ValueTask Done => new(this, _version);

    /// <summary>The next one in a <see cref="WaiterQueue"/>.</summary>
    public Waiter? Next { get; set; }

    /// <summary>Begins a wait.</summary>
    public void Arm(IWaiterOwner owner, CancellationToken cancellationToken)
    {
        Debug.Assert(_owner is null && !_completed && _continuation is null);
        _owner = owner;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static (s, token) => ((Waiter)s!).RequestCancellation(token), this);
    }

    /// <summary>Ends the wait with a result.</summary>
    public void Succeed(int result)
    {
        _result = result;
        Complete();
    }

    /// <summary>Ends the wait with an exception.</summary>
    public void Fail(Exception error)
    {
        _error = error;
        Complete();
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token)
    {
        Verify(token);
        if (!_completed) return ValueTaskSourceStatus.Pending;
        return _error switch
        {
            null => ValueTaskSourceStatus.Succeeded,
            OperationCanceledException => ValueTaskSourceStatus.Canceled,
            _ => ValueTaskSourceStatus.Faulted,
        };
    }

    /// <inheritdoc/>
    public int GetResult(short token)
    {
        Verify(token);
        if (!_completed) throw new InvalidOperationException("The wait has not ended: await it, or ask for a Task with AsTask().");
        int result = _result;
        Exception? error = _error;
        Recycle();
        if (error is not null) ExceptionDispatchInfo.Throw(error);
        return result;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Verify(token);
        if (_continuation is not null) throw new InvalidOperationException("A ValueTask may be awaited only once.");
        _continuation = continuation;
        _state = state;
        // Without a context to come back to, plain and ConfigureAwait(false) are the same.
        _contextFree = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == 0
            || ReferenceEquals(TaskScheduler.Current, TaskScheduler.Default);
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0) _executionContext = ExecutionContext.Capture();
        if (_completed) ScheduleContinuation();
    }

    private void Complete()
    {
        Debug.Assert(_owner is not null && !_completed);
        // Waits for a cancellation that is being requested right now; after this none is.
        _registration.Dispose();
        _registration = default;
        _owner = null;
        _completed = true;
        if (_continuation is not null) ScheduleContinuation();
    }

    private void ScheduleContinuation()
    {
        PipeScheduler scheduler = _contextFree ? contextFree : inContext;
        if (_executionContext is null) scheduler.Schedule(_continuation!, _state);
        else scheduler.Schedule(static s => ((Waiter)s!).ContinueInExecutionContext(), this);
    }

    private void ContinueInExecutionContext()
    {
        // The continuation takes the result, which recycles this object: nothing of it is touched after the call.
        ExecutionContext.Run(_executionContext!, static s =>
        {
            var waiter = (Waiter)s!;
            waiter._continuation!(waiter._state);
        }, this);
    }

    /// <summary>May come on any thread, so the owner is asked to do it; by then the wait may be over.</summary>
    private void RequestCancellation(CancellationToken cancellationToken) =>
        contextFree.Schedule(static s => ((Cancellation)s!).Apply(), new Cancellation(this, _version, cancellationToken));

    private void Recycle()
    {
        unchecked { _version++; }
        _continuation = null;
        _state = null;
        _executionContext = null;
        _error = null;
        _result = 0;
        _completed = false;
        pool.Return(this);
    }

    private void Verify(short token)
    {
        if (token != _version) throw new InvalidOperationException("The ValueTask was awaited before: its result can be taken only once.");
    }

    private sealed class Cancellation(Waiter waiter, short version, CancellationToken cancellationToken)
    {
        public void Apply()
        {
            if (waiter._version != version || waiter._owner is not { } owner) return;
            owner.WaiterCancelled(waiter);
            waiter.Fail(new OperationCanceledException(cancellationToken));
        }
    }
}
