namespace Synfin.Runtime;

/// <summary>The gate of strict mode: only the thread that owns the scheduler comes in, and what waits continues there.</summary>
public sealed class OwnerGate : StackGate
{
    private readonly WaiterPool _waiters;

    /// <summary>The gate of all stacks whose applications run on a scheduler.</summary>
    public OwnerGate(OwnerScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        Scheduler = scheduler;
        _waiters = new WaiterPool(scheduler.Pipe, scheduler.ContextFreePipe);
    }

    /// <summary>Runs the applications.</summary>
    public OwnerScheduler Scheduler { get; }

    /// <inheritdoc/>
    public override bool IsShared => false;

    internal override void Come(string call) => Scheduler.VerifyOwner(call);

    internal override void Leave()
    {
    }

    internal override void Post(Action<object?> action, object? state) => Scheduler.Post(action, state);

    private protected override Waiter RentIdle() => _waiters.RentIdle();
}
