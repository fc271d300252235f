namespace Synfin.Oracle.Tests.Scripts;

/// <summary>Each state with each kind of segment: flags, place in the window, what is acknowledged, text or none.</summary>
internal static class Grid
{
    private static readonly string[] _flags =
        ["-", ".", "F", "F.", "S", "S.", "R", "R.", "P", "P.", "FP.", "FS", "FS.", "SR", "SR.", "FR.", "FSRP."];

    private static readonly (Origin From, int Offset)[] _seq =
    [
        (Origin.Rcv, -100_000), (Origin.Rcv, -5), (Origin.Rcv, -1), (Origin.Rcv, 0), (Origin.Rcv, 1), (Origin.Rcv, 100), (Origin.Edge, -1),
        (Origin.Edge, 0), (Origin.Edge, 1),
    ];

    private static readonly (Origin From, int Offset)[] _ack =
    [
        (Origin.Snd, -100_000), (Origin.Iss, 0), (Origin.Snd, -1), (Origin.Snd, 0), (Origin.Snd, 1), (Origin.Snd, 100_000),
    ];

    private static readonly int[] _lengths = [0, 10];

    /// <summary>All of them; the order is that of the states, so that a part of them has all kinds.</summary>
    public static IEnumerable<Script> All()
    {
        foreach (Prelude prelude in Prelude.All)
        {
            foreach (Step segment in Segments(prelude.Timestamps))
            {
                int? timestamp = prelude.Timestamps ? 0 : null;
                Step after = StepParser.Parse("> . seq rcv+0 ack snd+0") with { Timestamp = timestamp };
                Step read = StepParser.Parse("receive 65536");
                yield return prelude.Then(segment.ToString(), [segment, after, read]);
            }
        }
    }

    private static IEnumerable<Step> Segments(bool timestamps)
    {
        foreach (string word in _flags)
        {
            foreach ((Origin seqFrom, int seq) in _seq)
            {
                foreach (int length in _lengths)
                {
                    int? clock = timestamps ? 0 : null;
                    Step segment = Step.Segment(word) with { SeqFrom = seqFrom, Seq = seq, Length = length, Timestamp = clock };
                    if (!segment.Has(Wire.TcpFlags.Ack))
                    {
                        yield return segment;
                        continue;
                    }
                    foreach ((Origin ackFrom, int ack) in _ack) yield return segment with { AckFrom = ackFrom, Ack = ack };
                }
            }
        }
    }
}
