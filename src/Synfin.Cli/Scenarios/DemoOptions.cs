using Synfin.Cli.Scenarios.Http;

namespace Synfin.Cli.Scenarios;

/// <summary>What <c>synfin demo</c> was asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>The scenario's name; null for the first of the catalogue.</summary>
    public string? Scenario { get; init; }

    /// <summary>List the scenarios instead of running one.</summary>
    public bool List { get; init; }

    /// <summary>The seed; null for the scenario's own.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The rules of <c>--lose</c>, in their order.</summary>
    public IReadOnlyList<string> Lose { get; init; } = [];

    /// <summary>Sequence numbers as they stand on the wire.</summary>
    public bool Absolute { get; init; }

    /// <summary>How to show it.</summary>
    public DemoFormat Format { get; init; }

    /// <summary>Where to write the packets, if anywhere.</summary>
    public string? Pcap { get; init; }

    /// <summary>Columns to draw in.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Whether to colour.</summary>
    public bool Color { get; init; }

    /// <summary>The options that only <c>demo http</c> takes.</summary>
    public HttpOptions Http { get; init; } = new();
}
