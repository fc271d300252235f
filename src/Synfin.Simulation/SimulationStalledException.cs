namespace Synfin.Simulation;

/// <summary>
/// A run did not come to its end: its limit of virtual time passed, too much happened at one instant, or nothing is left to happen and
/// what was waited for has not come. The message holds the seed, the hosts with their connections, and the last events.
/// </summary>
public sealed class SimulationStalledException : Exception
{
    /// <summary>Without a message.</summary>
    public SimulationStalledException()
    {
    }

    /// <summary>With what happened.</summary>
    public SimulationStalledException(string message)
        : base(message)
    {
    }

    /// <summary>With what happened and why.</summary>
    public SimulationStalledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
