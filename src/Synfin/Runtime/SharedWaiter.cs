using System.Threading.Tasks.Sources;

namespace Synfin.Runtime;

/// <summary>
/// A wait in hosted mode. It ends when the gate is free again; its continuation runs where the awaiting code asked for: in its context, or
/// on the thread pool, never inline.
/// </summary>
internal sealed class SharedWaiter : Waiter
{
    /// <summary>The most idle waiters that a thread keeps.</summary>
    private const int MaxIdle = 32;

    [ThreadStatic]
    private static Waiter? _idle;

    [ThreadStatic]
    private static int _idleCount;

    private ManualResetValueTaskSourceCore<int> _core = new() { RunContinuationsAsynchronously = true };
    private SharedGate _gate;
    private Exception? _error;
    private int _result;

    private SharedWaiter(SharedGate gate) => _gate = gate;

    /// <inheritdoc/>
    public override short Version => _core.Version;

    /// <summary>A waiter whose wait ends at a gate.</summary>
    public static SharedWaiter Rent(SharedGate gate)
    {
        if (_idle is not SharedWaiter waiter) return new SharedWaiter(gate);
        _idle = waiter.Next;
        _idleCount--;
        waiter.Next = null;
        waiter._gate = gate;
        return waiter;
    }

    /// <inheritdoc/>
    public override void Succeed(int result)
    {
        Disarm();
        _result = result;
        _gate.Ended(this);
    }

    /// <inheritdoc/>
    public override void Fail(Exception error)
    {
        Disarm();
        _error = error;
        _gate.Ended(this);
    }

    /// <summary>Tells who awaits it. Called without the gate; nothing of the waiter is to be touched afterwards.</summary>
    public void Publish()
    {
        if (_error is { } error) _core.SetException(error);
        else _core.SetResult(_result);
    }

    /// <inheritdoc/>
    public override ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public override int GetResult(short token)
    {
        bool isMine = token == _core.Version && _core.GetStatus(token) is not ValueTaskSourceStatus.Pending;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (isMine) Recycle();
        }
    }

    /// <inheritdoc/>
    public override void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void PostCancellation(Action<object?> action, object state) => _gate.PostAtGate(action, state);

    private void Recycle()
    {
        _gate.Heard();
        _core.Reset();
        _error = null;
        if (_idleCount >= MaxIdle) return;
        Next = _idle;
        _idle = this;
        _idleCount++;
    }
}
