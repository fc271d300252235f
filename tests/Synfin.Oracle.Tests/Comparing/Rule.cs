namespace Synfin.Oracle.Tests.Comparing;

/// <summary>A difference that is meant, and listed in docs/linux-differences.md under the same name.</summary>
/// <param name="Name">The heading there.</param>
/// <param name="Allows">Whether it is this difference and no other.</param>
/// <param name="GoesOn">Whether both hosts know the same thereafter, so that the rest can be compared.</param>
internal sealed record Rule(string Name, Func<Difference, bool> Allows, bool GoesOn = false);
