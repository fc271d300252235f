namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>An event, and a script that shows what the application sees of it.</summary>
internal sealed record Row(string Event, Func<Story, Task> Script)
{
    /// <summary>What the kernel is known to do, where it cannot be asked; null to ask it.</summary>
    public IReadOnlyList<Seen>? KernelWould { get; init; }

    /// <summary>Why it cannot be asked.</summary>
    public string WhyNotAsked { get; init; } = "";
}

/// <summary>Where a step differs on purpose.</summary>
internal sealed record Difference(string Event, string Step, string Kernel, string Synfin, string Reason);
