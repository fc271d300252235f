using System.IO.Pipelines;

namespace Synfin.Runtime;

/// <summary>The waiters of one gate: there are as many as there are waits, and a few idle ones for the next.</summary>
/// <param name="inContext">Runs continuations of a plain <c>await</c>.</param>
/// <param name="contextFree">Runs continuations after <c>ConfigureAwait(false)</c>.</param>
internal sealed class WaiterPool(PipeScheduler inContext, PipeScheduler contextFree)
{
    /// <summary>The most idle waiters that are kept.</summary>
    public const int MaxIdle = 1_024;

    private readonly Stack<Waiter> _idle = new();

    /// <summary>How many idle waiters there are.</summary>
    public int IdleCount => _idle.Count;

    /// <summary>A waiter that is not armed yet.</summary>
    public Waiter RentIdle() => _idle.TryPop(out Waiter? waiter) ? waiter : new OwnerWaiter(this, inContext, contextFree);

    /// <summary>Called by a waiter whose result was taken.</summary>
    public void Return(Waiter waiter)
    {
        if (_idle.Count < MaxIdle) _idle.Push(waiter);
    }
}
