namespace Synfin.Tidy.Tests.Traceability;

/// <summary>A test, or a whole class of them, that covers something.</summary>
/// <param name="Path">Its file, from the root of the tree.</param>
/// <param name="Method">The test; null if the trait is the class's, and so of all tests in it.</param>
public sealed record CoveringTest(string Path, string? Method);
