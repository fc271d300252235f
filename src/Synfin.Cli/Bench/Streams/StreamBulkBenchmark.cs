using System.Diagnostics;
using Synfin.Sockets;

namespace Synfin.Cli.Bench.Streams;

/// <summary>stream.bulk: what <see cref="TcpStream"/> moves.</summary>
internal sealed class StreamBulkBenchmark : IBenchmark
{
    private const int Size = 64 * 1024;

    private readonly byte[] _source = new byte[Size];
    private readonly byte[] _destination = new byte[Size];

    /// <inheritdoc/>
    public string Name => "stream.bulk";

    /// <inheritdoc/>
    public string Unit => "Gbit/s";

    /// <inheritdoc/>
    public string What => "64 KiB writes and reads over TcpStreams, two tasks, hosts in memory, MTU 65535, checksums computed and verified";

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => ["memory.bulk.mtu65535", "yardstick.loopback.bulk"];

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => RunAsync(budget).GetAwaiter().GetResult();

    private async Task<double> RunAsync(TimeSpan budget)
    {
        using StreamPair pair = await StreamPair.OpenAsync();
        Task writing = Task.Run(() => Write(new TcpStream(pair.Client), budget));
        Task<double> reading = Task.Run(() => Read(new TcpStream(pair.Server)));
        await writing;
        return await reading * 8 / 1e9;
    }

    private async Task Write(TcpStream stream, TimeSpan budget)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < budget) await stream.WriteAsync(_source);
        await stream.CompleteWritesAsync();
    }

    /// <summary>Octets a second, from the first read to the end of the stream.</summary>
    private async Task<double> Read(TcpStream stream)
    {
        int received = await stream.ReadAsync(_destination);
        long start = Stopwatch.GetTimestamp();
        long counted = 0;
        while (received > 0)
        {
            received = await stream.ReadAsync(_destination);
            counted += received;
        }
        return counted / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
