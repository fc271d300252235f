using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>
/// Where Synfin does something else than the transcription: just this, just there, and why. It either puts another event in place of the
/// cell's before the transcription sees it, or makes another outcome of the transcription's.
/// </summary>
/// <param name="Id">A short name.</param>
/// <param name="Rfc">What the RFC says.</param>
/// <param name="Synfin">What Synfin does.</param>
/// <param name="Why">Why, and where that is written.</param>
internal sealed record Deviation(string Id, string Rfc, string Synfin, string Why)
{
    /// <summary>Profiles that it is in; empty for all.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>The event as Synfin takes it; the same one if this does not apply.</summary>
    public Func<Cell, IncomingSegment> Instead { get; init; } = cell => cell.Segment;

    /// <summary>Synfin's outcome; the same object if this does not apply.</summary>
    public Func<Cell, Outcome, Outcome> Then { get; init; } = (_, outcome) => outcome;

    /// <summary>Whether it is in a profile.</summary>
    public bool IsIn(string profile) => Profiles.Count == 0 || Profiles.Contains(profile);
}
