using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>A state and what is queued in it, with the way that leads there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">The state.</param>
/// <param name="Steps">The way.</param>
internal sealed record Setting(string Name, ConnectionState State, params Step[] Steps)
{
    /// <summary>Whether both ends use timestamps (RFC 7323).</summary>
    public bool Timestamps { get; init; }

    public override string ToString() => Name;
}
