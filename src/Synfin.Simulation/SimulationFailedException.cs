namespace Synfin.Simulation;

/// <summary>
/// A test on a simulated network failed. The message begins with what failed, and goes on with all that is needed to see why and to run it
/// again: the seed, the faults and how often each was applied, the ladder and the file with the packets. See
/// <see cref="SimulatedNetwork.Test(Action, TimeSpan?, string)"/>.
/// </summary>
public sealed class SimulationFailedException : Exception
{
    /// <summary>Without a message.</summary>
    public SimulationFailedException()
    {
    }

    /// <summary>With what failed.</summary>
    public SimulationFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With what failed and why.</summary>
    public SimulationFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal SimulationFailedException(string message, Exception? innerException, ulong seed, string? packetFile)
        : base(message, innerException)
    {
        Seed = seed;
        PacketFile = packetFile;
    }

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>The pcapng file with all packets; null if none could be written.</summary>
    public string? PacketFile { get; }
}
