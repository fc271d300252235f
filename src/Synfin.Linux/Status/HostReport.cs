namespace Synfin.Linux.Status;

/// <summary>A running host and what it counted, as its status socket tells it.</summary>
public sealed record HostReport
{
    /// <summary>The device's name.</summary>
    public required string Device { get; init; }

    /// <summary>The process.</summary>
    public int ProcessId { get; init; }

    /// <summary>What the process does, such as "synfin serve".</summary>
    public string Program { get; init; } = "";

    /// <summary>For how many seconds the host has run.</summary>
    public double UptimeSeconds { get; init; }

    /// <summary>The host's addresses.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>How many shards it has.</summary>
    public int Shards { get; init; }

    /// <summary>How many connections, listeners and compact entries are in each state; states without any are left out.</summary>
    public IReadOnlyDictionary<string, long> States { get; init; } = new SortedDictionary<string, long>();

    /// <summary>What was counted, of all shards together.</summary>
    public CounterReport Counters { get; init; } = new();

    /// <summary>How many arriving packets were not acted on, by reason; reasons without any are left out.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new SortedDictionary<string, long>();

    /// <summary>Pages of buffers in use.</summary>
    public long PagesInUse { get; init; }

    /// <summary>How many connections are not listed because there are too many.</summary>
    public long Unlisted { get; init; }

    /// <summary>The connections.</summary>
    public IReadOnlyList<ConnectionReport> Connections { get; init; } = [];

    /// <summary>The listeners.</summary>
    public IReadOnlyList<ListenerReport> Listeners { get; init; } = [];
}
