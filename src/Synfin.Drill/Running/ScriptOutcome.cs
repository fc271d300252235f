using System.Collections.Generic;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>How one run of a script ended.</summary>
internal abstract record ScriptOutcome
{
    /// <summary>What was let pass because an option allows it, in the order in which it happened.</summary>
    public IReadOnlyList<string> Leniencies { get; init; } = [];

    /// <summary>Every line came as it is written.</summary>
    internal sealed record Passed : ScriptOutcome;

    /// <summary>A line came otherwise.</summary>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Expected">What the script has.</param>
    /// <param name="Came">What came instead.</param>
    /// <param name="When">When, since the script's start.</param>
    internal sealed record Failed(int Line, string Expected, string Came, Duration When) : ScriptOutcome
    {
        /// <summary>The last packets beside the lines that wanted them, oldest first.</summary>
        public IReadOnlyList<SeenPacket> Packets { get; init; } = [];
    }

    /// <summary>It cannot be run here.</summary>
    /// <param name="Line">The line that says so; null if it is not one line.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record Skipped(int? Line, string Reason) : ScriptOutcome;
}

/// <summary>A packet of a run, in the script's notation and numbers.</summary>
/// <param name="Time">When, since the script's start.</param>
/// <param name="IsInbound">Whether the script sent it.</param>
/// <param name="Text">The packet.</param>
/// <param name="Line">The line that it came for; null if none wanted it.</param>
internal sealed record SeenPacket(Duration Time, bool IsInbound, string Text, int? Line);
