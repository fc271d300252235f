using Synfin.Runtime;

namespace Synfin.Dns;

/// <summary>A question that is with the servers or waits for its turn, and all who want its answer. To be used at the gate.</summary>
internal sealed class DnsLookup(DnsResolver resolver, in DnsQuestion question, DnsOptions options, DnsServer[] servers, int first)
    : IWaiterOwner
{
    private readonly DnsResolver _resolver = resolver;
    private WaiterQueue _waiters;
    private CancellationTokenSource? _exchange;

    /// <summary>What is asked.</summary>
    public DnsQuestion Question { get; } = question;

    /// <summary>The options when it began.</summary>
    public DnsOptions Options { get; } = options;

    /// <summary>The servers when it began.</summary>
    public IReadOnlyList<DnsServer> Servers { get; } = servers;

    /// <summary>The server that is asked first.</summary>
    public int First { get; } = first;

    /// <summary>Whether nobody wants the answer any more.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>The answer, when it is there.</summary>
    public DnsOutcome? Outcome { get; private set; }

    /// <summary>Someone waits for the answer.</summary>
    public ValueTask Wait(StackGate gate, CancellationToken ct)
    {
        Waiter waiter = gate.Rent(this, ct);
        _waiters.Enqueue(waiter);
        return waiter.Done;
    }

    /// <summary>The answer is there.</summary>
    public void Complete(DnsOutcome outcome)
    {
        Outcome = outcome;
        _waiters.SucceedAll();
    }

    /// <summary>There will be no answer.</summary>
    public void Fail(Exception error)
    {
        while (_waiters.TryDequeue(out Waiter? waiter)) waiter.Fail(error);
    }

    /// <summary>A server is asked; <see cref="Abandon"/> ends that.</summary>
    public void Begin(CancellationTokenSource exchange) => _exchange = exchange;

    /// <summary>The server was asked.</summary>
    public void End() => _exchange = null;

    /// <summary>Nobody wants the answer any more.</summary>
    public void Abandon()
    {
        IsAbandoned = true;
        _exchange?.Cancel();
    }

    void IWaiterOwner.WaiterCancelled(Waiter waiter)
    {
        _waiters.Remove(waiter);
        if (_waiters.IsEmpty && Outcome is null) _resolver.Forget(this);
    }
}
