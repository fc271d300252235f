using System.Text.Json.Serialization;
using Synfin.Proof;

namespace Synfin.Cli.Check;

/// <summary>What a scope came to, for programs.</summary>
/// <param name="Scope">Its name.</param>
/// <param name="Profile">The profile of both ends.</param>
/// <param name="Accidents">How many accidents a run has at most.</param>
/// <param name="Holds">Whether all states were seen and all properties hold.</param>
/// <param name="States">Different states.</param>
/// <param name="Transitions">Moves between them.</param>
/// <param name="Depth">The most moves that the shortest way to a state takes.</param>
/// <param name="Finals">States in which nothing can happen any more.</param>
/// <param name="Audited">Pairs of runs to one state whose futures were compared.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Property">The property that does not hold, if there is one.</param>
/// <param name="What">What was found instead.</param>
/// <param name="Run">A shortest run to it, for --replay.</param>
internal sealed record ScopeReport(
    string Scope,
    string Profile,
    int Accidents,
    bool Holds,
    int States,
    long Transitions,
    int Depth,
    int Finals,
    long Audited,
    double Seconds,
    string? Property,
    string? What,
    string? Run)
{
    /// <summary>The report of a result.</summary>
    public static ScopeReport Of(ScopeResult result) => new(
        result.Scope.Name,
        result.Scope.Profile.Name,
        result.Scope.Accidents,
        result.Holds,
        result.States,
        result.Transitions,
        result.Depth,
        result.Finals,
        result.Audited,
        Math.Round(result.Elapsed.TotalSeconds, 3),
        result.Breach?.Property,
        result.Breach?.What,
        result.Breach is null ? null : string.Join(' ', result.Run));
}

/// <summary>How reports are written for programs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScopeReport))]
internal sealed partial class CheckJson : JsonSerializerContext;
