using System.Globalization;
using Synfin.Timers;

namespace Synfin.Simulation.Faults;

/// <summary>What a rule does to the segments it names.</summary>
public readonly record struct Verdict
{
    private Verdict(VerdictKind kind, Duration delay = default, int copies = 0)
    {
        Kind = kind;
        Delay = delay;
        Copies = copies;
    }

    /// <summary>What happens.</summary>
    public VerdictKind Kind { get; }

    /// <summary>How long the segment is held, or the time between two copies.</summary>
    public Duration Delay { get; }

    /// <summary>How many copies follow the segment.</summary>
    public int Copies { get; }

    /// <summary>The segment goes its way, whatever later rules say.</summary>
    public static Verdict Pass => new(VerdictKind.Pass);

    /// <summary>The segment is lost.</summary>
    public static Verdict Drop => new(VerdictKind.Drop);

    /// <summary>One bit of the segment is flipped, so that the receiver's checksum fails.</summary>
    public static Verdict Corrupt => new(VerdictKind.Corrupt);

    /// <summary>The segment is held before it enters the link; later ones overtake it.</summary>
    public static Verdict DeliverAfter(Duration delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, Duration.Zero);
        return new(VerdictKind.Delay, delay);
    }

    /// <summary>The segment passes and copies follow.</summary>
    /// <param name="copies">How many, at least 1.</param>
    /// <param name="apart">The time between one and the next.</param>
    public static Verdict Duplicate(int copies = 1, Duration apart = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(copies);
        ArgumentOutOfRangeException.ThrowIfLessThan(apart, Duration.Zero);
        return new(VerdictKind.Duplicate, apart, copies);
    }

    /// <summary>The verdict around the segment's name, in the grammar of <see cref="RuleGrammar"/>.</summary>
    public string Around(string segment) => Kind switch
    {
        VerdictKind.Pass => $"pass {segment}",
        VerdictKind.Drop => $"lose {segment}",
        VerdictKind.Delay => $"delay {segment} by {RuleGrammar.Format(Delay)}",
        VerdictKind.Duplicate => string.Create(CultureInfo.InvariantCulture, $"duplicate {segment} {Copies} times")
            + (Delay == Duration.Zero ? "" : $" by {RuleGrammar.Format(Delay)}"),
        VerdictKind.Corrupt => $"corrupt {segment}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
