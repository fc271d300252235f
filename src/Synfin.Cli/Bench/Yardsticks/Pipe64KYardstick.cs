using System.Diagnostics;
using System.IO.Pipelines;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>What .NET's own in-memory byte stream does: no TCP, no second thread.</summary>
internal sealed class Pipe64KYardstick : IBenchmark
{
    private const int Size = 64 * 1024;
    private const int WritesABatch = 64;

    private readonly byte[] _source = new byte[Size];

    /// <inheritdoc/>
    public string Name => "yardstick.pipe64k";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => "write 64 KiB into a System.IO.Pipelines pipe and consume it, on one thread (one copy in, none out)";

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        // Without a threshold a flush never waits, so one thread can be both ends.
        var pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: 0,
            useSynchronizationContext: false));
        double bytesASecond = Rate.PerSecond(budget, () => WriteAndConsumeABatch(pipe));
        pipe.Writer.Complete();
        pipe.Reader.Complete();
        return bytesASecond * 8 / 1e9;
    }

    private long WriteAndConsumeABatch(Pipe pipe)
    {
        long consumed = 0;
        for (int i = 0; i < WritesABatch; i++)
        {
            ValueTask<FlushResult> flush = pipe.Writer.WriteAsync(_source);
            Debug.Assert(flush.IsCompletedSuccessfully, "No threshold, so nothing to wait for.");
            flush.GetAwaiter().GetResult();
            if (!pipe.Reader.TryRead(out ReadResult read)) throw new UnreachableException("What was flushed can be read.");
            consumed += read.Buffer.Length;
            pipe.Reader.AdvanceTo(read.Buffer.End);
        }

        return consumed;
    }
}
