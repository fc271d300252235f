using System.Diagnostics;
using Synfin.Sockets;

namespace Synfin.Cli.Bench.Streams;

/// <summary>stream.roundtrips: how long an answer takes.</summary>
internal sealed class StreamRoundTripsBenchmark : IBenchmark
{
    private const int MessageSize = 64;

    /// <inheritdoc/>
    public string Name => "stream.roundtrips";

    /// <inheritdoc/>
    public string Unit => "1/s";

    /// <inheritdoc/>
    public string What => "64-octet echoes over one TcpStream, one after the other, both hosts in memory";

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => ["yardstick.loopback.roundtrips"];

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => RunAsync(budget).GetAwaiter().GetResult();

    private static async Task<double> RunAsync(TimeSpan budget)
    {
        using StreamPair pair = await StreamPair.OpenAsync();
        Task echo = Task.Run(() => Echo(new TcpStream(pair.Server)));
        double rate = await Task.Run(() => Ask(new TcpStream(pair.Client), budget));
        await echo;
        return rate;
    }

    private static async Task<double> Ask(TcpStream stream, TimeSpan budget)
    {
        byte[] message = new byte[MessageSize];
        long start = Stopwatch.GetTimestamp();
        long done = 0;
        TimeSpan elapsed;
        do
        {
            await stream.WriteAsync(message);
            await stream.ReadExactlyAsync(message);
            done++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < budget);
        await stream.CompleteWritesAsync();
        return done / elapsed.TotalSeconds;
    }

    private static async Task Echo(TcpStream stream)
    {
        byte[] message = new byte[MessageSize];
        int received;
        while ((received = await stream.ReadAsync(message)) > 0) await stream.WriteAsync(message.AsMemory(0, received));
    }
}
