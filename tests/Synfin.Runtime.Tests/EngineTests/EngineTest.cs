using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Stack;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>What the tests over two whole stacks share.</summary>
[Trait("Needs", "engine")]
public abstract class EngineTest
{
    protected const ushort Port = 80;

    private protected static readonly TcpConnectionOptions SmallBuffers = new() { SendBuffer = 4_096, ReceiveBuffer = 4_096 };

    internal TwoHosts Hosts { get; } = new();

    internal TcpStack Client => Hosts.A.Sockets;

    internal TcpStack Server => Hosts.B.Sockets;

    /// <summary>A connection from A to B, seen from both.</summary>
    private protected async Task<(TcpConnection Client, TcpConnection Server)> ConnectAsync(TcpConnectionOptions? options = null)
    {
        TcpListener listener = Server.Listen(null, Port, options: options);
        TcpConnection client = await Client.ConnectAsync(TwoHosts.AddressB, Port, options: options);
        return (client, await listener.AcceptAsync());
    }

    /// <summary>Reads exactly as many octets.</summary>
    private protected static async Task<byte[]> ReadExactlyAsync(TcpConnection connection, int count)
    {
        byte[] octets = new byte[count];
        for (int at = 0; at < count;)
        {
            int read = await connection.ReadAsync(octets.AsMemory(at));
            Assert.True(read > 0, $"the stream ended after {at} of {count} octets");
            at += read;
        }
        return octets;
    }

    /// <summary>Reads exactly as many octets of ASCII.</summary>
    private protected static async Task<string> ReadTextAsync(TcpConnection connection, int count) =>
        System.Text.Encoding.ASCII.GetString(await ReadExactlyAsync(connection, count));

    /// <summary>The code inside of what a read or write throws.</summary>
    private protected static async Task<SocketError> IoErrorAsync(Func<Task> call)
    {
        IOException failure = await Assert.ThrowsAsync<IOException>(call);
        return Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode;
    }

    /// <summary>The code of what opening throws at once.</summary>
    private protected static SocketError SocketErrorOf(Action call) => Assert.Throws<SocketException>(call).SocketErrorCode;

    /// <summary>The code of what opening throws.</summary>
    private protected static async Task<SocketError> SocketErrorAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<SocketException>(call)).SocketErrorCode;

    private protected static byte[] Pattern(int length)
    {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) octets[i] = (byte)((i * 31) ^ (i >> 9));
        return octets;
    }
}
