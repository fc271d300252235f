namespace Synfin.Oracle.Tests.Scripts;

/// <summary>Scripts by seed: a way into a state, then a few events, most of them plausible.</summary>
internal static class RandomScripts
{
    private const int MinSteps = 4;
    private const int MaxSteps = 12;

    private static readonly string[] _flags =
        [".", ".", ".", ".", "P.", "P.", "F.", "F.", "FP.", "S", "S.", "R", "R.", "-", "F", "SR", "FS."];
    private static readonly int[] _seq = [0, 0, 0, 0, 0, 0, 0, 0, -1, 1, -10, 10, -100, 100, -1460, 1460, 2920, 70_000, -70_000];
    private static readonly int[] _ack = [0, 0, 0, 0, 0, 0, 0, -1, -1, -100, -1460, -2920, 1, 100, -70_000, 70_000];
    private static readonly int[] _lengths = [0, 0, 0, 0, 1, 10, 100, 100, 500, 1000, 1448];
    private static readonly int[] _windows = [65_535, 65_535, 65_535, 65_535, 30_000, 1000, 100, 1, 0];
    private static readonly int[] _sends = [1, 10, 100, 1000, 1460, 3000, 5000];
    private static readonly int[] _receives = [1, 50, 65_536, 65_536];
    private static readonly int[] _clocks = [0, 0, 0, 0, 0, 0, 0, 5, -1, -25, -100_000];

    public static Script Of(long seed)
    {
        var chance = new Chance((ulong)seed);
        Prelude prelude = chance.Of(Prelude.All);
        int count = MinSteps + chance.Below(MaxSteps - MinSteps + 1);
        var steps = new List<Step>();
        for (int i = 0; i < count; i++) steps.Add(chance.Below(10) < 7 ? Segment(chance, prelude.Timestamps) : Call(chance));
        return prelude.Then(FormattableString.Invariant($"seed {seed}"), steps);
    }

    private static Step Segment(Chance chance, bool timestamps)
    {
        Step step = Step.Segment(chance.Of(_flags)) with
        {
            SeqFrom = chance.Below(12) switch { 0 => Origin.Edge, 1 or 2 => Origin.Sent, _ => Origin.Rcv },
            Seq = chance.Of(_seq),
            Ack = chance.Of(_ack),
            Length = chance.Of(_lengths),
            Window = chance.Of(_windows),
        };
        if (!step.Has(Wire.TcpFlags.Ack)) step = step with { Ack = 0 };
        if (timestamps ? chance.Below(30) > 0 : chance.Below(30) == 0) step = step with { Timestamp = chance.Of(_clocks) };
        if (step.Has(Wire.TcpFlags.Syn) && chance.Below(2) == 0) step = step with { Mss = 1460 };
        if (!timestamps || chance.Below(8) > 0) return step;
        int left = -chance.Below(3000);
        return step with { Sack = (left, left + 1 + chance.Below(1460)) };
    }

    private static Step Call(Chance chance) => chance.Below(16) switch
    {
        0 or 1 or 2 or 3 or 4 => new Step { Kind = StepKind.Send, Amount = chance.Of(_sends) },
        5 or 6 or 7 or 8 or 9 => new Step { Kind = StepKind.Receive, Amount = chance.Of(_receives) },
        10 or 11 => new Step { Kind = StepKind.Shutdown },
        12 or 13 => new Step { Kind = StepKind.Close },
        14 => new Step { Kind = StepKind.Abort },
        _ => new Step { Kind = StepKind.NoDelay },
    };
}
