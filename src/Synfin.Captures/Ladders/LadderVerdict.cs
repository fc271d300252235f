using Synfin.Timers;

namespace Synfin.Captures.Ladders;

/// <summary>How a connection went: in a word for programs, and in a sentence for people.</summary>
public sealed record LadderVerdict
{
    /// <summary>How it went.</summary>
    public required LadderVerdictKind Kind { get; init; }

    /// <summary>Who ended it, or who failed to do what was due; null if nobody stands out.</summary>
    public string? Culprit { get; init; }

    /// <summary>Segments sent by both.</summary>
    public int Segments { get; init; }

    /// <summary>How many of them carried what had been sent before.</summary>
    public int Retransmissions { get; init; }

    /// <summary>How many of them never arrived.</summary>
    public int Lost { get; init; }

    /// <summary>Octets of text that were sent and not acknowledged.</summary>
    public long Unacknowledged { get; init; }

    /// <summary>From the first segment to the last, its arrival included.</summary>
    public Duration Length { get; init; }

    /// <summary>How long an end waited in TIME-WAIT; null if none did, or it still waits.</summary>
    public Duration? TimeWait { get; init; }

    /// <summary>The verdict in words.</summary>
    public required string Sentence { get; init; }
}
