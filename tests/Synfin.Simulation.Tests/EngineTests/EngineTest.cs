using Synfin.Sockets;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.EngineTests;

/// <summary>What the tests with a real TCP on both hosts share.</summary>
[Trait("Needs", "engine")]
public abstract class EngineTest
{
    protected const ushort Port = 80;

    protected static SimulatedLinkOptions TenMilliseconds { get; } = new() { Delay = Duration.FromMilliseconds(10) };

    /// <summary>Text that shows every octet that is lost, doubled or out of place.</summary>
    protected static byte[] TextOf(int length)
    {
        byte[] text = new byte[length];
        new DeterministicRandom(99).NextBytes(text);
        return text;
    }

    /// <summary>On b: takes one connection, reads to the end of the stream, closes, and gives what it read.</summary>
    protected static Task<byte[]> Serve(SimulatedNetwork net)
    {
        TcpListener listener = net["b"].Tcp.Listen(null, Port);
        return net["b"].Run(async () =>
        {
            TcpConnection connection = await listener.AcceptAsync();
            byte[] text = await ReadToEnd(connection);
            await Think(net); // so that the ACK of the FIN leaves alone
            connection.Close();
            listener.Close();
            return text;
        });
    }

    /// <summary>On a: connects, writes, half-closes, waits for the end of the other direction and closes.</summary>
    protected static Task Upload(SimulatedNetwork net, byte[] text) => net["a"].Run(async () =>
    {
        TcpConnection connection = await net["a"].Tcp.ConnectAsync(net["b"].Address, Port);
        await Think(net); // so that the handshake's last ACK leaves alone
        await connection.WriteAsync(text);
        await connection.CompleteWritesAsync();
        await ReadToEnd(connection);
        connection.Close();
    });

    /// <summary>The whole exchange, to the last timer.</summary>
    protected static void Exchange(SimulatedNetwork net, int length)
    {
        byte[] text = TextOf(length);
        Task<byte[]> served = Serve(net);
        Upload(net, text);
        net.RunUntilIdle();
        Assert.True(served.IsCompletedSuccessfully, net.Describe());
        Assert.Equal(text, net.RunUntilComplete(served));
        Assert.Equal((0, 0), (net["a"].Stack.ConnectionCount, net["b"].Stack.ConnectionCount));
    }

    private static Task Think(SimulatedNetwork net) => Task.Delay(TimeSpan.FromMilliseconds(1), net.TimeProvider);

    protected static async Task<byte[]> ReadToEnd(TcpConnection connection)
    {
        using MemoryStream text = new();
        byte[] buffer = new byte[8192];
        while (true)
        {
            int read = await connection.ReadAsync(buffer);
            if (read == 0) return text.ToArray();
            text.Write(buffer.AsSpan(0, read));
        }
    }
}
