namespace Synfin.Captures.Ladders;

/// <summary>What a row tells.</summary>
public enum LadderRowKind : byte
{
    /// <summary>The states of both ends: at the start, or after a change that no segment shows.</summary>
    States,

    /// <summary>A segment: sent, or arriving after it was seen to leave in an earlier row.</summary>
    Segment,

    /// <summary>An ICMP message.</summary>
    Icmp,

    /// <summary>A run of data and acknowledgments, folded into one row.</summary>
    Run,

    /// <summary>A call of the application.</summary>
    Call,

    /// <summary>A timer that fired.</summary>
    Timer,

    /// <summary>Something that happened to a host or to the network.</summary>
    Note,

    /// <summary>Time in which nothing happened.</summary>
    Gap,
}
