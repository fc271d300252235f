using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>What a <see cref="SimulatedNetwork"/> starts with.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// What tests want: <see cref="RecordLadder"/> and <see cref="RecordPackets"/>, so that a failing one can show them. Change the rest
    /// with <c>with</c>.
    /// </summary>
    public static SimulationOptions ForTests { get; } = new() { RecordLadder = true, RecordPackets = true };

    /// <summary>Decides all chance: initial sequence numbers, ports, losses, jitter. Equal seeds give equal runs.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where application code runs.</summary>
    public SimulationMode Mode { get; init; }

    /// <summary>
    /// Hosted mode: how long, in real time, the applications must have left the network alone, and the process have been idle, before
    /// virtual time goes on. 1 ms unless set.
    /// </summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Hosted mode: after this CPU time of the process (or 3 s) without a call from an application, virtual time goes on even if the
    /// process is busy, as it is where tests run side by side. 100 ms unless set.
    /// </summary>
    public TimeSpan MaxQuietTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Check every invariant of a host's stack after each of its turns.</summary>
    public bool CheckInvariants { get; init; } = true;

    /// <summary>Record the ladder (<see cref="SimulatedNetwork.Ladder"/>).</summary>
    public bool RecordLadder { get; init; }

    /// <summary>Keep every packet for <see cref="SimulatedNetwork.WritePcapng"/>. Needs memory for all that is sent.</summary>
    public bool RecordPackets { get; init; }

    /// <summary>Octets of packets that are kept at most; what follows is counted, not kept. 64 MiB unless set.</summary>
    public long MaxRecordedOctets { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Where a failing test leaves its packets; null for the folder that the environment variable <c>SYNFIN_ARTIFACTS</c> names, or
    /// <c>synfin</c> among the temporary files. See <see cref="SimulatedNetwork.Test(Action, TimeSpan?, string)"/>.
    /// </summary>
    public string? ArtifactsFolder { get; init; }

    /// <summary>What hosts get that are added without options of their own.</summary>
    public StackOptions StackOptions { get; init; } = new();

    /// <summary>Virtual time after which a run is taken for endless; a run can set its own limit.</summary>
    public Duration MaxVirtualTime { get; init; } = Duration.FromSeconds(86_400);

    /// <summary>
    /// Events and rounds of application work at one instant after which the run is taken for stuck. On links without delay and rate a
    /// transfer takes no time at all: a very large one needs a link with a delay, or a higher number here.
    /// </summary>
    public int MaxEventsPerInstant { get; init; } = 1_000_000;

    /// <summary>How many of the last events <see cref="SimulationStalledException"/> tells.</summary>
    public int TrailLength { get; init; } = 32;
}
