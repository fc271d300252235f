using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>One connection of a storm.</summary>
internal sealed record StormConnection
{
    /// <summary>Its number, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Host b opens it, not a.</summary>
    public bool OpenedByB { get; init; }

    /// <summary>Both open it at the same port: the peer's OPEN comes so much later. Null for a listener.</summary>
    public Duration? SimultaneousAfter { get; init; }

    /// <summary>When it is opened: after the beginning, or with <see cref="FollowsLast"/> after the last one's client is done.</summary>
    public Duration Start { get; init; }

    /// <summary>It has the ports of the connection before it, and comes after it.</summary>
    public bool FollowsLast { get; init; }

    /// <summary>What the opening side starts with.</summary>
    public TcpConnectionOptions Options { get; init; } = new();

    /// <summary>What the side that opens does.</summary>
    public required StormSide Client { get; init; }

    /// <summary>What the other side does.</summary>
    public required StormSide Server { get; init; }
}

/// <summary>What one side's application does.</summary>
internal sealed record StormSide
{
    /// <summary>Octets to write.</summary>
    public int Amount { get; init; }

    /// <summary>The longest write in octets.</summary>
    public int LongestWrite { get; init; } = 65_536;

    /// <summary>The longest read in octets.</summary>
    public int LongestRead { get; init; } = 65_536;

    /// <summary>The probability of a pause after a write or a read.</summary>
    public double PauseChance { get; init; }

    /// <summary>The longest pause.</summary>
    public Duration LongestPause { get; init; }

    /// <summary>Some writes are urgent, some options change on the way, some reads are cancelled and tried again.</summary>
    public bool IsFickle { get; init; }

    /// <summary>How it ends.</summary>
    public StormEnding Ending { get; init; }

    /// <summary>Whether it watches the end after CLOSE.</summary>
    public bool WaitsForEnd { get; init; }

    /// <summary>It aborts so long after it was connected; null for never.</summary>
    public Duration? AbortAfter { get; init; }

    /// <summary>Whether its stream is to arrive whole, and the peer's is to be read whole.</summary>
    public bool IsCivil => Ending is StormEnding.HalfClose or StormEnding.AfterPeer && AbortAfter is null;
}

/// <summary>How an application ends its connection.</summary>
internal enum StormEnding
{
    /// <summary>Half-close after the last write, CLOSE after the peer's last octet.</summary>
    HalfClose,

    /// <summary>Half-close only after the peer's end.</summary>
    AfterPeer,

    /// <summary>CLOSE after the last write, whatever the peer still sends.</summary>
    Cut,

    /// <summary>CLOSE in the middle of reading.</summary>
    StopReading,
}
