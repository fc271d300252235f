namespace Synfin.Cli.Scenarios;

/// <summary>All scenarios of <c>synfin demo</c>.</summary>
internal static class ScenarioCatalog
{
    /// <summary>In the order of <c>--list</c>; the first one is shown if none is named.</summary>
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new Transfer.Exchange(),
        new Opening.Handshake(),
        new Storm.StormScenario(),
    ];
}
