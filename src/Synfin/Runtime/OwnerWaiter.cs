using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Synfin.Runtime;

/// <summary>
/// A wait in strict mode. Its continuation always goes through a pipe scheduler: never inline, and never to the thread pool, whatever the
/// awaiting code asked for. All but the cancellation happens on the owner's thread.
/// </summary>
internal sealed class OwnerWaiter(WaiterPool pool, PipeScheduler inContext, PipeScheduler contextFree) : Waiter
{
    private Action<object?>? _continuation;
    private object? _state;
    private ExecutionContext? _executionContext;
    private Exception? _error;
    private int _result;
    private short _version;
    private bool _completed;
    private bool _contextFree;

    /// <inheritdoc/>
    public override short Version => _version;

    /// <inheritdoc/>
    public override void Succeed(int result)
    {
        _result = result;
        Complete();
    }

    /// <inheritdoc/>
    public override void Fail(Exception error)
    {
        _error = error;
        Complete();
    }

    /// <inheritdoc/>
    public override ValueTaskSourceStatus GetStatus(short token)
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
    public override int GetResult(short token)
    {
        Verify(token);
        if (!_completed) throw new InvalidOperationException("The wait has not ended: await it, or ask for a Task with AsTask().");
        int result = _result;
        Exception? error = _error;
        Recycle();
        if (error is not null) ExceptionDispatchInfo.Throw(error);
        return result;
    }

    /// <inheritdoc/>
    public override void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
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

    /// <inheritdoc/>
    protected override void PostCancellation(Action<object?> action, object state) => contextFree.Schedule(action, state);

    private void Complete()
    {
        Debug.Assert(!_completed);
        Disarm();
        _completed = true;
        if (_continuation is not null) ScheduleContinuation();
    }

    private void ScheduleContinuation()
    {
        PipeScheduler scheduler = _contextFree ? contextFree : inContext;
        if (_executionContext is null) scheduler.Schedule(_continuation!, _state);
        else scheduler.Schedule(static s => ((OwnerWaiter)s!).ContinueInExecutionContext(), this);
    }

    private void ContinueInExecutionContext()
    {
        // The continuation takes the result, which recycles this object: nothing of it is touched after the call.
        ExecutionContext.Run(_executionContext!, static s =>
        {
            var waiter = (OwnerWaiter)s!;
            waiter._continuation!(waiter._state);
        }, this);
    }

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
}
