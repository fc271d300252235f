namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>Where Synfin does not do as the kernel does, on purpose. An entry that no longer differs fails a test.</summary>
internal static class DeliberateDifferences
{
    public static IReadOnlyList<Difference> All { get; } =
    [
    ];
}
