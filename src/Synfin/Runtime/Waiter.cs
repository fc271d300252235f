using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Synfin.Runtime;

/// <summary>
/// One wait, as the source of a <see cref="ValueTask"/>; reusable. It is completed at the stack's gate; where its continuation runs is what
/// the two kinds differ in.
/// </summary>
internal abstract class Waiter : IValueTaskSource<int>, IValueTaskSource
{
    private IWaiterOwner? _owner;
    private CancellationTokenRegistration _registration;

    /// <summary>Changes with each use.</summary>
    public abstract short Version { get; }

    /// <summary>The wait as a task with a count.</summary>
    public ValueTask<int> Count => new(this, Version);

    /// <summary>The wait as a task.</summary>
    public ValueTask Done => new(this, Version);

    /// <summary>The next one in a queue.</summary>
    public Waiter? Next { get; set; }

    /// <summary>Begins a wait.</summary>
    public void Arm(IWaiterOwner owner, CancellationToken cancellationToken)
    {
        Debug.Assert(_owner is null);
        _owner = owner;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static (s, token) => ((Waiter)s!).RequestCancellation(token), this);
    }

    /// <summary>Ends the wait with a result.</summary>
    public abstract void Succeed(int result);

    /// <summary>Ends the wait with an exception.</summary>
    public abstract void Fail(Exception error);

    /// <inheritdoc/>
    public abstract ValueTaskSourceStatus GetStatus(short token);

    /// <inheritdoc/>
    public abstract int GetResult(short token);

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <inheritdoc/>
    public abstract void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags);

    /// <summary>Runs an action soon, at the gate.</summary>
    protected abstract void PostCancellation(Action<object?> action, object state);

    /// <summary>The wait has its end: no cancellation comes any more.</summary>
    protected void Disarm()
    {
        Debug.Assert(_owner is not null);
        // Waits for a cancellation that is being requested right now, which only posts.
        _registration.Dispose();
        _registration = default;
        _owner = null;
    }

    /// <summary>May come on any thread, so the gate is asked for first; by then the wait may be over.</summary>
    private void RequestCancellation(CancellationToken cancellationToken) =>
        PostCancellation(static s => ((Cancellation)s!).Apply(), new Cancellation(this, Version, cancellationToken));

    private sealed class Cancellation(Waiter waiter, short version, CancellationToken cancellationToken)
    {
        public void Apply()
        {
            if (waiter.Version != version || waiter._owner is not { } owner) return;
            owner.WaiterCancelled(waiter);
            waiter.Fail(new OperationCanceledException(cancellationToken));
        }
    }
}
