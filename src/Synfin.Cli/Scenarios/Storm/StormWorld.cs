using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>One world of the storm: a network, what goes wrong in it, and what two hosts do there. A pure function of its seed.</summary>
internal sealed record StormWorld
{
    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Host a's options.</summary>
    public required StackOptions A { get; init; }

    /// <summary>Host b's options.</summary>
    public required StackOptions B { get; init; }

    /// <summary>The link at host a.</summary>
    public required SimulatedLinkOptions Link { get; init; }

    /// <summary>A switch and a second link with this MTU stand between; null for none.</summary>
    public int? NarrowMtu { get; init; }

    /// <summary>The hosts use IPv6.</summary>
    public bool IsIpv6 { get; init; }

    /// <summary>The middleboxes.</summary>
    public IReadOnlyList<StormMiddlebox> Middleboxes { get; init; } = [];

    /// <summary>Times at which nothing passes, from the beginning.</summary>
    public IReadOnlyList<StormPartition> Partitions { get; init; } = [];

    /// <summary>Hosts that fail.</summary>
    public IReadOnlyList<StormCrash> Crashes { get; init; } = [];

    /// <summary>The first connection's ISN at one end is this; null leaves it to chance.</summary>
    public StormIsn? Isn { get; init; }

    /// <summary>The backlog of both listeners.</summary>
    public int Backlog { get; init; } = 16;

    /// <summary>What listeners' connections start with.</summary>
    public TcpConnectionOptions Accepted { get; init; } = new();

    /// <summary>The connections.</summary>
    public required IReadOnlyList<StormConnection> Connections { get; init; }
}

/// <summary>A time without a network.</summary>
/// <param name="From">When it begins.</param>
/// <param name="For">How long; null for ever.</param>
/// <param name="Directions">Where nothing passes.</param>
internal sealed record StormPartition(Duration From, Duration? For, LinkDirections Directions);

/// <summary>A host fails.</summary>
/// <param name="Host">Which: a or b.</param>
/// <param name="At">When.</param>
/// <param name="RestartsAfter">When it comes back; null for never.</param>
internal sealed record StormCrash(string Host, Duration At, Duration? RestartsAfter);

/// <summary>Where an ISN lies.</summary>
/// <param name="Host">Whose: a or b.</param>
/// <param name="Value">The number.</param>
internal sealed record StormIsn(string Host, uint Value);

/// <summary>Which middlebox stands where.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Directions">In which directions.</param>
/// <param name="Value">The MSS of a clamp, the one-of of a thinner, the milliseconds of a duplicator.</param>
internal sealed record StormMiddlebox(StormMiddleboxKind Kind, LinkDirections Directions, int Value);

/// <summary>The middleboxes of the storm.</summary>
internal enum StormMiddleboxKind
{
    /// <summary>No timestamps on SYNs.</summary>
    StripTimestamps,

    /// <summary>No SACK-permitted on SYNs.</summary>
    StripSack,

    /// <summary>No window scale on SYNs.</summary>
    StripWindowScale,

    /// <summary>No option at all on SYNs.</summary>
    StripAll,

    /// <summary>A smaller MSS.</summary>
    ClampMss,

    /// <summary>Fewer ACKs.</summary>
    ThinAcks,

    /// <summary>Segments cut in two.</summary>
    Split,

    /// <summary>Segments joined.</summary>
    Join,

    /// <summary>SYN,ACKs twice.</summary>
    DuplicateSynAck,
}
