namespace Synfin.Runtime;

/// <summary>Whoever keeps a <see cref="Waiter"/> until there is something to tell it.</summary>
internal interface IWaiterOwner
{
    /// <summary>The waiter was cancelled: forget it, it may soon serve somebody else.</summary>
    void WaiterCancelled(Waiter waiter);
}
