using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Proof;

/// <summary>A small world whose every run is explored: two programs, and a network with so many accidents.</summary>
internal sealed record Scope
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about, in a line.</summary>
    public required string About { get; init; }

    /// <summary>What a's application does.</summary>
    public required string A { get; init; }

    /// <summary>What b's application does.</summary>
    public required string B { get; init; }

    /// <summary>A run that has happened before, without accidents.</summary>
    public string Prelude { get; init; } = "";

    /// <summary>
    /// The most accidents: a segment is lost, stays as a copy when it is delivered, overtakes an older one, or is late (a deadline passes
    /// while it is under way). Each is one.
    /// </summary>
    public int Accidents { get; init; } = 1;

    /// <summary>Whether a stranger's segment may arrive; that is an accident, too.</summary>
    public bool Strangers { get; init; }

    /// <summary>Whether it takes longer than a build has time for.</summary>
    public bool Wide { get; init; }

    /// <summary>Whether both ends offer timestamps, SACK and window scaling; without, states are fewer.</summary>
    public bool Options { get; init; }

    /// <summary>Whose choices both ends make.</summary>
    public TcpProfile Profile { get; init; } = TcpProfile.Default;

    /// <summary>
    /// The profile as the exploration uses it: the RTO is always a second, so that the many values of a round trip do not make many states
    /// of one, and who gives up does so after four of them. What else goes by round-trip times and the congestion window is off: RACK, tail
    /// loss probes, F-RTO and undo; and ACKs wait by one rule, for the scopes' preludes tell each of them.
    /// </summary>
    public TcpProfile SmallProfile => Profile with
    {
        InitialRto = Duration.FromSeconds(1),
        MinimumRto = Duration.FromSeconds(1),
        MaximumRto = Duration.FromSeconds(1),
        RtoAfterSynLoss = Duration.FromSeconds(1),
        SynRetries = Retries,
        SynAckRetries = Retries,
        R2 = Retries,
        OrphanRetries = Retries,
        LossDetection = LossDetection.DupThresh,
        TailLossProbe = false,
        Undo = false,
        ForwardRto = false,
        AcknowledgmentRule = AcknowledgmentRule.TwoFullSegments,
        Timestamps = Options,
        Sack = Options,
        WindowScaling = Options,
    };

    private int Retries => Math.Max(4, Accidents + 2);
}
