namespace Synfin.Proof;

/// <summary>A property that does not hold.</summary>
/// <param name="Property">Its name, one of <see cref="Properties"/>.</param>
/// <param name="What">What was found instead.</param>
internal sealed record Breach(string Property, string What);
