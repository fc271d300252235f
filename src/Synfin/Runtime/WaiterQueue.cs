using System.Diagnostics.CodeAnalysis;

namespace Synfin.Runtime;

/// <summary>Waiters in the order in which they came, linked through themselves. Mutable: keep it in a field that is not readonly.</summary>
internal struct WaiterQueue
{
    private Waiter? _first;
    private Waiter? _last;

    /// <summary>Whether nobody waits.</summary>
    public readonly bool IsEmpty => _first is null;

    /// <summary>Adds a waiter at the end.</summary>
    public void Enqueue(Waiter waiter)
    {
        if (_last is null) _first = waiter;
        else _last.Next = waiter;
        _last = waiter;
    }

    /// <summary>Takes the waiter that came first.</summary>
    public bool TryDequeue([NotNullWhen(true)] out Waiter? waiter)
    {
        waiter = _first;
        if (waiter is null) return false;
        Unlink(null, waiter);
        return true;
    }

    /// <summary>Takes a waiter out, if it is here.</summary>
    public bool Remove(Waiter waiter)
    {
        Waiter? previous = null;
        for (Waiter? at = _first; at is not null; previous = at, at = at.Next)
        {
            if (!ReferenceEquals(at, waiter)) continue;
            Unlink(previous, at);
            return true;
        }
        return false;
    }

    /// <summary>Ends all waits well.</summary>
    public void SucceedAll()
    {
        while (TryDequeue(out Waiter? waiter)) waiter.Succeed(0);
    }

    private void Unlink(Waiter? previous, Waiter waiter)
    {
        if (previous is null) _first = waiter.Next;
        else previous.Next = waiter.Next;
        if (ReferenceEquals(_last, waiter)) _last = previous;
        waiter.Next = null;
    }
}
