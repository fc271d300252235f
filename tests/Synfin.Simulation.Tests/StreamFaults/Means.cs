namespace Synfin.Simulation.Tests.StreamFaults;

/// <summary>How b's application uses its connection.</summary>
public enum Means
{
    Stream,
    Pipe,
}
