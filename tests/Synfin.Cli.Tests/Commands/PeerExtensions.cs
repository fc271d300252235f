using System.Text;
using Synfin.Sockets;
using Synfin.Stack;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary>What peers of commands do.</summary>
internal static class PeerExtensions
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static Task<T> InTime<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(_patience, TestContext.Current.CancellationToken);

    public static Task InTime(this ValueTask task) => task.AsTask().WaitAsync(_patience, TestContext.Current.CancellationToken);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(_patience, TestContext.Current.CancellationToken);

    public static Task InTime(this Task task) => task.WaitAsync(_patience, TestContext.Current.CancellationToken);

    public static Task<TcpConnection> Connect(this TcpStack stack, int port, string to = MemoryNetwork.ServerName) =>
        stack.ConnectAsync(to, port, (TcpConnectionOptions?)null, TestContext.Current.CancellationToken).InTime();

    public static Task<TcpConnection> Accept(this TcpListener listener) =>
        listener.AcceptAsync(TestContext.Current.CancellationToken).InTime();

    public static Task Say(this TcpConnection connection, string text) => connection.Say(Encoding.UTF8.GetBytes(text));

    public static Task Say(this TcpConnection connection, byte[] octets) =>
        connection.WriteAsync(octets, TestContext.Current.CancellationToken).InTime();

    /// <summary>Closes, and waits until the other side has closed as well.</summary>
    public static Task End(this TcpConnection connection) => connection.CloseAsync(TestContext.Current.CancellationToken).InTime();

    /// <summary>All up to the end of the stream.</summary>
    public static async Task<byte[]> ReadToEnd(this TcpConnection connection)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[65_536];
        while (await connection.ReadAsync(buffer).InTime() is > 0 and var count) all.Write(buffer, 0, count);
        return all.ToArray();
    }

    public static async Task<string> HearOut(this TcpConnection connection) => Encoding.UTF8.GetString(await connection.ReadToEnd());

    /// <summary>Exactly so many octets.</summary>
    public static async Task<string> Hear(this TcpConnection connection, int count)
    {
        byte[] buffer = new byte[count];
        int length = 0;
        while (length < count)
        {
            int more = await connection.ReadAsync(buffer.AsMemory(length)).InTime();
            Assert.True(more > 0, "the stream ended early");
            length += more;
        }
        return Encoding.UTF8.GetString(buffer);
    }
}
