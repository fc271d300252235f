namespace Synfin.Drill.Commands;

/// <summary>A kernel's setting that scripts change.</summary>
/// <param name="Name">With dots.</param>
/// <param name="Meaning">What it does here; of one without effect, why it has none.</param>
/// <param name="Set">
/// The settings with the value; null if the knob has no effect. A <see cref="FormatException"/> says which values there are.
/// </param>
internal sealed record Knob(string Name, string Meaning, Func<DrillSettings, string, DrillSettings>? Set);
