namespace Synfin.Runtime;

/// <summary>
/// Who may be at a stack, and where waiting code continues. The engine has no locks: its gate lets one at a time to it. Strict mode
/// (<see cref="OwnerGate"/>) knows one thread and turns all others away; hosted mode (<see cref="SharedGate"/>) lets every thread in, one
/// after the other.
/// </summary>
public abstract class StackGate
{
    /// <summary>Whether every thread may come.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Comes to the stack, for as long as the visit lasts. Visits may be nested.</summary>
    /// <param name="call">What for, for the message of a call that is turned away.</param>
    /// <exception cref="InvalidOperationException">Strict mode: the calling thread does not own the stack.</exception>
    public Visit Enter(string call)
    {
        Come(call);
        return new Visit(this);
    }

    internal abstract void Come(string call);

    internal abstract void Leave();

    /// <summary>A waiter for <paramref name="owner"/>; at the gate.</summary>
    internal Waiter Rent(IWaiterOwner owner, CancellationToken cancellationToken)
    {
        Waiter waiter = RentIdle();
        waiter.Arm(owner, cancellationToken);
        return waiter;
    }

    /// <summary>Runs application code soon, but not here.</summary>
    internal abstract void Post(Action<object?> action, object? state);

    private protected abstract Waiter RentIdle();

    /// <summary>The time that somebody is at the stack.</summary>
    public readonly ref struct Visit(StackGate gate)
    {
        /// <summary>Leaves.</summary>
        public void Dispose() => gate.Leave();
    }
}
