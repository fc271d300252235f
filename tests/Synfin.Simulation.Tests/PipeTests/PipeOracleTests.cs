using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Synfin.Simulation.Tests.PipeTests;

/// <summary>
/// The same story of writes, flushes, reads and cancellations, told to a connection's pipes and to a <see cref="Pipe"/> of
/// System.IO.Pipelines: both give the same answers.
/// </summary>
[Trait("Needs", "engine")]
public sealed class PipeOracleTests
{
    private const int Steps = 150;

    public static TheoryData<SimulationMode, ulong> Stories()
    {
        TheoryData<SimulationMode, ulong> stories = [];
        for (ulong seed = 1; seed <= 40; seed++) stories.Add(SimulationMode.Strict, seed);
        stories.Add(SimulationMode.Hosted, 41);
        stories.Add(SimulationMode.Hosted, 42);
        return stories;
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_connection_answers_as_a_pipe_does(SimulationMode mode, ulong seed)
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        string expected = await Tell(seed, pipe.Writer, pipe.Reader, () => Task.CompletedTask);
        string actual = "";
        PipeWorld.Run(mode, async world => actual = await Tell(seed, world.A.Output, world.B.Input, world.Settle));
        Assert.Equal(expected, actual);
    }

    private static async Task<string> Tell(ulong seed, PipeWriter writer, PipeReader reader, Func<Task> settle)
    {
        DeterministicRandom random = new(seed);
        StringBuilder answers = new();
        byte next = 0;
        long unconsumed = 0;
        long examined = 0;
        for (int step = 0; step < Steps; step++)
        {
            if (step == Steps - 10) await writer.CompleteAsync();
            int choice = step < Steps - 10 ? (int)random.Next(14) : 8 + (int)random.Next(6);
            switch (choice)
            {
                case < 5:
                    next = Write(writer, random, next);
                    break;
                case < 7:
                    FlushResult flushed = await writer.FlushAsync();
                    answers.AppendLine(CultureInfo.InvariantCulture, $"{step} flush {flushed.IsCanceled} {flushed.IsCompleted}");
                    await settle();
                    break;
                case 7:
                    writer.CancelPendingFlush();
                    break;
                case 8:
                    reader.CancelPendingRead();
                    break;
                default:
                    await settle();
                    bool isThere = reader.TryRead(out ReadResult result);
                    answers.AppendLine(CultureInfo.InvariantCulture, $"{step} read {isThere} {Describe(result)}");
                    if (isThere) (unconsumed, examined) = Advance(reader, result.Buffer, random, examined);
                    break;
            }
        }
        reader.Complete();
        answers.Append(unconsumed);
        return answers.ToString();
    }

    private static byte Write(PipeWriter writer, DeterministicRandom random, byte next)
    {
        int count = (int)random.Next(6_000);
        Span<byte> room = writer.GetSpan(count)[..count];
        foreach (ref byte octet in room) octet = next++;
        writer.Advance(count);
        return next;
    }

    /// <summary>Consumes and examines some; a Pipe wants that what was examined stays so.</summary>
    private static (long Unconsumed, long Examined) Advance(
        PipeReader reader, ReadOnlySequence<byte> text, DeterministicRandom random, long examinedBefore)
    {
        long consumed = random.Next(4) switch
        {
            0 => 0,
            1 => text.Length,
            _ => random.Next(text.Length + 1),
        };
        long least = Math.Max(consumed, examinedBefore);
        long examined = random.Next(2) == 0 ? text.Length : least + random.Next(text.Length - least + 1);
        reader.AdvanceTo(text.GetPosition(consumed), text.GetPosition(examined));
        return (text.Length - consumed, examined - consumed);
    }

    private static string Describe(ReadResult result)
    {
        byte[] text = result.Buffer.ToArray();
        string ends = text.Length == 0 ? "-" : $"{text[0]}..{text[^1]}";
        return $"{text.Length} {ends} {result.IsCanceled} {result.IsCompleted}";
    }
}
