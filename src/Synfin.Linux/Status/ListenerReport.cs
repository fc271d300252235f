namespace Synfin.Linux.Status;

/// <summary>A listener's numbers, of all shards together, as a status socket tells them.</summary>
public sealed record ListenerReport
{
    /// <summary>Where it listens: ADDRESS:PORT, and *:PORT for all addresses.</summary>
    public required string Local { get; init; }

    /// <summary>Connections that wait to be accepted.</summary>
    public int AcceptQueue { get; init; }

    /// <summary>Connections whose opening is under way.</summary>
    public int HalfOpen { get; init; }

    /// <summary>How many may be half-open.</summary>
    public int Backlog { get; init; }
}
