namespace Synfin.Conformance.Tests.Grid;

/// <summary>All deviations.</summary>
internal static class Deviations
{
    public static IReadOnlyList<Deviation> All { get; } = [];
}
