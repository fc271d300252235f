using System.Buffers;
using System.IO.Pipelines;
using Synfin.Sockets;
using Synfin.Stack;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.PipeTests;

/// <summary>A connection of two hosts as pipes, in either mode, for a test that runs on both ends.</summary>
internal sealed class PipeWorld
{
    private PipeWorld(SimulatedNetwork net, TcpDuplexPipe a, TcpDuplexPipe b)
    {
        Net = net;
        A = a;
        B = b;
    }

    public SimulatedNetwork Net { get; }

    public TcpDuplexPipe A { get; }

    public TcpDuplexPipe B { get; }

    /// <summary>Runs a test, and what it leaves behind; in the end no page is left in either stack.</summary>
    public static void Run(
        SimulationMode mode, Func<PipeWorld, Task> test, TcpConnectionOptions? options = null, StackOptions? stackOfA = null)
    {
        using SimulatedNetwork net = new(new SimulationOptions { Mode = mode });
        net.Connect(net.AddHost("a", stackOfA), net.AddHost("b"));
        net.RunUntilComplete(async () =>
        {
            TcpListener listener = net["b"].Tcp.Listen(null, 80, options: options);
            TcpConnection a = await net["a"].Tcp.ConnectAsync(net["b"].Address, 80, options: options);
            TcpConnection b = await listener.AcceptAsync();
            await test(new PipeWorld(net, new TcpDuplexPipe(a), new TcpDuplexPipe(b)));
            listener.Close();
            a.Close();
            b.Close();
        });
        net.RunUntilIdle();
        Assert.Equal((0, 0), (net["a"].Stack.PagesInUse, net["b"].Stack.PagesInUse));
        Assert.Equal((0, 0), (net["a"].Stack.ConnectionCount, net["b"].Stack.ConnectionCount));
    }

    /// <summary>Text that shows every octet that is lost, doubled or out of place.</summary>
    public static byte[] TextOf(int length)
    {
        byte[] text = new byte[length];
        new DeterministicRandom(98).NextBytes(text);
        return text;
    }

    public static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{actual.Length} octets are not the {expected.Length} that were sent");

    public static async Task<byte[]> ReadToEnd(PipeReader reader)
    {
        ArrayBufferWriter<byte> text = new();
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer) text.Write(part.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return text.WrittenSpan.ToArray();
        }
    }

    /// <summary>Long enough that all is delivered that can be.</summary>
    public Task Settle() => Task.Delay(TimeSpan.FromSeconds(1), Net.TimeProvider);
}
