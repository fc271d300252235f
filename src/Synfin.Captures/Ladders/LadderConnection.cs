using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>A connection of a ladder.</summary>
/// <param name="Number">Its number among the connections of the two hosts, from 1.</param>
/// <param name="Tuple">Its addresses and ports, seen from the left host.</param>
/// <param name="LeftBase">What relative numbers of the left end count from: its SYN's sequence number; null if it sent nothing.</param>
/// <param name="RightBase">The same for the right end.</param>
/// <param name="Verdict">How it went.</param>
public sealed record LadderConnection(
    int Number, FourTuple Tuple, SequenceNumber? LeftBase, SequenceNumber? RightBase, LadderVerdict Verdict);
