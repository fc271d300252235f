namespace Synfin.Determinism;

/// <summary>How a world went.</summary>
/// <param name="Seed">Which one.</param>
/// <param name="Hash">The fingerprint of its packets, states and timers, and of what its applications saw.</param>
/// <param name="Broken">The promises that were broken; none if all is well.</param>
/// <param name="Sides">How many ends of connections applications had in their hands.</param>
/// <param name="Octets">How many octets they read.</param>
/// <param name="Summary">What each of them saw, for people.</param>
public sealed record StormOutcome(
    ulong Seed, ulong Hash, IReadOnlyList<string> Broken, int Sides, long Octets, IReadOnlyList<string> Summary);
