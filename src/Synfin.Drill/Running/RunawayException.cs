using System;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>The stack under test does not come to rest.</summary>
internal sealed class RunawayException(Timestamp time, int turns)
    : Exception($"the stack has run {turns} turns and does not come to rest")
{
    /// <summary>When it was given up.</summary>
    public Timestamp Time { get; } = time;
}
