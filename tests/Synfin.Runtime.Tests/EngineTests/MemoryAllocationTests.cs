using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Synfin.Sockets;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>Reading and writing allocate nothing after a few times. Runs alone: all threads' allocations are counted.</summary>
[Trait("Needs", "engine")]
[Collection(nameof(MemoryAllocationTests))]
[CollectionDefinition(nameof(MemoryAllocationTests), DisableParallelization = true)]
public sealed class MemoryAllocationTests
{
    private const int TimeoutMilliseconds = 180_000;
    private const int RoundTrips = 20_000;

    /// <summary>The runtime's own threads allocate a little now and then.</summary>
    private const double OctetsARoundTrip = 4;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Reads_that_wait_and_writes_of_streams()
    {
        using MemoryNetwork network = new();
        (TcpConnection client, TcpConnection server) = await Open(network);
        await using TcpStream asking = new(client);
        Task echo = Task.Run(async () =>
        {
            await using TcpStream stream = new(server);
            byte[] message = new byte[64];
            int count;
            while ((count = await stream.ReadAsync(message)) > 0) await stream.WriteAsync(message.AsMemory(0, count));
        });
        byte[] question = new byte[64];
        double octets = await Measure([AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] async ValueTask () =>
        {
            await asking.WriteAsync(question);
            for (int count = 0; count < question.Length;) count += await asking.ReadAsync(question.AsMemory(count));
        });
        Assert.InRange(octets, 0, OctetsARoundTrip);
        await asking.CompleteWritesAsync();
        await echo;
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Reads_that_wait_and_flushes_of_pipes()
    {
        using MemoryNetwork network = new();
        (TcpConnection client, TcpConnection server) = await Open(network);
        TcpDuplexPipe asking = new(client);
        Task echo = Task.Run(async () =>
        {
            TcpDuplexPipe pipe = new(server);
            while (await Take(pipe.Input) is var count && count > 0)
            {
                pipe.Output.GetSpan(count)[..count].Clear();
                pipe.Output.Advance(count);
                await pipe.Output.FlushAsync();
            }
        });
        double octets = await Measure([AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] async ValueTask () =>
        {
            Write(asking.Output);
            await asking.Output.FlushAsync();
            for (int count = 0; count < 64;) count += await Take(asking.Input);
        });
        Assert.InRange(octets, 0, OctetsARoundTrip);
        await asking.Output.CompleteAsync();
        await echo;
    }

    private static void Write(PipeWriter output)
    {
        output.GetSpan(64)[..64].Clear();
        output.Advance(64);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> Take(PipeReader input)
    {
        ReadResult read = await input.ReadAsync();
        int count = (int)read.Buffer.Length;
        input.AdvanceTo(read.Buffer.End);
        return count;
    }

    /// <summary>Octets that all threads allocated, a round trip.</summary>
    private static async Task<double> Measure(Func<ValueTask> roundTrip)
    {
        for (int i = 0; i < RoundTrips / 4; i++) await roundTrip();
        double least = double.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < RoundTrips; i++) await roundTrip();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)RoundTrips);
        }
        return least;
    }

    private static async Task<(TcpConnection Client, TcpConnection Server)> Open(MemoryNetwork network)
    {
        using TcpListener listener = network.Server.Listen(7);
        TcpConnection client = await network.Client.ConnectAsync(MemoryNetwork.ServerName, 7);
        return (client, await listener.AcceptAsync());
    }
}
