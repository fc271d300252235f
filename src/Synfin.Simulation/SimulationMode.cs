namespace Synfin.Simulation;

/// <summary>Where the application code of a simulation runs, and what that costs in certainty.</summary>
public enum SimulationMode
{
    /// <summary>
    /// On the simulation's own scheduler, on the thread that runs the network: equal seeds give the same packets at the same times,
    /// whatever else the machine does. Code that leaves the scheduler (thread pool, blocking calls, HttpClient, Kestrel) is turned away.
    /// </summary>
    Strict,

    /// <summary>
    /// On the thread pool, as everywhere in .NET: HttpClient and Kestrel work. Virtual time, which all of the network obeys, goes on by
    /// itself whenever nothing can happen at the present instant and the applications are quiet. The packets of a connection come in the
    /// same order for a seed; how connections interleave is up to the thread pool.
    /// </summary>
    Hosted,
}
