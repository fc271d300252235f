using System.IO.Pipelines;
using System.Security.Cryptography;
using Synfin.Sockets;
using Synfin.Stack;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>Many threads call the same two stacks at once: what arrives is what was sent, octet by octet.</summary>
[Trait("Needs", "engine")]
public sealed class MemoryStormTests
{
    private const int TimeoutMilliseconds = 180_000;
    private const int Connections = 32;

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData(65_535, 1_500_000)]
    [InlineData(1_500, 1_000_000)]
    [InlineData(576, 300_000)]
    public async Task Streams_carry_all_octets_both_ways_at_once(int mtu, int octets)
    {
        using MemoryNetwork network = new(new StackOptions { Mtu = mtu });
        await Storm(network, (connection, seed) => StreamBothWays(new TcpStream(connection), octets, seed));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Pipes_carry_all_octets_both_ways_at_once()
    {
        using MemoryNetwork network = new();
        await Storm(network, (connection, seed) => PipeBothWays(new TcpDuplexPipe(connection), 1_500_000, seed));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Small_buffers_make_everybody_wait_and_nobody_forever()
    {
        TcpConnectionOptions small = new() { SendBuffer = 4_096, ReceiveBuffer = 4_096 };
        using MemoryNetwork network = new(new StackOptions { Mtu = 1_500, ConnectionDefaults = small });
        await Storm(network, (connection, seed) => StreamBothWays(new TcpStream(connection), 200_000, seed));
    }

    /// <summary>What one end sends has to have the hash that the other end saw.</summary>
    private static async Task Storm(MemoryNetwork network, Func<TcpConnection, int, Task<Sums>> exchange)
    {
        using TcpListener listener = network.Server.Listen(null, 7, backlog: Connections);
        Task<Sums>[] clients = new Task<Sums>[Connections];
        Task<Sums>[] servers = new Task<Sums>[Connections];
        for (int i = 0; i < Connections; i++)
        {
            int seed = i;
            TcpConnection client = await network.Client.ConnectAsync(MemoryNetwork.ServerName, 7);
            TcpConnection server = await listener.AcceptAsync();
            clients[i] = Task.Run(() => exchange(client, seed));
            servers[i] = Task.Run(() => exchange(server, seed + Connections));
        }
        await Task.WhenAll([.. clients, .. servers]);
        for (int i = 0; i < Connections; i++)
        {
            Assert.Equal((await clients[i]).Sent, (await servers[i]).Received);
            Assert.Equal((await servers[i]).Sent, (await clients[i]).Received);
        }
    }

    private static async Task<Sums> StreamBothWays(TcpStream stream, int octets, int seed)
    {
        await using TcpStream owned = stream;
        Task<string> sending = Task.Run(async () =>
        {
            Random random = new(seed);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] block = new byte[100_000];
            for (int left = octets; left > 0;)
            {
                int count = Math.Min(left, random.Next(1, random.Next(3) == 0 ? block.Length : 2_000));
                random.NextBytes(block.AsSpan(0, count));
                hash.AppendData(block, 0, count);
                await stream.WriteAsync(block.AsMemory(0, count));
                left -= count;
            }
            await stream.CompleteWritesAsync();
            return Convert.ToHexString(hash.GetHashAndReset());
        });
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[70_000];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0) received.AppendData(buffer, 0, read);
        return new Sums(await sending, Convert.ToHexString(received.GetHashAndReset()));
    }

    private static async Task<Sums> PipeBothWays(TcpDuplexPipe pipe, int octets, int seed)
    {
        Task<string> sending = Task.Run(async () =>
        {
            Random random = new(seed);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int left = octets; left > 0;)
            {
                Memory<byte> room = pipe.Output.GetMemory(random.Next(3) == 0 ? random.Next(1, 20_000) : 0);
                int count = Math.Min(Math.Min(left, room.Length), random.Next(1, 8_000));
                random.NextBytes(room.Span[..count]);
                hash.AppendData(room.Span[..count]);
                pipe.Output.Advance(count);
                left -= count;
                if (random.Next(2) == 0) await pipe.Output.FlushAsync();
                if (left < 1_000 || random.Next(4) != 0) continue;
                byte[] block = new byte[random.Next(1, Math.Min(left, 90_000))];
                random.NextBytes(block);
                hash.AppendData(block);
                await pipe.Output.WriteAsync(block);
                left -= block.Length;
            }
            await pipe.Output.CompleteAsync();
            return Convert.ToHexString(hash.GetHashAndReset());
        });
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            ReadResult read = await pipe.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in read.Buffer) received.AppendData(part.Span);
            pipe.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
        Sums sums = new(await sending, Convert.ToHexString(received.GetHashAndReset()));
        await pipe.Input.CompleteAsync();
        return sums;
    }

    private readonly record struct Sums(string Sent, string Received);
}
