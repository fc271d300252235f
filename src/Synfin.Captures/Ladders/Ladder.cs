using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>
/// A sequence diagram of what two hosts did to each other: rows in the order of time, states of both ends in each, and a verdict for
/// each connection. <see cref="LadderRecorder.Build"/> makes it; <see cref="TextLadderRenderer"/> and <see cref="JsonLadderRenderer"/>
/// show it.
/// </summary>
public sealed class Ladder
{
    /// <summary>The left host's name.</summary>
    public required string Left { get; init; }

    /// <summary>The right host's name.</summary>
    public required string Right { get; init; }

    /// <summary>When the first row happened; times are shown relative to it.</summary>
    public required Timestamp Start { get; init; }

    /// <summary>Whether sequence numbers are shown as on the wire.</summary>
    public required bool Absolute { get; init; }

    /// <summary>The connections, in the order of their appearance.</summary>
    public required IReadOnlyList<LadderConnection> Connections { get; init; }

    /// <summary>The rows.</summary>
    public required IReadOnlyList<LadderRow> Rows { get; init; }

    /// <summary>How many events came after the recorder was full and are missing here.</summary>
    public long Missing { get; init; }
}
