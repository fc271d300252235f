using System.Diagnostics;
using System.IO.Pipelines;
using Synfin.Sockets;

namespace Synfin.Cli.Bench.Streams;

/// <summary>pipe.bulk: what <see cref="TcpDuplexPipe"/> moves.</summary>
internal sealed class PipeBulkBenchmark : IBenchmark
{
    private const int Size = 64 * 1024;

    private readonly byte[] _source = new byte[Size];

    /// <inheritdoc/>
    public string Name => "pipe.bulk";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => "write 64 KiB into a TcpDuplexPipe and consume them at the other end, as stream.bulk (one copy in, none out)";

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => ["memory.bulk.mtu65535", "yardstick.pipe64k", "yardstick.loopback.bulk"];

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => RunAsync(budget).GetAwaiter().GetResult();

    private async Task<double> RunAsync(TimeSpan budget)
    {
        using StreamPair pair = await StreamPair.OpenAsync();
        Task writing = Task.Run(() => Write(new TcpDuplexPipe(pair.Client).Output, budget));
        Task<double> reading = Task.Run(() => Read(new TcpDuplexPipe(pair.Server).Input));
        await writing;
        return await reading * 8 / 1e9;
    }

    private async Task Write(PipeWriter output, TimeSpan budget)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < budget) await output.WriteAsync(_source);
        await output.CompleteAsync();
    }

    /// <summary>Octets a second, from the first read to the end of the stream.</summary>
    private static async Task<double> Read(PipeReader input)
    {
        ReadResult first = await input.ReadAsync();
        input.AdvanceTo(first.Buffer.End);
        long start = Stopwatch.GetTimestamp();
        long counted = 0;
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            counted += read.Buffer.Length;
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return counted / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
