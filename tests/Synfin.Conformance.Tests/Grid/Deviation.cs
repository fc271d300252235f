using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>Where Synfin does something else than the transcription: just this, just there, and why.</summary>
/// <param name="Id">A short name.</param>
/// <param name="Where">Where, in words.</param>
/// <param name="Rfc">What the RFC says.</param>
/// <param name="Synfin">What Synfin does.</param>
/// <param name="Why">Why, and where that is written.</param>
/// <param name="Applies">Whether it applies to a cell.</param>
/// <param name="Rewrite">Makes of the RFC's outcome Synfin's.</param>
internal sealed record Deviation(
    string Id, string Where, string Rfc, string Synfin, string Why, Func<Cell, Outcome, bool> Applies, Func<Cell, Outcome, Outcome> Rewrite)
{
    /// <summary>Profiles that it is in; empty for all.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];
}
